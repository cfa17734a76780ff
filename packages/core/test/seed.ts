const given = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.["INTERLOCK_SEED"];

/** What random tests start from: always the same; something else with INTERLOCK_SEED=n. A failure prints it. */
export const SEED: { readonly seed: number } = { seed: Number(given ?? 1729) };
