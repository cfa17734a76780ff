/** Tasks in which something goes wrong. */
import type { Condition, Lock } from "@interlock/core";
import { task } from "@interlock/pool";
import { type Mark, set, take, whenSet } from "../fixtures/marks.ts";
import type { Fault } from "./matrix.ts";
import { badResult, never, spin, strike } from "./strike.ts";

const SPIN_MS = 1000;

/** Those that the worker itself can do. */
const sends = (fault: Fault): boolean => fault === "unclonable result" || fault === "unreadable result";

export const square = task(import.meta, "square", (n: number) => n * n);

/** Waits for the end of the trouble, in another worker. */
export const standBy = task(import.meta, "standBy", async (begun: Mark, over: Mark) => {
  set(begun);
  await whenSet(over);
  return "stood by";
});

/** Leaves behind what goes wrong when the worker is idle. */
export const leaveBehind = task(import.meta, "leaveBehind", (fault: Fault) => {
  setTimeout(strike, 20, fault);
  return "left";
});

/** An initializer in which it goes wrong: once, by whoever takes the mark; or, without a mark, always. */
export const initialize = task(import.meta, "initialize", async (fault: Fault, once: Mark | undefined, reached: Mark) => {
  if (once !== undefined && !take(once)) return;
  set(reached);
  strike(fault);
  // Whoever waits for the parent goes on in the end.
  if (fault === "abort") spin(300);
  else await never;
});

export const goWrong = task(import.meta, "goWrong", async (fault: Fault, reached: Mark) => {
  set(reached);
  if (sends(fault)) return badResult(fault);
  strike(fault);
  if (fault === "abort" || fault === "terminate") spin(SPIN_MS);
  return never;
});

/** It goes wrong while the result is read, to be sent. */
export const goWrongSending = task(import.meta, "goWrongSending", (fault: Fault, reached: Mark) => {
  if (sends(fault)) {
    set(reached);
    return badResult(fault);
  }
  return {
    get value() {
      set(reached);
      strike(fault);
      if (fault === "abort" || fault === "terminate") spin(SPIN_MS);
      return "sent";
    },
  };
});

export const goWrongHolding = task(import.meta, "goWrongHolding", async (fault: Fault, reached: Mark, lock: Lock, waiting: Mark) => {
  lock.acquire();
  set(reached);
  // Somebody wants it by now.
  await whenSet(waiting);
  if (sends(fault)) return badResult(fault);
  strike(fault);
  if (fault === "abort" || fault === "terminate") spin(SPIN_MS);
  return never;
});

export const releaseFor = task(import.meta, "releaseFor", (lock: Lock) => lock.release());

export const goWrongWaiting = task(import.meta, "goWrongWaiting", async (fault: Fault, reached: Mark, condition: Condition) => {
  condition.acquire();
  // It holds the lock until it waits, so whoever acquires it then finds it waiting.
  set(reached);
  if (fault === "abort" || fault === "terminate") condition.wait();
  else {
    setTimeout(strike, 20, fault);
    await condition.waitAsync();
  }
  return "woken";
});

export const awaitCondition = task(import.meta, "awaitCondition", async (condition: Condition, reached: Mark) => {
  condition.acquire();
  set(reached);
  condition.wait();
  condition.release();
  return "woken";
});
