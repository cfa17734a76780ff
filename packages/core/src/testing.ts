/**
 * For tests of programs that use interlock: `@interlock/core/testing`.
 *
 * @module
 */
import { describe } from "./describe.ts";
import type { Memory } from "./memory.ts";
import { SharedRoster } from "./roster.ts";
import { chooseMemory, chosenMemory } from "./slab.ts";
import { home } from "./sys/thread.ts";

/**
 * Lets all objects that this thread makes without a memory lie in one from now on: so that tests which were written for threads
 * run between processes, too. {@linkcode sliceRescues} and {@linkcode setSlice} then speak of those who share it. For tests only:
 * such a memory never gives anything back, and it may run out of room where slabs do not.
 *
 * @param memory A memory that this thread may allocate in; undefined for slabs, as usual.
 * @throws {TypeError} If it is no memory.
 *
 * @example
 * ```ts
 * import { Lock, Value } from "@interlock/core";
 * import { useMemory } from "@interlock/core/testing";
 * import assert from "node:assert/strict";
 *
 * const { memory } = new Value("int32");
 * useMemory(memory);
 * assert.equal(new Lock().memory, memory);
 * useMemory(undefined);
 * ```
 */
export function useMemory(memory: Memory | undefined): void {
  if (memory !== undefined && !(memory?.roster instanceof SharedRoster)) {
    throw new TypeError(`Cannot use memory as 'memory' must be a Memory, such as another object's .memory: received ${describe(memory)}`);
  }
  chooseMemory(memory);
}

/** The roster of those whose waits are counted. */
function roster(): SharedRoster {
  return (chosenMemory()?.roster as SharedRoster | undefined) ?? home().roster;
}

/**
 * How many waits, of all threads that share memory with this one, ended only because a slice ran out. While no thread
 * dies, that means a wake was lost: assert that it does not grow.
 *
 * A wake that comes at the very end of a slice is counted too. So lengthen the slices first, beyond any wait of the test:
 * see {@linkcode setSlice}.
 *
 * @example
 * ```ts
 * import { Lock } from "@interlock/core";
 * import { setSlice, sliceRescues } from "@interlock/core/testing";
 * import assert from "node:assert/strict";
 *
 * setSlice(10_000);
 * const before = sliceRescues();
 * new Lock().run(() => {});
 * assert.equal(sliceRescues(), before);
 * setSlice(50);
 * ```
 */
export function sliceRescues(): number {
  return roster().rescues;
}

/**
 * Sets how long a slice is for all threads that share memory with this one: 50 ms unless set.
 *
 * Sleepers learn of a death only at the end of a slice, so lengthen slices only while nobody dies. Those that
 * wait already keep theirs.
 *
 * @param milliseconds An integer >= 1.
 * @throws {RangeError} If it is not.
 *
 * @example
 * ```ts
 * import { setSlice } from "@interlock/core/testing";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => setSlice(0), RangeError);
 * ```
 */
export function setSlice(milliseconds: number): void {
  if (!Number.isInteger(milliseconds) || milliseconds < 1) {
    throw new RangeError(`Cannot set the slice as 'milliseconds' must be an integer >= 1: received ${String(milliseconds)}`);
  }
  roster().sliceMs = milliseconds;
}
