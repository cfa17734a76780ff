/** Tasks that end their worker, or fail, at a given moment. */
import { task } from "@interlock/pool";
import type { Fault } from "./matrix.ts";
import { badResult, never, spin, strike } from "./strike.ts";

/**
 * How a call goes wrong: by an end from outside, which only processes have; by an error that nobody can catch; by an exit; by an
 * error that the caller gets.
 */
export type Way = "kill" | "crash" | "exit" | "raise";

const FAULTS: Readonly<Record<Way, Fault | undefined>> = { kill: "SIGKILL", crash: "uncaught throw", exit: "exit 3", raise: undefined };

export const fall = task(import.meta, "fall", async (way: Way) => {
  const fault = FAULTS[way];
  if (fault === undefined) throw new RangeError("raised");
  strike(fault);
  return never;
});

/** Goes wrong while its result is cloned. For a crash it waits to be ended, as nothing is caught or thrown meanwhile. */
export const fallSending = task(import.meta, "fallSending", (way: Way) => ({
  get value() {
    if (way === "exit" || way === "kill") strike(FAULTS[way] as Fault);
    if (way === "raise") throw new RangeError("raised");
    spin(5000);
    return 1;
  },
}));

/** Its result cannot be read; the worker may be gone before anybody tries. */
export const sendUnreadable = task(import.meta, "sendUnreadable", (way: Way) => {
  if (way === "exit") setTimeout(strike, 0, "exit 3");
  return badResult("unreadable result");
});

/** Falls on the given call, and else says how much it was given. */
export const measureUnless = task(import.meta, "measureUnless", (bytes: Uint8Array) => {
  if (bytes[0] === 1) process.exit(3);
  return bytes.length;
});

export const squareUnless = task(import.meta, "squareUnless", (n: number) => {
  if (n === 5) process.exit(3);
  return n * n;
});
