import { Lock } from "@interlock/core";
import { BrokenPipeError, type Connection, EOFError, Pipe, Pool, Process, Thread, wait } from "@interlock/pool";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  delegate,
  echo,
  exit,
  giveBack,
  keep,
  makePipe,
  passOn,
  receiveAll,
  receiveOne,
  reportPipe,
  sendBadly,
  sendNumbers,
  throughProcess,
  throughThread,
} from "./fixtures/connection-tasks.ts";

/** How soon whoever waits learns of the other end's death, from the call that ends it, also on a busy machine. */
const NOTICE_MS = 5000;

function run<A extends readonly unknown[], R>(process: Process<A, R>): Process<A, R> {
  process.start();
  onTestFinished(async () => {
    if (process.isAlive()) await process.terminate();
  });
  return process;
}

/** Closes the ends with the test. */
function pipe(): [Connection, Connection] {
  const ends = Pipe<unknown>();
  onTestFinished(() => {
    for (const end of ends) end.close();
  });
  return ends;
}

describe("a connection to a process", () => {
  it("carries 10 000 messages in order, both ways, and 16 MiB in one", async () => {
    const [here, there] = pipe();
    const child = run(new Process(echo, [there]));
    for (let i = 0; i < 10_000; i++) here.send(i);
    for (let i = 0; i < 10_000; i++) expect(await here.recv()).toBe(i);
    here.send({ large: new Float64Array(2 ** 21).fill(0.5) });
    const { large } = (await here.recv()) as { large: Float64Array };
    expect([large.length, large.at(-1)]).toEqual([2 ** 21, 0.5]);
    here.close();
    expect(await child.result()).toBe(10_001);
  });

  it("connects siblings", async () => {
    const [a, b] = pipe();
    const receiving = run(new Process(receiveAll, [b]));
    run(new Process(sendNumbers, [a, 100]));
    expect(await receiving.result()).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it("comes back with what was not received there, and outlives the process", async () => {
    const [a, b] = pipe();
    const [c, d] = pipe();
    for (const message of [1, { d }, 3]) a.send(message);
    const child = run(new Process(receiveOne, [b]));
    a.send(4);
    const { first, connection } = await child.result();
    expect(first).toBe(1);
    await child.join();
    a.send(5);
    a.close();
    const { d: inner } = (await connection.recv()) as { d: Connection };
    expect([await connection.recv(), await connection.recv(), await connection.recv()]).toEqual([3, 4, 5]);
    await expect(connection.recv()).rejects.toThrow(EOFError);
    c.send("inside");
    expect(await inner.recv()).toBe("inside");
    inner.send("back");
    expect(await c.recv()).toBe("back");
    for (const end of [connection, inner]) end.close();
  });

  it("comes in results and reports, through a pool of processes", async () => {
    const pool = new Pool({ size: 2, backend: "process" });
    onTestFinished(() => pool.terminate());
    const pipes = [1, 2, 3].map(() => pipe());
    for (const [i, [a]] of pipes.entries()) a.send(`for ${i}`);
    const backs = await pool.map(
      giveBack,
      pipes.map(([, b]) => b),
    );
    for (const [i, { connection }] of backs.entries()) {
      expect(await connection.recv()).toBe(`for ${i}`);
      connection.send("back");
      expect(await pipes[i]?.[0].recv()).toBe("back");
      connection.close();
    }
    const made = await pool.apply(makePipe, ["hello"]);
    expect([await made.recv(), await made.recv().catch((error: Error) => error.name)]).toEqual(["hello", "EOFError"]);
    made.close();
    const reported = Promise.withResolvers<Connection>();
    const done = pool.apply(reportPipe, [], { onReport: (value) => reported.resolve((value as { yours: Connection }).yours) });
    const yours = await reported.promise;
    yours.send("it");
    expect(await yours.recv()).toBe("got it");
    await done;
    yours.close();
  });

  it.each(["thread", "process"] as const)("goes on to a child of the process: a %s", async (kind) => {
    const [here, there] = pipe();
    const child = run(new Process(delegate, [there, kind]));
    here.send("deeper");
    expect(await here.recv()).toBe("deeper");
    here.sendBytes(new Uint8Array([1, 2]));
    expect(await here.recv()).toEqual(new Uint8Array([1, 2]));
    const [c, d] = pipe();
    here.send({ d });
    const { d: back } = (await here.recv()) as { d: Connection };
    c.send("round");
    expect(await back.recv()).toBe("round");
    back.close();
    here.close();
    expect(await child.result()).toBe(3);
  });

  it("comes back from a process of the process, and outlives both", async () => {
    const [a, b] = pipe();
    a.send("before");
    const child = run(new Process(throughProcess, [b]));
    const { connection } = await child.result();
    await child.join();
    expect(await connection.recv()).toBe("before");
    connection.send("after");
    expect(await a.recv()).toBe("after");
    connection.close();
  });

  it("comes back from a thread of the process, which passes it on from then on", async () => {
    const [a, b] = pipe();
    const [here, there] = pipe();
    a.send("before");
    const child = run(new Process(throughThread, [b, there]));
    const { connection } = (await here.recv()) as { connection: Connection };
    expect(await connection.recv()).toBe("before");
    connection.send("after");
    expect(await a.recv()).toBe("after");
    here.close();
    await child.result();
    await expect(connection.recv()).rejects.toThrow(EOFError);
    connection.close();
  });

  it("is passed on by a process from one connection to another", async () => {
    const [a, b] = pipe();
    const [toFirst, first] = pipe();
    const [fromFirst, reader] = pipe();
    run(new Process(passOn, [first, fromFirst]));
    a.send("through a process");
    toFirst.send(b);
    const back = (await reader.recv()) as Connection;
    expect(await back.recv()).toBe("through a process");
    a.close();
    await expect(back.recv()).rejects.toThrow(EOFError);
    back.close();
  });

  it("refuses what a process cannot share, with its path", async () => {
    const [here, there] = pipe();
    const [early, late] = pipe();
    early.send({ lock: new Lock() });
    const child = run(new Process(sendBadly, [there]));
    const errors = await child.result();
    expect(errors[0]).toBe("Cannot send value.f as it cannot be cloned: received function f");
    expect(errors[1]).toMatch(/^Cannot send value\[0\] to a process as a SharedArrayBuffer is shared between threads only/);
    expect(errors[2]).toBe("Cannot send value as it cannot be cloned: received Blob");
    expect(await here.recv()).toBe("good");
    // Sent before anybody could know.
    const echoing = run(new Process(receiveAll, [late]));
    expect(() => early.send({ lock: new Lock() })).toThrow(/^Cannot send value\.lock to a process as its memory is shared between threads only/);
    await expect(echoing.result()).rejects.toThrow("Cannot recv as the message could not be passed on");
  });
});

describe("the end of a process", () => {
  it.each(["terminate", "kill"] as const)("ends its connections: %s", async (how) => {
    const [a, b] = pipe();
    const [c, d] = pipe();
    const child = run(new Process(keep, [b]));
    expect(await a.recv()).toBe("here");
    a.send(d); // Never received.
    const waiting = [a, c].map((one) => one.recv().catch((error: Error) => error.name));
    const since = performance.now();
    void child[how]();
    expect(await Promise.all(waiting)).toEqual(["EOFError", "EOFError"]);
    expect(performance.now() - since).toBeLessThan(NOTICE_MS);
    expect(() => a.send(1)).toThrow(BrokenPipeError);
    expect(await wait([a, c, child])).toHaveLength(3);
  });

  it.each([0, 3])("loses nothing that it sent: process.exit(%i)", async (code) => {
    const [a, b] = pipe();
    const child = run(new Process(exit, [b, code]));
    expect(await a.recv()).toBe("last");
    await expect(a.recv()).rejects.toThrow(EOFError);
    await child.join();
    expect(child.exitCode).toBe(code);
  });

  it("loses nothing that it sent before it returned", async () => {
    const [a, b] = pipe();
    const child = run(new Process(sendNumbers, [b, 1000]));
    await child.join();
    let count = 0;
    for await (const n of a) expect(n).toBe(count++);
    expect(count).toBe(1000);
  });

  it("is noticed if it never took the connection over", async () => {
    const [a, b] = pipe();
    const child = run(new Process(keep, [b]));
    child.kill();
    const since = performance.now();
    await expect(a.recv()).rejects.toThrow(EOFError);
    expect(performance.now() - since).toBeLessThan(NOTICE_MS);
  });

  it("ends the connections to threads of this program", async () => {
    const [a, b] = pipe();
    run(new Process(exit, [b, 0]));
    const thread = new Thread(receiveAll, [a]);
    thread.start();
    expect(await thread.result()).toEqual(["last"]);
  });
});
