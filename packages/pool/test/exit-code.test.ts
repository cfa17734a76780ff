import { constants } from "node:os";
import { Process, Thread, WorkerLostError } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { makeNotes, notesIn } from "./fixtures/notes.ts";
import { note } from "./fixtures/pool-tasks.ts";
import { exit, exitForEver, fail, leaveTimer, loseInner, postOther, square, throwUndefined } from "./fixtures/tasks.ts";

describe.each([Thread, Process])("the exit code of a %o", (Kind) => {
  const run = async (child: InstanceType<typeof Kind>): Promise<typeof child> => {
    child.start();
    expect(await child.join({ timeout: 15_000 })).toBe(true);
    return child;
  };

  it.each([0, 3])("is what the task exits with: %i", async (code) => {
    const child = await run(new Kind(exit, [code]) as never);
    expect(child.exitCode).toBe(code);
    expect(child.error).toBeInstanceOf(WorkerLostError);
  });

  it("is 0 after a return, 1 after a throw", async () => {
    expect(await run(new Kind(square, [2]) as never)).toMatchObject({ exitCode: 0, error: undefined });
    expect(await run(new Kind(fail, ["oh"]) as never)).toMatchObject({ exitCode: 1, error: { message: "oh" } });
  });

  it("is 1 after a throw of undefined", async () => {
    const child = await run(new Kind(throwUndefined) as never);
    expect([child.exitCode, child.error]).toEqual([1, undefined]);
    expect(await child.result().catch((thrown: unknown) => [thrown])).toEqual([undefined]);
  });

  it("is 1 if the task passes on that it lost a worker of its own", async () => {
    const child = await run(new Kind(loseInner) as never);
    expect(child.exitCode).toBe(1);
    expect(child.error).toMatchObject({ name: "WorkerLostError", exitCode: 0 });
  });

  it("is 1 if a timer throws that the task left behind, and its result stands", async () => {
    const child = await run(new Kind(leaveTimer, ["throw"]) as never);
    expect(await child.result()).toBe("returned");
    expect(child.exitCode).toBe(1);
    expect(child.error).toMatchObject({ message: "nobody catches this" });
  });

  it("is that of a timer that the task left behind", async () => {
    const child = await run(new Kind(leaveTimer, ["exit 7"]) as never);
    expect(await child.result()).toBe("returned");
    expect(child.exitCode).toBe(7);
  });

  it("is 0 also if the task posts messages of its own to this thread", async () => {
    const child = await run(new Kind(postOther) as never);
    expect(await child.result()).toBe("posted");
    expect(child.exitCode).toBe(0);
  });
});

describe("a process that a signal ends", () => {
  it.each(["SIGUSR2", "SIGHUP"] as const)("has the number of the signal for an exit code, negated: %s", async (signal) => {
    const notes = makeNotes();
    const child = new Process(note, [notes, 0, 60_000]);
    child.start();
    await expect.poll(() => notesIn(notes), { timeout: 15_000 }).toEqual(["0"]);
    process.kill(child.pid as number, signal);
    expect(await child.join({ timeout: 15_000 })).toBe(true);
    expect(child.exitCode).toBe(-constants.signals[signal]);
    expect(child.error).toMatchObject({ name: "WorkerLostError", signal });
  });
});

describe("a thread that exits", () => {
  it("is ended, with the code that it announced, if an exit listener never returns", async () => {
    const thread = new Thread(exitForEver, [3]);
    thread.start();
    expect(await thread.join({ timeout: 10_000 })).toBe(true);
    expect(thread.exitCode).toBe(3);
    await expect(thread.result()).rejects.toMatchObject({ name: "WorkerLostError", exitCode: 3 });
  });
});
