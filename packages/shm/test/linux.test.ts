import { describe, expect, it } from "vitest";
import type { Ffi } from "../src/sys/ffi.ts";
import { Linux } from "../src/sys/linux.ts";
import { openFfi } from "../src/sys/select.ts";
import type { Watched } from "../src/sys/sys.ts";

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

describe("Linux, asked to sleep on several words", () => {
  it("sleeps until the time is up, or not at all if one has changed", () => {
    const linux = new Linux(ffi, process.arch);
    expect(timeOf(() => expect(linux.waitAny(watched, 40)).toBe(-1))).toBeGreaterThan(30);
    words[1] = 1;
    expect(timeOf(() => expect(linux.waitAny(watched, 10_000)).toBe(-1))).toBeLessThan(5000);
    words[1] = 0;
  });

  it("sleeps on the first for a moment if the kernel is too old, and never spins", () => {
    const old: Ffi = { ...ffi, syscall: (number, ...rest) => (number === FUTEX_WAITV ? -1 : ffi.syscall(number, ...rest)) };
    const linux = new Linux(old, process.arch);
    const took = timeOf(() => {
      for (let i = 0; i < 10; i++) expect(linux.waitAny(watched, 10_000)).toBe(-1);
    });
    expect(took).toBeGreaterThan(10);
    expect(took).toBeLessThan(5000);
  });
});
