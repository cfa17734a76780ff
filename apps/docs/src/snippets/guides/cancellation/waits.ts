import { Lock, Queue } from "@interlock/core";

if (import.meta.main) {
  const lock = new Lock();
  await lock.acquireAsync();
  console.log(`taken: ${await lock.tryAcquireAsync({ timeout: 20 })}`); // false after 20 ms
  await lock.acquireAsync({ timeout: 20 }).catch((error: Error) => console.log(error.message));
  lock.release();

  const queue = new Queue<string>();
  const abort = new AbortController();
  const next = queue.getAsync({ signal: abort.signal });
  abort.abort(new Error("no longer interested"));
  await next.catch((error: Error) => console.log(error.message));
  await queue.putAsync("kept"); // the wait that was given up has taken nothing
  console.log(await queue.getAsync());
}
