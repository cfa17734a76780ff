/**
 * What a party of a conformance test does, written once: it runs in blocking form in a thread, and in async form in the
 * test's own thread.
 *
 * A part is a generator that yields the calls which may wait, each in both forms; what runs it picks one.
 */
import type { AsyncWaitOptions, Lockable, Semaphore } from "@interlock/core";
import { type Task, task } from "@interlock/pool";

/** One call in both of its forms. */
interface Step {
  readonly blocking: () => unknown;
  readonly async: () => Promise<unknown>;
}

/** What one party does, up to its result. */
export type Part<R> = Generator<Step, R, unknown>;

/** A part that a thread finds by name, and that the test runs itself. */
export interface Form<A extends readonly unknown[], R> {
  /** Runs it in blocking form: give it to a `Thread`. */
  readonly task: Task<A, R>;
  /** Runs it in async form. */
  runAsync(...args: A): Promise<R>;
}

/** Makes a part known to threads; as for `task`, at the top of a module. */
export function inBothForms<A extends readonly unknown[], R>(module: { readonly url: string }, name: string, part: (...args: A) => Part<R>): Form<A, R> {
  return {
    task: task(module, name, (...args: A) => {
      const steps = part(...args);
      let next = steps.next();
      while (!next.done) next = proceed(steps, next.value.blocking);
      return next.value;
    }),
    async runAsync(...args) {
      const steps = part(...args);
      let next = steps.next();
      while (!next.done) {
        const step = next.value;
        const [settled] = await Promise.allSettled([step.async()]);
        next = proceed(steps, () => {
          if (settled.status === "rejected") throw settled.reason;
          return settled.value;
        });
      }
      return next.value;
    },
  };
}

/** Hands the part what its call returned or threw. What the part itself throws goes past. */
function proceed<R>(steps: Part<R>, call: () => unknown): IteratorResult<Step, R> {
  let value: unknown;
  try {
    value = call();
  } catch (error) {
    return steps.throw(error);
  }
  return steps.next(value);
}

/** One call that may wait. */
export function* either<R>(blocking: () => R, async: () => Promise<R>): Part<R> {
  return (yield { blocking, async }) as R;
}

/** Waits until it holds `lock`, or has a permit. */
export const acquire = (lock: Lockable | Semaphore, options?: AsyncWaitOptions): Part<unknown> =>
  either<unknown>(
    () => lock.acquire(options),
    () => lock.acquireAsync(options),
  );

export const tryAcquire = (lock: Lockable | Semaphore, options?: AsyncWaitOptions): Part<boolean> =>
  either(
    () => lock.tryAcquire(options),
    () => lock.tryAcquireAsync(options),
  );

/** A barrier, an event or a condition. */
interface Waitable<R> {
  wait(options?: AsyncWaitOptions): R;
  waitAsync(options?: AsyncWaitOptions): Promise<R>;
}

/** Waits there; for ever, or as the object says, if no timeout is given. */
export const wait = <R>(point: Waitable<R>, timeout?: number): Part<R> =>
  either(
    () => point.wait({ timeout }),
    () => point.waitAsync({ timeout }),
  );

/** Does nothing for a while. */
export const pause = (milliseconds: number): Part<void> =>
  either(
    () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
    () => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  );

/** What a part returns, and how many milliseconds it took. */
export function* timed<R>(part: Part<R>): Part<readonly [R, number]> {
  const started = performance.now();
  const result = yield* part;
  return [result, performance.now() - started];
}

/** The name of the error that a part throws; undefined if it throws none. */
export function* errorOf(part: Part<unknown>): Part<string | undefined> {
  try {
    yield* part;
    return undefined;
  } catch (error) {
    return (error as Error).name;
  }
}

/** As `errorOf`, of a call that never waits. */
export function errorName(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as Error).name;
  }
}
