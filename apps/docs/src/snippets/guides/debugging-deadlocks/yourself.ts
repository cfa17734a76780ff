import { DeadlockError, Lock, LockStateError, RLock, RWLock } from "@interlock/core";

if (import.meta.main) {
  const lock = new Lock();
  lock.acquire();
  try {
    lock.acquire(); // it would wait for itself
  } catch (error) {
    if (error instanceof DeadlockError) console.log(error.message);
  }
  lock.release();

  try {
    lock.release(); // nobody holds it
  } catch (error) {
    if (error instanceof LockStateError) console.log(error.message);
  }

  const again = new RLock();
  console.log(again.run(() => again.run(() => "an RLock may be taken again by its owner")));

  const rw = new RWLock();
  rw.readLock.run(() => {
    try {
      rw.writeLock.acquire(); // readers cannot turn into writers
    } catch (error) {
      if (error instanceof DeadlockError) console.log(error.message);
    }
  });
}
