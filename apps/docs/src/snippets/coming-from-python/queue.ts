import { Queue, QueueClosedError, TimeoutError } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const put = task(import.meta, "put", (queue: Queue<unknown>) => {
  queue.put([42, null, "hello"]);
});

if (import.meta.main) {
  const queue = new Queue<unknown>({ maxSize: 2 });
  const pool = new Pool({ size: 4 });
  await pool.apply(put, [queue]);
  console.log(queue.size); // there is no feeder thread: it is there
  console.log(JSON.stringify(await queue.getAsync()));

  console.log(`nothing: ${queue.tryGet() === undefined}`); // get_nowait(), which would raise Empty
  await queue.getAsync({ timeout: 20 }).catch((error: Error) => console.log(`TimeoutError: ${error instanceof TimeoutError}`));
  try {
    queue.put({ rows: [() => {}] }); // Python prints that later, and drops the item
  } catch (error) {
    console.log((error as Error).message);
  }
  queue.close();
  await queue.getAsync().catch((error: Error) => console.log(`QueueClosedError: ${error instanceof QueueClosedError}`));
  await pool.terminate();
}
