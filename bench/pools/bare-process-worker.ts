/**
 * The worker of the pool of processes by hand.
 *
 * @module
 */
import * as functions from "./functions.ts";

const all = Object.values(functions) as readonly ((argument: never) => unknown)[];

process.on("message", ([call, index, argument]: [number, number, never]) => {
  process.send?.([call, all[index]?.(argument)]);
});
