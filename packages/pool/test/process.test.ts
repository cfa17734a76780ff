import { fileURLToPath } from "node:url";
import { Event, Lock } from "@interlock/core";
import { Process, WorkerLostError } from "@interlock/pool";
import { describe, expect, it, vi } from "vitest";
import { catchTerm, complain, interruptSelf, print, surroundings } from "./fixtures/process-tasks.ts";
import { blob, bytes, holdBriefly, lengthOf, nestedUnclonable, square } from "./fixtures/tasks.ts";

/** More than any pipe holds. */
const LARGE = 3_000_000;

/** A list in a list, and so on. */
const nested = (depth: number): unknown => (depth === 0 ? [] : [nested(depth - 1)]);

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

  it("refuses what is found out only when it is written, and this program goes on", async () => {
    const child = new Process(square, [nested(600) as never], { name: "p" });
    expect(() => child.start()).toThrow(/Cannot send the arguments of task "square" to p as they cannot be cloned: .* values may nest 500 deep/);
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

  it("keeps the end of what a lost one wrote to standard error", async () => {
    const child = new Process(complain, ["all is lost\n", 1000], { stdio: "inherit" });
    child.start();
    const error = (await child.result().catch((thrown: unknown) => thrown)) as WorkerLostError;
    expect(error).toMatchObject({ name: "WorkerLostError", signal: "SIGKILL" });
    expect(error.stderrTail).toMatch(/^(?:(?:all is )?lost\n|[a-z ]*\n)(?:all is lost\n)+$/);
    expect(error.stderrTail?.length).toBeLessThanOrEqual(4096);
    expect(child.exitCode).toBe(-9);
  });

  it("hands out what it prints, if asked to", async () => {
    const child = new Process(print, ["to stdout", "to stderr"], { stdio: "pipe" });
    expect([child.stdout, child.stderr]).toEqual([undefined, undefined]);
    child.start();
    const read = async (stream: AsyncIterable<Uint8Array> | undefined): Promise<string> => {
      let text = "";
      for await (const piece of stream ?? []) text += new TextDecoder().decode(piece);
      return text;
    };
    expect(await Promise.all([read(child.stdout), read(child.stderr)])).toEqual(["to stdout", "to stderr"]);
    await child.join();
  });

  it("gets environment and directory, and no arguments of ours", async () => {
    const child = new Process(surroundings, ["INTERLOCK_TEST"], { env: { INTERLOCK_TEST: "x" }, cwd: "/" });
    child.start();
    expect(await child.result()).toMatchObject({ value: "x", cwd: "/", argv: [] });
  });

  it("may clean up when it is terminated, for as long as it takes 100 ms", async () => {
    const child = new Process(catchTerm, ["exit 5"]);
    child.start();
    await ready();
    await child.terminate();
    expect(child.exitCode).toBe(-15);
  });

  it("is made to end if it does not when it is asked", async () => {
    const child = new Process(catchTerm, ["ignore"]);
    child.start();
    await ready();
    const began = performance.now();
    await child.terminate();
    expect(performance.now() - began).toBeLessThan(5000);
    expect([child.isAlive(), child.exitCode]).toEqual([false, -15]);
  });

  it("lets an interrupt from the terminal pass", async () => {
    const child = new Process(interruptSelf);
    child.start();
    expect(await child.result()).toBe("went on");
    await child.join();
    expect(child.exitCode).toBe(0);
  });

  it.each([
    ["node", []],
    ["deno", ["run", "-A"]],
    ["bun", []],
  ])("may run on another runtime: %s", async (name, flags) => {
    const execPath = fileURLToPath(new URL(`../../../node_modules/.bin/${name}`, import.meta.url));
    const child = new Process(surroundings, ["X"], { execPath, execArgv: [...flags, "--conditions=@interlock/source"] });
    child.start();
    expect(await child.result()).toMatchObject({ runtime: name, argv: [] });
    await child.join();
    expect(child.exitCode).toBe(0);
  });
});

/** Long enough for a process to be in its task; the tests hold also if it is not. */
const ready = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));
