/** The first that does not throw; throws what the last threw. */
export function firstOf<T, R>(candidates: readonly T[], attempt: (candidate: T) => R): R {
  let failure: unknown;
  for (const candidate of candidates) {
    try {
      return attempt(candidate);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
