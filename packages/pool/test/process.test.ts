import { Event, Lock } from "@interlock/core";
import { Process, WorkerLostError } from "@interlock/pool";
import { describe, expect, it, vi } from "vitest";
import { blob, bytes, holdBriefly, lengthOf, nestedUnclonable, square } from "./fixtures/tasks.ts";

/** More than any pipe holds. */
const LARGE = 3_000_000;

describe("Process", () => {
  it("delivers a result of any size before it ends", async () => {
    const child = new Process(bytes, [LARGE]);
    child.start();
    expect(await child.result()).toHaveLength(LARGE);
    await child.join();
    expect([child.exitCode, child.error]).toEqual([0, undefined]);
  });

  it("takes arguments of any size", async () => {
    const child = new Process(lengthOf, [new Uint8Array(LARGE)]);
    child.start();
    expect(await child.result()).toBe(LARGE);
  });

  it.each([
    ["a function", [() => 1], "Cannot send arguments[0] to p as it cannot be cloned: received function (anonymous)"],
    ["a function inside", [{ list: [1, { f: Math.max }] }], "Cannot send arguments[0].list[1].f to p as it cannot be cloned: received function max"],
    ["a symbol", [Symbol("s")], "Cannot send arguments[0] to p as it cannot be cloned: received Symbol(s)"],
    [
      "a Blob, which would arrive empty",
      [new Map([["file", new Blob(["x"])]])],
      'Cannot send arguments[0].get("file") to p as it cannot be cloned: received Blob',
    ],
    ["a Promise", [1, Promise.resolve()], "Cannot send arguments[1] to p as it cannot be cloned: received Promise"],
    [
      "shared memory",
      [new Int32Array(new SharedArrayBuffer(8))],
      "Cannot send arguments[0] to a process as a SharedArrayBuffer is shared between threads only",
    ],
    ["a lock", [new Lock(), new Event(), 1], /Cannot send arguments\[0\] to a process .* received Lock; create it with \{ memory \}/],
  ])("refuses %s, naming the argument, before anything is started", (_, args, text) => {
    const spawn = vi.spyOn(Process.prototype as unknown as { spawn(): never }, "spawn");
    try {
      const child = new Process(holdBriefly as never, args as never, { name: "p" });
      expect(() => child.start()).toThrow(TypeError);
      expect(() => child.start()).toThrow(text);
      expect(spawn).not.toHaveBeenCalled();
    } finally {
      spawn.mockRestore();
    }
  });

  it("refuses what only the runtime finds out, and this program goes on", async () => {
    const child = new Process(square, [new Proxy({}, {}) as never], { name: "p" });
    expect(() => child.start()).toThrow(/Cannot send the arguments of task "square" to p as they cannot be cloned/);
    const next = new Process(square, [3]);
    next.start();
    expect(await next.result()).toBe(9);
  });

  it("fails by name of the part when a result cannot be cloned, or would arrive empty", async () => {
    for (const [task, text] of [
      [nestedUnclonable, 'Cannot return result.items[1].f from task "nestedUnclonable" as it cannot be cloned: received function f'],
      [blob, 'Cannot return result.file from task "blob" as it cannot be cloned: received Blob'],
    ] as const) {
      const child = new Process(task as typeof blob, []);
      child.start();
      await expect(child.result()).rejects.toThrow(new TypeError(text));
      await child.join();
      expect(child.exitCode).toBe(1);
    }
  });

  it("is lost, with the cause, when it cannot be started", async () => {
    const child = new Process(square, [1], { cwd: "/nonexistent" });
    child.start();
    const error = (await child.result().catch((thrown: unknown) => thrown)) as WorkerLostError;
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(String(error.cause)).toContain("ENOENT");
    expect(await child.join()).toBe(true);
    expect([child.isAlive(), child.exitCode]).toEqual([false, 1]);
  });
});
