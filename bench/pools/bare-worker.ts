/**
 * The worker of the pool by hand.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import * as functions from "./functions.ts";

const all = Object.values(functions) as readonly ((argument: never) => unknown)[];

parentPort?.on("message", ([call, index, argument]: [number, number, never]) => {
  parentPort?.postMessage([call, all[index]?.(argument)]);
});
