import { Lock } from "@interlock/core";
import { Pool, Thread } from "@interlock/pool";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { blobOf, reverse, square } from "./fixtures/web-tasks.ts";

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

  it("is told what locks need", () => {
    expect(() => new Lock()).toThrow("serve it and its workers with Cross-Origin-Opener-Policy: same-origin");
  });

  // A known defect: a child to whom no seat in a roster is given takes itself for a process, and returns only what a process could.
  it("gets back whatever can be cloned to a thread", async () => {
    pool = new Pool({ size: 1, worker });
    expect(await pool.apply(blobOf, ["text"])).toBeInstanceOf(Blob);
  });
});
