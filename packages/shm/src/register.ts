/**
 * For whoever gets a handle to shared memory in a message: loaded by the URL that the handle names.
 *
 * @module
 */
export { register } from "./memory.ts";
