import { Lock } from "@interlock/core";
import { BrokenPipeError, EOFError, Pipe, Pool, Thread, wait } from "@interlock/pool";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { blobOf, echo, giveBack, reverse, square } from "./fixtures/web-tasks.ts";

const worker = (): Worker => new Worker(new URL("./fixtures/web-worker.ts", import.meta.url), { type: "module" });

// What a page that is not cross-origin isolated sees: the name does not exist. Bundled pages are tested without the headers, too.
const { SharedArrayBuffer: own } = globalThis;
beforeAll(() => void Reflect.deleteProperty(globalThis, "SharedArrayBuffer"));
afterAll(() => {
  globalThis.SharedArrayBuffer = own;
});

let pool: Pool | undefined;
afterEach(() => pool?.terminate());

describe("a page without shared memory", () => {
  it("runs tasks by messages alone", async () => {
    pool = new Pool({ size: 2, worker });
    expect(await pool.map(square, [1, 2, 3])).toEqual([1, 4, 9]);
    expect(await pool.apply(reverse, [{ bytes: new Uint8Array([1, 2]) }])).toEqual({ bytes: new Uint8Array([2, 1]) });
    const thread = new Thread(square, [4], { worker });
    thread.start();
    expect(await thread.result()).toBe(16);
    expect(await thread.join({ timeout: 5000 })).toBe(true);
  });

  it("has pipes, whose ends tell each other when they are closed", async () => {
    const [here, there] = Pipe<unknown>();
    expect([await here.poll(), await wait([here], { timeout: 10 })]).toEqual([false, []]);
    const thread = new Thread(echo, [there], { worker });
    thread.start();
    for (let i = 0; i < 100; i++) here.send(i);
    for (let i = 0; i < 100; i++) expect(await here.recv()).toBe(i);
    here.close();
    expect(await thread.result()).toBe(100);
    const [a, b] = Pipe<unknown>();
    a.send("there and back");
    pool = new Pool({ size: 1, worker });
    const { connection } = await pool.apply(giveBack, [b]);
    expect(await connection.poll(10_000)).toBe(true);
    expect(await connection.recv()).toBe("there and back");
    connection.close();
    await expect(a.recv()).rejects.toThrow(EOFError);
    expect(() => a.send(1)).toThrow(BrokenPipeError);
    a.close();
  });

  it("is told what locks need", () => {
    expect(() => new Lock()).toThrow("serve it and its workers with Cross-Origin-Opener-Policy: same-origin");
  });

  // A known defect: a child to whom no seat in a roster is given takes itself for a process, and returns only what a process could.
  it("gets back whatever can be cloned to a thread", async () => {
    pool = new Pool({ size: 1, worker });
    expect(await pool.apply(blobOf, ["text"])).toBeInstanceOf(Blob);
  });
});
