import type { Parameters } from "fast-check";

/** Properties are checked with the same values on every run; INTERLOCK_SEED=<integer> tries others. */
export const seeded: Parameters<unknown> & { readonly numRuns: number } = {
  seed: Number((typeof process === "undefined" ? undefined : process.env["INTERLOCK_SEED"]) ?? 20240229),
  numRuns: 300,
};
