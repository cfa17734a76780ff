import { activeChildren, cpuCount, currentProcess, Process, parentProcess, Thread } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { introduceSelf, sleep, startChild } from "./fixtures/process-tasks.ts";

describe.each([
  ["Thread", Thread],
  ["Process", Process],
])("a %s", (kind, Kind) => {
  it("knows who it is, and who started it", async () => {
    const child = new Kind(introduceSelf, [], { name: "me", daemon: true });
    child.start();
    const { id, pid, ...self } = await child.result();
    expect(self).toEqual({ name: "me", daemon: true, alive: true, parent: { name: currentProcess().name, id: currentProcess().id, pid: process.pid } });
    if (kind === "Process") expect([id, pid]).toEqual([child.id, child.id]);
    else expect(pid).toBe(process.pid);
    await child.join();
  });

  it("passes on whether it is a daemon", async () => {
    for (const daemon of [true, false]) {
      const child = new Kind(startChild, [kind], { daemon });
      child.start();
      expect(await child.result()).toEqual([daemon, daemon]);
    }
  });

  it("is an active child from its start to its end", async () => {
    const child = new Kind(sleep, [0]);
    expect(activeChildren()).not.toContain(child);
    child.start();
    expect(activeChildren()).toContain(child);
    await child.join();
    expect(activeChildren()).not.toContain(child);
  });
});

it("a main thread is the main process, and has no parent", () => {
  // Where the test itself runs in a worker of the test runner, that is none of ours.
  expect(currentProcess()).toMatchObject({ name: "MainProcess", daemon: false, pid: process.pid, exitCode: undefined });
  expect(currentProcess().isAlive()).toBe(true);
  expect(parentProcess()).toBeUndefined();
});

it("there is a processor", () => {
  expect(cpuCount()).toBeGreaterThanOrEqual(1);
});
