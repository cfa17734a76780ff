import { BrokenPipeError, type Connection, EOFError, Pipe, Pool, Thread, wait } from "@interlock/pool";
import { describe, expect, it, onTestFinished } from "vitest";
import { expectBest, LOST_MS } from "./fixtures/best-of-ten.ts";
import { echo, giveBack, keep, makePipe, passOn } from "./fixtures/web-tasks.ts";

const worker = (): Worker => new Worker(new URL("./fixtures/web-worker.ts", import.meta.url), { type: "module" });

/** How soon whoever waits learns of the other end's death, from the call that ends it; what was under way may take two slices more. */
const NOTICE = { below: 300, always: LOST_MS };

function run<A extends readonly unknown[], R>(thread: Thread<A, R>): Thread<A, R> {
  thread.start();
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

describe("a connection between a page and a worker", () => {
  it("carries messages in order, both ways, and polls exactly", async () => {
    const [here, there] = pipe();
    const thread = run(new Thread(echo, [there], { worker }));
    for (let i = 0; i < 1000; i++) here.send(i);
    for (let i = 0; i < 1000; i++) expect(await here.recv()).toBe(i);
    expect(await here.poll()).toBe(false);
    here.sendBytes(new Uint8Array(2 ** 20).fill(7));
    expect(((await here.recv()) as Uint8Array).at(-1)).toBe(7);
    here.close();
    expect(await thread.result()).toBe(1001);
  });

  it("closes connections in messages that are on their way to an end which is closed", async () => {
    const [a, b] = pipe();
    const [inside, other] = pipe();
    a.send(inside);
    a.close();
    b.close();
    await expect(other.recv({ timeout: 5000 })).rejects.toThrow(EOFError);
  });

  it("sees within the page what was sent before", async () => {
    const [a, b] = pipe();
    expect(await b.poll()).toBe(false);
    a.send("first");
    expect(await b.poll()).toBe(true);
    expect(await b.poll()).toBe(true);
    expect(await wait([b], { timeout: 0 })).toEqual([b]);
    expect(await b.recv({ timeout: 0 })).toBe("first");
    a.close();
    await expect(b.recv()).rejects.toThrow(EOFError);
    expect(() => b.send(1)).toThrow(BrokenPipeError);
  });

  it("takes along what nobody has received", async () => {
    const [a, b] = pipe();
    const [toFirst, first] = pipe();
    const [fromFirst, reader] = pipe();
    run(new Thread(passOn, [first, fromFirst], { worker }));
    for (let i = 0; i < 3; i++) a.send(i);
    expect(await b.recv()).toBe(0);
    toFirst.send(b);
    a.send(3);
    const back = (await reader.recv()) as Connection;
    a.send(4);
    a.close();
    const rest: unknown[] = [];
    for await (const message of back) rest.push(message);
    expect(rest).toEqual([1, 2, 3, 4]);
    back.close();
  });

  it("comes back in a result", async () => {
    const pool = new Pool({ size: 1, worker });
    onTestFinished(() => pool.terminate());
    const [a, b] = pipe();
    a.send("there and back");
    const { connection } = await pool.apply(giveBack, [b]);
    expect(await connection.recv()).toBe("there and back");
    connection.close();
    const made = await pool.apply(makePipe, ["hello"]);
    expect(await made.recv()).toBe("hello");
    await expect(made.recv()).rejects.toThrow(EOFError);
    made.close();
  });

  it.each((["terminate", "kill"] as const).flatMap((how) => (["asleep", "spinning"] as const).map((state) => [how, state] as const)))(
    "ends when its owner does: %s while %s",
    (how, state) =>
      expectBest(NOTICE, async () => {
        const [a, b] = pipe();
        const [c, d] = pipe();
        const thread = run(new Thread(keep, [b, state], { worker }));
        expect(await a.recv()).toBe("here");
        await new Promise((resolve) => setTimeout(resolve, 100));
        a.send(d); // Never received.
        const waiting = [a, c].map((one) => one.recv().catch((error: Error) => error.name));
        const since = performance.now();
        void thread[how]();
        expect(await Promise.all(waiting)).toEqual(["EOFError", "EOFError"]);
        const noticed = performance.now() - since;
        expect(() => a.send(1)).toThrow(BrokenPipeError);
        return noticed;
      }),
  );

  it("ends if it is never taken over", () =>
    expectBest(NOTICE, async () => {
      const [a, b] = pipe();
      const thread = run(new Thread(keep, [b, "asleep"], { worker }));
      const since = performance.now();
      thread.kill();
      await expect(a.recv()).rejects.toThrow(EOFError);
      return performance.now() - since;
    }));
});
