import { expect, it } from "vitest";
import { Spin } from "../src/sys/spin.ts";

const LOOKS = 3;

/** How often a wait looked, of a waiter for which it is in vain until `enough`. */
function looksOf(spin: Spin, enough: number = Infinity): number {
  let looks = 0;
  const found = spin.until(() => ++looks === enough);
  expect(found).toBe(looks === enough);
  return looks;
}

function spinOf(looks: number): Spin {
  return new Spin({ looks });
}

it("looks on for a while", () => {
  const spin = spinOf(LOOKS);
  for (const enough of [1, 2, LOOKS, 1]) expect(looksOf(spin, enough)).toBe(enough);
  expect(looksOf(spin)).toBe(LOOKS);
});

it("looks on more and more seldom while that is in vain, and never gives up", () => {
  const spin = spinOf(LOOKS);
  const waits = Array.from({ length: 40 }, () => looksOf(spin));
  const looking = waits.flatMap((looks, i) => (looks > 0 ? [i] : []));
  expect(new Set(waits)).toEqual(new Set([0, LOOKS]));
  expect(looking).toEqual([0, 2, 6, 14, 22, 30, 38]);
});

it("looks on each time again once that has helped", () => {
  const spin = spinOf(LOOKS);
  for (let wait = 0; wait < 20; wait++) looksOf(spin);
  const looks = Array.from({ length: 8 }, () => looksOf(spin, 2));
  expect(looks).toContain(2);
  // From the first that helped, all do.
  expect(looks.lastIndexOf(0)).toBeLessThan(looks.indexOf(2));
  expect([looksOf(spin, 2), looksOf(spin, 3)]).toEqual([2, 3]);
  expect([looksOf(spin), looksOf(spin), looksOf(spin, 1)]).toEqual([LOOKS, 0, 1]);
});

it("does not look on where no other thread can run meanwhile", () => {
  const spin = spinOf(0);
  expect([looksOf(spin), looksOf(spin)]).toEqual([0, 0]);
});
