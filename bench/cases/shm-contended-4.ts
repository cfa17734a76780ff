import { Lock, RawValue } from "@interlock/core";
import { PYTHON } from "../goal.ts";
import type { Contender } from "../measure.ts";
import { contend } from "../shared.ts";

/** Processes add to one counter, each under the lock. */
export const title = "4 processes contending: lock, add, unlock";
export const goals = [{ contender: PYTHON, atMost: 0.333 }];

export const contenders: Readonly<Record<string, Contender>> = {
  interlock: () => contend((memory) => ({ lock: new Lock({ memory }), counter: new RawValue("int32", 0, { memory }) }), 4, 1_000_000),
};
