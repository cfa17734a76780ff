/** Bounds on time: what takes longer hangs. */

/** Everything has an end within so many milliseconds. */
export const BOUND_MS = 30_000;

/** Workers have started in so many, also on a busy machine. */
export const START_MS = 30_000;

/** To fill what memory a process may have takes seconds, on a machine that is busy or slow to give it many. */
export const FILL_MS = 60_000;

/** What a promise comes to, which must be soon. */
export async function within<T>(what: string, promise: Promise<T>, milliseconds: number = BOUND_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} takes more than ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What became of a promise, so that nobody has to catch it before it is looked at. */
export interface Settled {
  readonly value?: unknown;
  readonly error?: unknown;
}

export function settled(promise: Promise<unknown>): Promise<Settled> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}
