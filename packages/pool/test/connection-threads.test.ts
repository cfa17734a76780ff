import { Event } from "@interlock/core";
import { BrokenPipeError, type Connection, EOFError, Pipe, Pool, Thread, WorkerLostError, wait } from "@interlock/pool";
import { describe, expect, it, onTestFinished } from "vitest";
import { expectBest, LOST_MS } from "./fixtures/best-of-ten.ts";
import {
  collect,
  drop,
  echo,
  exit,
  giveBack,
  keep,
  makePipe,
  passOn,
  pollAfter,
  readEach,
  receiveAll,
  reportPipe,
  returnBadly,
  sendNumbers,
  sendThenSet,
  spin,
  throwLater,
} from "./fixtures/connection-tasks.ts";

/** How soon whoever waits learns of the other end's death, from the call that ends it. The steps of the library take most of it. */
const NOTICE = { below: 200, always: LOST_MS };

const started: Thread<never, unknown>[] = [];

function run<A extends readonly unknown[], R>(thread: Thread<A, R>): Thread<A, R> {
  thread.start();
  started.push(thread as never);
  onTestFinished(async () => {
    if (thread.isAlive()) await thread.terminate();
  });
  return thread;
}

/** Closes the ends with the test. */
function pipe(): [Connection, Connection] {
  const ends = Pipe<unknown>();
  onTestFinished(() => {
    for (const end of ends) end.close();
  });
  return ends;
}

describe("a connection between threads", () => {
  it("carries 10 000 messages in order, both ways", async () => {
    const [here, there] = pipe();
    const thread = run(new Thread(echo, [there]));
    for (let i = 0; i < 10_000; i++) here.send(i);
    for (let i = 0; i < 10_000; i++) expect(await here.recv()).toBe(i);
    here.close();
    expect(await thread.result()).toBe(10_000);
  });

  it("carries 16 MiB in one message", async () => {
    const [here, there] = pipe();
    run(new Thread(echo, [there]));
    const large = new Float64Array(2 ** 21).fill(0.5);
    here.send({ large });
    const { large: back } = (await here.recv()) as { large: Float64Array };
    expect([back.length, back.at(-1)]).toEqual([2 ** 21, 0.5]);
  });

  it("connects siblings", async () => {
    const [a, b] = pipe();
    run(new Thread(sendNumbers, [a, 100]));
    expect(await run(new Thread(receiveAll, [b])).result()).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it("comes back in a result, and in one of a pool among others", async () => {
    const pool = new Pool({ size: 2 });
    onTestFinished(() => pool.terminate());
    for (let round = 0; round < 2; round++) {
      const pipes = [1, 2, 3, 4].map(() => pipe());
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
      const yours = await pool.apply(makePipe, ["hello"]);
      expect([await yours.recv(), await yours.recv().catch((error: Error) => error.name)]).toEqual(["hello", "EOFError"]);
      yours.close();
    }
  });

  it("comes in a report", async () => {
    const pool = new Pool({ size: 1 });
    onTestFinished(() => pool.terminate());
    const reported = Promise.withResolvers<Connection>();
    const done = pool.apply(reportPipe, [], { onReport: (value) => reported.resolve((value as { yours: Connection }).yours) });
    const yours = await reported.promise;
    yours.send("it");
    expect(await yours.recv()).toBe("got it");
    await done;
    yours.close();
  });

  it("stays where it is if what it is in cannot be sent", async () => {
    const pool = new Pool({ size: 1 });
    onTestFinished(() => pool.terminate());
    const [a, b] = pipe();
    await expect(pool.apply(giveBack as never, [{ b, bad: () => {} }] as never)).rejects.toThrow("Cannot send arguments[0].bad to");
    expect(b.closed).toBe(false);
    await expect(pool.apply(returnBadly, [b])).rejects.toThrow("result.bad");
    expect(b.closed).toBe(true);
    expect(a.closed).toBe(false);
  });

  it("cannot be an argument of a pool's initializer, which each worker gets", () => {
    const [, b] = pipe();
    expect(() => new Pool({ size: 1, initializer: giveBack, initArgs: [b] })).toThrow(
      /^Cannot send initArgs\[0\] as it is a Connection, which is moved and not copied/,
    );
  });

  it("cannot be sent twice", async () => {
    const [, b] = pipe();
    run(new Thread(keep, [b]));
    expect(() => new Thread(keep, [b]).start()).toThrow(/^Cannot send arguments\[0\] as the connection was sent to Thread-\d+$/);
    b.close();
    expect(b.closed).toBe(true);
  });

  it("passes through several threads, with what nobody has received", async () => {
    const [a, b] = pipe();
    const [toFirst, first] = pipe();
    const [fromFirst, toReader] = pipe();
    const passing = run(new Thread(passOn, [first, fromFirst]));
    const reading = run(new Thread(readEach, [toReader as Connection<Connection, unknown>]));
    a.send("through two");
    toFirst.send(b);
    toFirst.close();
    await passing.result();
    expect(await reading.result()).toEqual(["through two"]);
  });

  it("shows at once what was sent before", async () => {
    const [a, b] = pipe();
    const go = new Event();
    const polling = run(new Thread(pollAfter, [b, go]));
    run(new Thread(sendThenSet, [a, go]));
    expect(await polling.result()).toBe(true);
  });
});

describe("the end of whoever has the other end", () => {
  const ways = ["terminate", "kill"] as const;

  it.each(ways.flatMap((how) => [keep, spin].map((fn) => [how, fn.name, fn] as const)))("is noticed within 200 ms: %s while it is to %s", (how, _, fn) =>
    expectBest(NOTICE, async () => {
      const [a, b] = pipe();
      const thread = run(new Thread(fn, [b]));
      expect(await a.recv()).toBe("here");
      const waiting = [a.recv(), a.recvBytes()].map((one) => one.catch((error: Error) => error.name));
      const polled = a.poll(Infinity);
      const listed = wait([a]);
      const since = performance.now();
      void thread[how]();
      expect(await Promise.all(waiting)).toEqual(["EOFError", "EOFError"]);
      const noticed = performance.now() - since;
      expect([await polled, (await listed).length]).toEqual([true, 1]);
      expect(() => a.send(1)).toThrow(BrokenPipeError);
      return noticed;
    }),
  );

  it.each([0, 3])("is noticed after process.exit(%i), and what it sent is received", (code) =>
    expectBest({ ...NOTICE, below: 2 * NOTICE.below }, async () => {
      const [a, b] = pipe();
      const thread = run(new Thread(exit, [b, code]));
      expect(await a.recv()).toBe("last");
      const since = performance.now();
      await expect(a.recv()).rejects.toThrow(EOFError);
      const noticed = performance.now() - since;
      await thread.join();
      expect(thread.exitCode).toBe(code);
      return noticed;
    }),
  );

  it("is noticed after an error that nobody catches", async () => {
    const [a, b] = pipe();
    const thread = run(new Thread(throwLater, [b]));
    expect(await a.recv()).toBe("last");
    await expect(a.recv()).rejects.toThrow(EOFError);
    await expect(thread.result()).rejects.toThrow(WorkerLostError);
  });

  it("is noticed after it returned, and all that it sent is received", async () => {
    const [a, b] = pipe();
    const thread = run(new Thread(sendNumbers, [b, 1000]));
    await thread.join();
    let count = 0;
    for await (const n of a) expect(n).toBe(count++);
    expect(count).toBe(1000);
  });

  it("is noticed if it never took the connection over", () =>
    expectBest(NOTICE, async () => {
      const [a, b] = pipe();
      const thread = run(new Thread(keep, [b]));
      const since = performance.now();
      thread.kill();
      await expect(a.recv()).rejects.toThrow(EOFError);
      return performance.now() - since;
    }));

  it("is noticed by siblings", async () => {
    const [a, b] = pipe();
    const kept = run(new Thread(keep, [b]));
    const echoing = run(new Thread(echo, [a]));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const since = performance.now();
    void kept.kill();
    await expect(Promise.race([echoing.join(), new Promise((resolve) => setTimeout(resolve, 5000, "late"))])).resolves.toBe(true);
    expect(performance.now() - since).toBeLessThan(5000);
  });

  it("takes the ends that are in messages to it along, however deep", () =>
    expectBest(NOTICE, async () => {
      const [a, b] = pipe();
      const [c, d] = pipe();
      const [e, f] = pipe();
      const thread = run(new Thread(keep, [f]));
      expect(await e.recv()).toBe("here");
      c.send(b);
      e.send(d); // Never received, and b inside of it neither.
      const waiting = [a, c].map((one) => one.recv().catch((error: Error) => error.name));
      const since = performance.now();
      thread.kill();
      expect(await Promise.all(waiting)).toEqual(["EOFError", "EOFError"]);
      return performance.now() - since;
    }));

  it("takes along what was in an end that it never took over", () =>
    expectBest(NOTICE, async () => {
      const [a, b] = pipe();
      const [c, d] = pipe();
      c.send(b);
      const thread = run(new Thread(keep, [d]));
      const [e, f] = pipe();
      c.send(f);
      const since = performance.now();
      thread.kill();
      const waiting = [a, c, e].map((one) => one.recv().catch((error: Error) => error.name));
      expect(await Promise.all(waiting)).toEqual(["EOFError", "EOFError", "EOFError"]);
      return performance.now() - since;
    }));

  it("is the end of a call of a pool that was given a connection, which runs nowhere else", async () => {
    const pool = new Pool({ size: 2 });
    onTestFinished(() => pool.terminate());
    const [a, b] = pipe();
    await expect(pool.apply(exit, [b, 4])).rejects.toThrow(WorkerLostError);
    expect(await a.recv()).toBe("last");
    await expect(a.recv()).rejects.toThrow(EOFError);
  });
});

it("a connection that a task drops is closed, although its worker lives on", async () => {
  const pool = new Pool({ size: 1 });
  onTestFinished(() => pool.terminate());
  const [a, b] = pipe();
  await pool.apply(drop, [b]);
  expect(await a.recv()).toBe("here");
  await pool.apply(collect);
  await expect(a.recv({ timeout: 5000 })).rejects.toThrow(EOFError);
  expect(pool.stats().lost).toBe(0);
});
