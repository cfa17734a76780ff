/**
 * Error classes of the user's, which arrive as what they are.
 *
 * @module
 */
import { describe } from "./describe.ts";
import { addErrorClass } from "./transport/error-data.ts";

/**
 * Makes errors of a class of yours arrive as instances of it. Others arrive as the nearest class that is built in, with
 * their name, message, stack, cause and own fields.
 *
 * Call it in a module that both sides import, such as that of the tasks. The class's constructor is not called when an
 * error arrives; its own fields are set.
 *
 * @param type The class.
 * @param name What it is known by on both sides; its name if absent.
 * @returns The class.
 * @throws {TypeError} If `type` is no class of errors, or an error class of that name is built in.
 *
 * @example
 * ```ts
 * import { Pool, registerError, task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * class QuotaError extends Error {
 *   override readonly name = "QuotaError";
 *   readonly used: number;
 *   constructor(used: number, limit: number) {
 *     super(`${used} of ${limit} used`);
 *     this.used = used;
 *   }
 * }
 * registerError(QuotaError);
 *
 * export const spend = task(import.meta, "spend", (n: number) => {
 *   throw new QuotaError(n, 10);
 * });
 *
 * if (import.meta.main) {
 *   await using pool = new Pool({ size: 1 });
 *   const error = await pool.apply(spend, [11]).catch((thrown: unknown) => thrown);
 *   assert.ok(error instanceof QuotaError);
 *   assert.equal(error.used, 11);
 * }
 * ```
 */
export function registerError<T extends abstract new (...args: never[]) => Error>(type: T, name: string = type?.name): T {
  if (typeof type !== "function" || !((type.prototype as unknown) instanceof Error)) {
    throw new TypeError(`Cannot register error class as 'type' must be a class that extends Error: received ${describe(type)}`);
  }
  addErrorClass(name, type);
  return type;
}
