/** Tasks in which something goes wrong. */
import type { Condition, Event, Lock } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Fault } from "./matrix.ts";
import { badResult, never, spin, strike } from "./strike.ts";

const SPIN_MS = 1000;

/** Those that the worker itself can do. */
const sends = (fault: Fault): boolean => fault === "unclonable result" || fault === "unreadable result";

export const square = task(import.meta, "square", (n: number) => n * n);

/** Waits for the end of the trouble, in another worker. */
export const standBy = task(import.meta, "standBy", async (begun: Event, over: Event) => {
  begun.set();
  await over.waitAsync();
  return "stood by";
});

/** Leaves behind what goes wrong when the worker is idle. */
export const leaveBehind = task(import.meta, "leaveBehind", (fault: Fault) => {
  setTimeout(strike, 20, fault);
  return "left";
});

/** An initializer in which it goes wrong as long as there are `strikes`. */
export const initialize = task(import.meta, "initialize", async (fault: Fault, strikes: Int32Array, reached: Event) => {
  if (Atomics.sub(strikes, 0, 1) <= 0) return;
  reached.set();
  strike(fault);
  // Whoever waits for the parent goes on in the end.
  if (fault === "abort") spin(300);
  else await never;
});

export const failToInitialize = task(import.meta, "failToInitialize", (attempts: Int32Array) => {
  Atomics.add(attempts, 0, 1);
  throw Object.assign(new RangeError("not today"), { code: "E_TODAY" });
});

export const goWrong = task(import.meta, "goWrong", async (fault: Fault, reached: Event) => {
  reached.set();
  if (sends(fault)) return badResult(fault);
  strike(fault);
  if (fault === "abort" || fault === "terminate") spin(SPIN_MS);
  return never;
});

/** It goes wrong while the result is read, to be sent. */
export const goWrongSending = task(import.meta, "goWrongSending", (fault: Fault, reached: Event) => {
  if (sends(fault)) {
    reached.set();
    return badResult(fault);
  }
  return {
    get value() {
      reached.set();
      strike(fault);
      if (fault === "abort" || fault === "terminate") spin(SPIN_MS);
      return "sent";
    },
  };
});

export const goWrongHolding = task(import.meta, "goWrongHolding", async (fault: Fault, reached: Event, lock: Lock, waiting: Event) => {
  lock.acquire();
  reached.set();
  // Somebody wants it by now.
  await waiting.waitAsync();
  if (sends(fault)) return badResult(fault);
  strike(fault);
  if (fault === "abort" || fault === "terminate") spin(SPIN_MS);
  return never;
});

export const releaseFor = task(import.meta, "releaseFor", (lock: Lock) => lock.release());

export const goWrongWaiting = task(import.meta, "goWrongWaiting", async (fault: Fault, reached: Event, condition: Condition) => {
  condition.acquire();
  // It holds the lock until it waits, so whoever acquires it then finds it waiting.
  reached.set();
  if (fault === "abort" || fault === "terminate") condition.wait();
  else {
    setTimeout(strike, 20, fault);
    await condition.waitAsync();
  }
  return "woken";
});

export const awaitCondition = task(import.meta, "awaitCondition", async (condition: Condition, reached: Event) => {
  condition.acquire();
  reached.set();
  condition.wait();
  condition.release();
  return "woken";
});
