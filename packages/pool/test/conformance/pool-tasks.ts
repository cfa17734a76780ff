import { context, task } from "@interlock/pool";

const sleepers = new Int32Array(new SharedArrayBuffer(4));

/** Squares, after a sleep that blocks the worker. */
export const sqr = task(import.meta, "sqr", (x: number, wait: number = 0) => {
  if (wait > 0) Atomics.wait(sleepers, 0, 0, wait);
  return x * x;
});

export const mul = task(import.meta, "mul", (x: number, y: number) => x * y);

/** As Python's `int`. */
export const int = task(import.meta, "int", (text: string | number) => {
  if (!/^\d+$/.test(String(text))) throw new RangeError(`invalid literal: ${text}`);
  return Number(text);
});

export const identity = task(import.meta, "identity", (x: object) => x);

export const nap = task(import.meta, "nap", (milliseconds: number) => void Atomics.wait(sleepers, 0, 0, milliseconds));

/** Throws an error with fields and a cause, from a line that names itself. */
export const raising = task(import.meta, "raising", () => {
  throw Object.assign(new TypeError("key", { cause: new Error("why") }), { key: 123 }); // the line that throws
});

export const raiseLarge = task(import.meta, "raiseLarge", (wait: number) => {
  if (wait > 0) Atomics.wait(sleepers, 0, 0, wait);
  throw new RangeError("x".repeat(1024 ** 2));
});

export const unsendable = task(import.meta, "unsendable", () => () => 42);

/** Which worker runs it. */
export const workerOf = task(import.meta, "workerOf", (x: number) => [x * x, context().workerId] as const);

/** Keeps what it is given for the tasks of this worker. */
export const remember = task(import.meta, "remember", (value: number) => {
  context().state["initial"] = value;
});

export const recall = task(import.meta, "recall", () => context().state["initial"]);
