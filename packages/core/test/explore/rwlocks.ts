/**
 * What the explorations of read-write locks have in common.
 *
 * @module
 */
import type { Context } from "@interlock/explore";
import type { LockOptions } from "../../src/mutex-lock.ts";
import { RWLock } from "../../src/rwlock.ts";
import { SHARED_MUTEX_BYTES } from "../../src/sys/shared-mutex.ts";
import type { Exploration } from "./scenario.ts";

export const rwlock = (options?: LockOptions): Pick<Exploration<RWLock>, "create" | "open" | "bytes"> => ({
  create: (memory) => void new RWLock({ memory, ...options }),
  open: (at) => new RWLock(undefined, at),
  bytes: SHARED_MUTEX_BYTES,
});

export type Thread = Exploration<RWLock>["thread"];

/** Cell 0: the writer inside. Cells 10 + id: the readers inside. Cell 1: how often somebody wrote. */
export function read(c: Context): void {
  c.set(10 + c.id, 1);
  c.assert(c.get(0) === 0, "a writer is inside beside a reader");
  c.mark();
  c.assert(c.get(0) === 0, "a writer came in beside a reader");
  c.set(10 + c.id, 0);
}

export function write(c: Context): void {
  c.assert(c.get(0) === 0, "two writers are inside");
  c.set(0, 1);
  for (let id = 0; id < c.threads; id++) c.assert(c.get(10 + id) === 0, `reader ${id} is inside beside a writer`);
  c.mark();
  c.set(0, 0);
  c.set(1, c.get(1) + 1);
}
