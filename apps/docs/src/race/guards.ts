/** What guards the counter of a race, and the lines that make the difference. */
export const GUARDS = {
  none: { label: "none", code: "const seen = counter.value;\ncounter.value = compute(seen); // seen + 1: somebody may have come between" },
  lock: { label: "Lock", code: "lock.run(() => {\n  counter.value = compute(counter.value);\n});" },
  getLock: { label: "value.getLock()", code: "counter.getLock().run(() => {\n  counter.value = compute(counter.value);\n});" },
  atomic: { label: "Atomic", code: "counter.add(1); // reads and writes in one instruction" },
} as const;

/** How the workers of a race run, and what they are asked for. */
export const PACES = {
  sleepy: { label: "20 each, a sleep of 10 ms before each", times: 20, sleep: 10, work: 1 },
  tight: { label: "250,000 each, in a tight loop", times: 250_000, sleep: 0, work: 0 },
} as const;

export type Guard = keyof typeof GUARDS;
export type PaceName = keyof typeof PACES;

/** How many add at once. */
export const WORKERS = 10;
