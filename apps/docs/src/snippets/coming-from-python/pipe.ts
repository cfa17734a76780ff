import { type Connection, EOFError, Pipe, Thread, task } from "@interlock/pool";

export const child = task(import.meta, "child", (conn: Connection<never, unknown>) => {
  conn.send([42, null, "hello"]);
  conn.close();
});

if (import.meta.main) {
  const [parent, there] = Pipe<never, unknown>();
  const thread = new Thread(child, [there]); // `there` is the thread's now
  thread.start();
  console.log(JSON.stringify(await parent.recv()));
  await parent.recv().catch((error: Error) => console.log(`the end: ${error instanceof EOFError}`));
  await thread.join();
}
