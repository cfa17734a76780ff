/**
 * Which files are mutated, and which explorations concern each: those that find most, or take least, first.
 *
 * @module
 */

/** Where the files lie. */
export const SOURCES = "packages/core/src/";
const TESTS = "packages/core/test/explore/";

const queue = ["queue-limits", "queue"];
const lock = ["lock-limits", "lock"];
const condition = ["condition-limits", "condition"];
const barrier = ["barrier-limits", "barrier", "barrier-deaths"];
const rwlock = ["rwlock-limits", "rwlock-readers", "rwlock"];

const tests: Readonly<Record<string, readonly string[]>> = {
  "sys/mutex.ts": ["slices", ...lock, "rlock", ...rwlock, ...barrier],
  "sys/async-line.ts": ["slices", "event", "semaphore", ...lock, ...condition, ...barrier, ...rwlock],
  "sys/wait-point.ts": ["slices", "event", "semaphore", ...queue, ...condition, ...barrier, ...rwlock],
  "sys/permits.ts": ["semaphore"],
  "sys/ring.ts": queue,
  "sys/signals.ts": condition,
  "sys/rendezvous.ts": barrier,
  "sys/readers.ts": rwlock,
  "sys/shared-mutex.ts": rwlock,
  "event.ts": ["event"],
  "rlock.ts": ["rlock", ...condition],
  "condition.ts": condition,
  "barrier.ts": barrier,
  "sys/party.ts": barrier,
};

/** All files, relative to {@linkcode SOURCES}. */
export const targets: readonly string[] = Object.keys(tests);

/** The test files that must notice an edit of `file`. */
export function testsOf(file: string): readonly string[] {
  const names = tests[file];
  if (names === undefined) throw new RangeError(`Cannot mutate ${file}: choose from ${targets.join(" ")}`);
  return names.map((name) => `${TESTS}${name}.test.ts`);
}
