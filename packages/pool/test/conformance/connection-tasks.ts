import { type Connection, task } from "@interlock/pool";

export type AnyConnection = Connection<unknown, unknown>;

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Ends `echo`. */
export const SENTINEL = "";

/** Sends back what it receives, up to the sentinel. */
export const echo = task(import.meta, "echo", async (connection: AnyConnection) => {
  for (let message = await connection.recv(); message !== SENTINEL; message = await connection.recv()) {
    if (message instanceof Uint8Array) connection.sendBytes(message);
    else connection.send(message);
  }
  connection.close();
});

/** Sends texts as bytes, one after the other. */
export const sendBytes = task(import.meta, "sendBytes", async (connection: AnyConnection, texts: readonly string[], pause: number) => {
  for (const text of texts) {
    await sleep(pause);
    connection.sendBytes(new TextEncoder().encode(text));
  }
  connection.close();
});

/** Polls, and gives the connection back. */
export const poll = task(import.meta, "poll", async (connection: AnyConnection, timeout: number) => ({
  polled: await connection.poll(timeout),
  connection,
}));

/** Sends numbers with the name of the sender, with pauses of up to `pause` milliseconds. */
export const count = task(import.meta, "count", async (connection: AnyConnection, to: number, name: string, pause: number) => {
  for (let i = 0; i < to; i++) {
    if (pause > 0) await sleep(Math.random() * pause);
    connection.send([i, name]);
  }
  connection.close();
});

/** Says that it has begun, and ends some time later. */
export const endLater = task(import.meta, "endLater", async (begun: AnyConnection, duration: number) => {
  begun.send("begun");
  await sleep(duration);
});

/** Uses connections that it receives from another. */
export const access = task(import.meta, "access", async (connection: AnyConnection) => {
  const writer = (await connection.recv()) as AnyConnection;
  writer.send("all is well");
  writer.close();
  const reader = (await connection.recv()) as AnyConnection;
  connection.send(`${await reader.recv()}`.repeat(2));
  connection.close();
});
