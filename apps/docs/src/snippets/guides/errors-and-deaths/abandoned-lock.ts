import { AbandonedLockError, Event, Lock, RawArray } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const transferHalf = task(import.meta, "transferHalf", (lock: Lock, accounts: RawArray<"int32">, half: Event) => {
  lock.acquire();
  accounts.set(0, accounts.get(0) - 30);
  half.set();
  for (;;); // it never comes to add them to the other account
});

if (import.meta.main) {
  const lock = new Lock();
  const accounts = new RawArray("int32", [100, 100]);
  const half = new Event();
  const pool = new Pool({ size: 4 });
  const lost = pool.apply(transferHalf, [lock, accounts, half]).catch((error: Error) => console.log(error.name));
  await half.waitAsync();
  await pool.terminate(); // the worker dies with the lock in its hands
  await lost;

  try {
    await lock.acquireAsync();
  } catch (error) {
    if (!(error instanceof AbandonedLockError) || !lock.recover()) throw error;
    accounts.assign(0, [100, 100]); // repair first, while nobody else gets in
    console.log("repaired");
    lock.release();
  }
  await lock.runAsync(() => console.log([...accounts].join(" ")));
}
