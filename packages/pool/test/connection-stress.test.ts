import { BrokenPipeError, ConnectionError, EOFError, Pipe, Thread } from "@interlock/pool";
import { expect, it, onTestFinished } from "vitest";
import { type Mail, random, type Wanderer, wander } from "./fixtures/wanderers.ts";

const THREADS = 4;
const PIPES = 12;
const STEPS = 100;
/** How long whoever has the other end of a pipe may wait for the end, once no thread is left. */
const END_MS = 5000;

/** Sends a connection; closes it if that cannot be. */
function give(connection: Wanderer | undefined, to: Wanderer | undefined): void {
  try {
    to?.send({ connection } as Mail);
  } catch (error) {
    expect(error).toSatisfy((one) => one instanceof BrokenPipeError || one instanceof ConnectionError);
    connection?.close();
  }
}

/** Gives what comes to others: by their mail, or inside of a pipe whose other end is under way. */
async function redistribute(mail: Wanderer, mails: readonly Wanderer[], homes: readonly Wanderer[], below: (n: number) => number): Promise<void> {
  for await (const { connection } of mail) give(connection, below(3) === 0 ? homes[below(PIPES)] : mails[below(THREADS)]);
}

/** Receives all that comes home. */
async function drain(home: Wanderer): Promise<string> {
  for (;;) {
    try {
      const { connection } = await home.recv({ timeout: END_MS });
      connection?.close();
    } catch (error) {
      home.close();
      return (error as Error).name;
    }
  }
}

it.each([1, 2, 3, 4, 5, 6, 7])("connections that wander among threads of which one dies all end: seed %i", async (seed) => {
  const below = random(seed);
  const ends = ["exits", "spins", "returns", "falls before", "falls after"] as const;
  const threads: Thread<never, unknown>[] = [];
  const mails = Array.from({ length: THREADS }, (_, i) => {
    const [mine, theirs] = Pipe<Mail>();
    const thread = new Thread(wander, [theirs, seed * 100 + i, STEPS, i === 0 ? (ends[seed % 5] as (typeof ends)[number]) : "returns"]);
    thread.start();
    onTestFinished(async () => {
      if (thread.isAlive()) await thread.terminate();
    });
    threads.push(thread as never);
    return mine;
  });
  const homes = Array.from({ length: PIPES }, () => {
    const [mine, theirs] = Pipe<Mail>();
    give(theirs, mails[below(THREADS)]);
    return mine;
  });
  const passing = mails.map((mail) => redistribute(mail, mails, homes, below));
  setTimeout(() => threads[0]?.kill(), 200 + below(200));
  await Promise.all(threads.map((thread) => thread.join()));
  await Promise.all(passing);
  for (const mail of mails) mail.close();
  expect(await Promise.all(homes.map(drain))).toEqual(homes.map(() => EOFError.name));
  for (const thread of threads.slice(1)) await thread.result();
});
