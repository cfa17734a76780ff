/**
 * Where core reaches its host, but for `host-texts`: a monotonic clock, a timer, and a way to keep the program alive.
 *
 * Every function looks the global up when it is called, so a test may put a virtual clock in its place.
 *
 * @module
 */

interface Host {
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly performance: { now(): number };
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  setInterval(callback: () => void, milliseconds: number): unknown;
  clearInterval(timer: unknown): void;
}

const host = globalThis as unknown as Host;

/** What came in 2025. */
const atomics = Atomics as { readonly pause?: () => void };

/** The longest delay that timers take; longer ones fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** Milliseconds on a clock that never steps back. */
export function now(): number {
  return host.performance.now();
}

/** How many threads can run at the same time; 1 if that is unknown. */
export function cores(): number {
  return host.navigator?.hardwareConcurrency ?? 1;
}

/** Tells the processor that this thread looks for a change: a few tens of nanoseconds, where the engine knows it. */
export function pause(): void {
  atomics.pause?.();
}

/** Calls back once after `milliseconds`; returns what cancels it. `Infinity` never calls back. */
export function after(milliseconds: number, callback: () => void): () => void {
  if (milliseconds === Infinity) return () => {};
  const deadline = now() + milliseconds;
  // Timers may fire a fraction early; a deadline must not.
  const fire = (): void => {
    const left = deadline - now();
    if (left > 0) timer = arm(left);
    else callback();
  };
  const arm = (left: number): unknown => host.setTimeout(fire, Math.min(Math.ceil(left), LONGEST_DELAY));
  let timer = arm(milliseconds);
  return () => host.clearTimeout(timer);
}

/**
 * Calls back each time that `milliseconds` have passed, and keeps the program alive, until the returned function is called.
 *
 * Whoever awaits a word needs one for two reasons. No engine counts a pending `Atomics.waitAsync` as work. And a worker of
 * WebKitGTK hears of the end of such a wait, by time always and by a wake now and then, only once its event loop turns for another reason.
 */
export function every(milliseconds: number, callback: () => void): () => void {
  const timer = host.setInterval(callback, milliseconds);
  return () => host.clearInterval(timer);
}
