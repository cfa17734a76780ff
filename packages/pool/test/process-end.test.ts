import { Pool, Process, type WorkerLostError } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { babble, catchUncaught, hangUp, leaveProcess, reportAndDie, throwLater, throwUnspeakable } from "./fixtures/line-tasks.ts";
import { echo } from "./fixtures/process-tasks.ts";
import { runProgram } from "./fixtures/run-program.ts";

// What becomes of a process is found out whatever it did to the line between it and its parent.

/** Within so many milliseconds it is known, from the start of the process on, which takes long on a busy machine. */
const BOUND_MS = 15_000;

/** What the task comes to. */
async function outcome(child: Process<never, unknown>): Promise<unknown> {
  const began = performance.now();
  child.start();
  const end = await child.result().catch((thrown: unknown) => thrown);
  expect(await child.join({ timeout: BOUND_MS })).toBe(true);
  expect(performance.now() - began).toBeLessThan(BOUND_MS);
  return end;
}

const run = (fn: unknown, ...args: unknown[]): Promise<unknown> => outcome(new Process(fn as never, args as never));

describe("a process", { timeout: 2 * BOUND_MS }, () => {
  it("that says nothing more is ended", async () => {
    expect(await run(hangUp)).toMatchObject({ name: "WorkerLostError", signal: "SIGKILL" });
  });

  it.each([
    ["a head that is none", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
    ["a huge length", Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 255)],
    ["no value", Uint8Array.of(2, 0, 0, 0, 253, 255, 255, 255, 99, 99)],
  ])("that says what cannot be read is ended: %s", async (_, bytes) => {
    const error = await run(babble, bytes);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain('Cannot finish task "babble" as a message between it and its caller cannot be read');
  });

  it("is told of with what it threw and nobody caught, and what it said of it", async () => {
    const error = await run(throwLater, "all is lost");
    expect(error).toMatchObject({ name: "WorkerLostError", exitCode: 1, cause: { name: "RangeError", message: "all is lost", code: "E_LATE" } });
    expect((error as WorkerLostError).cause).toBeInstanceOf(RangeError);
    expect((error as WorkerLostError).stderrTail).toContain("all is lost");
  });

  it("may throw what cannot be told of", async () => {
    const error = await run(throwUnspeakable);
    expect(error).toMatchObject({ name: "WorkerLostError", stderrTail: expect.stringContaining("unspeakable") });
    expect((error as WorkerLostError).exitCode).not.toBe(0);
  });

  it("may catch by a listener what no code catches", async () => {
    const child = new Process(catchUncaught);
    child.start();
    expect(await child.result()).toBe("caught");
    await child.join();
    expect(child).toMatchObject({ exitCode: 0, error: undefined });
  });

  it.each(["throw", "return"])("may leave a process behind that keeps its line open: %s", async (how) => {
    const child = new Process(leaveProcess, [how as "throw", 2 * BOUND_MS]);
    const end = await outcome(child as never);
    if (how === "return") expect(end).toBe("returned");
    else {
      expect(end).toMatchObject({ name: "WorkerLostError", exitCode: 1, stderrTail: expect.stringContaining("nobody catches this") });
      process.kill(Number(/heir (\d+)/.exec((end as WorkerLostError).stderrTail ?? "")?.[1]));
    }
  });
});

describe("a pool of processes", () => {
  it("gets what a worker had sent before its death also if something was sent to it after that", async () => {
    const pool = new Pool({ size: 1, backend: "process", concurrency: 2 });
    try {
      await pool.apply(echo, [0]);
      const seen: unknown[] = [];
      const call = pool.apply(reportAndDie, [100], { onReport: (value) => seen.push(value) }).catch((thrown: unknown) => thrown);
      await new Promise((resolve) => setTimeout(resolve, 50));
      // This thread hears nothing meanwhile.
      for (const end = performance.now() + 1500; performance.now() < end; );
      const next = pool.apply(echo, ["x".repeat(1000)]);
      expect(await call).toMatchObject({ name: "WorkerLostError", signal: "SIGKILL" });
      expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i));
      expect(await next).toHaveLength(1000);
    } finally {
      await pool.terminate();
    }
  });
});

describe("a program", () => {
  it.skipIf(process.platform !== "linux").each(["processes", "pools"])(
    "has as many descriptors open as before when its %s have ended",
    async (WHAT) => {
      expect(await runProgram("descriptors", { WHAT }, { patience: 150_000 })).toMatchObject({ stdout: "as before", status: 0 });
    },
    180_000,
  );

  it.skipIf(process.platform !== "linux").each(["0", "3", "6"])(
    "is told when there are too few descriptors left for a process, and goes on: %s",
    async (LEFT) => {
      expect(await runProgram("no-descriptors", { LEFT })).toMatchObject({ stdout: "9\nrefused\n9", status: 0 });
    },
  );

  it("goes on when nobody reads what its processes say to standard error", async () => {
    expect(await runProgram("unheard", {}, { readsErrors: false })).toMatchObject({ stdout: "end", status: 0 });
  });
});
