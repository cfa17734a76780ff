/**
 * What the explorations of conditions have in common.
 *
 * @module
 */
import { Condition } from "../../src/condition.ts";
import { Lock } from "../../src/lock.ts";
import { LINE } from "../../src/memory.ts";
import { RLock } from "../../src/rlock.ts";
import type { Exploration } from "./scenario.ts";

// The lock lies in the first line, the condition in the second.
export const condition: Pick<Exploration<Condition>, "create" | "open" | "bytes"> = {
  bytes: 3 * LINE,
  create: (memory) => void new Condition(new Lock({ memory }), { memory }),
  open: (at) => new Condition(undefined, undefined, { at: { memory: at.memory, offset: LINE }, lock: new Lock(undefined, at) }),
};
export const nested: Pick<Exploration<Condition>, "create" | "open"> = {
  create: (memory) => void new Condition(new RLock({ memory }), { memory }),
  open: (at) => new Condition(undefined, undefined, { at: { memory: at.memory, offset: LINE }, lock: new RLock(undefined, at) }),
};

/** Nobody is inside any more. */
export const empty: Exploration<Condition>["final"] = (c) => {
  const words = new Int32Array(c.buffer, LINE);
  c.assert(words[0] === 0, `${words[0]} waiters or notifications are left over`);
  c.assert(((words[4] as number) & 0xffff) === 0, "somebody is still counted as asleep");
};
