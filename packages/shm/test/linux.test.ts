import { describe, expect, it } from "vitest";
import type { Ffi } from "../src/sys/ffi.ts";
import { Linux } from "../src/sys/linux.ts";
import { openFfi } from "../src/sys/select.ts";
import type { Watched } from "../src/sys/sys.ts";

type Rest = [a: number, b: number, c: number, d: number, e: number, f: number];

const FUTEX_WAITV = 449;
const ffi = openFfi() as Ffi;
const words = new Int32Array(new SharedArrayBuffer(8));
const start = ffi.address(new Uint8Array(words.buffer));
const watched: readonly Watched[] = [0, 4].map((offset) => ({ address: start + offset, expected: 0 }));

function timeOf(action: () => void): number {
  const began = performance.now();
  action();
  return performance.now() - began;
}

/** Linux whose sleep on several words is another. */
function linuxWith(waitv: (...args: Rest) => number): Linux {
  return new Linux({ ...ffi, syscall: (number, ...rest) => (number === FUTEX_WAITV ? waitv(...rest) : ffi.syscall(number, ...rest)) }, process.arch);
}

function waitTenTimes(linux: Linux): void {
  for (let i = 0; i < 10; i++) expect(linux.waitAny(watched, 10_000)).toBe(-1);
}

describe("Linux, asked to sleep on several words", () => {
  it("sleeps until the time is up, or not at all if one has changed", () => {
    const linux = new Linux(ffi, process.arch);
    expect(timeOf(() => expect(linux.waitAny(watched, 40)).toBe(-1))).toBeGreaterThan(30);
    words[1] = 1;
    expect(timeOf(() => expect(linux.waitAny(watched, 10_000)).toBe(-1))).toBeLessThan(5000);
    words[1] = 0;
  });

  it("sleeps on the first for a moment if the kernel is too old, and never spins", () => {
    const linux = linuxWith(() => -1);
    const took = timeOf(() => waitTenTimes(linux));
    expect(took).toBeGreaterThan(10);
    expect(took).toBeLessThan(5000);
  });

  it("does not spin either if it was held up once as it found out", () => {
    let stall = 5;
    const linux = linuxWith(() => {
      const until = performance.now() + stall;
      stall = 0;
      while (performance.now() < until);
      return -1;
    });
    linux.waitAny(watched, 10_000);
    expect(stall).toBe(0);
    expect(timeOf(() => waitTenTimes(linux))).toBeGreaterThan(10);
  });

  it("sleeps on all of them if a signal came once as it found out", () => {
    let calls = 0;
    const linux = linuxWith((...rest) => (calls++ === 0 ? -1 : ffi.syscall(FUTEX_WAITV, ...rest)));
    linux.waitAny(watched, 1);
    expect(timeOf(() => expect(linux.waitAny(watched, 40)).toBe(-1))).toBeGreaterThan(30);
  });
});
