/**
 * What random tests start from: always the same, unless INTERLOCK_SEED says otherwise. A failure prints it.
 *
 * @module
 */
export const seed = Number(process.env["INTERLOCK_SEED"] ?? 20_261);
