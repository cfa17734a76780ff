import { describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { runProgram } from "./fixtures/run-program.ts";

// What only a main thread shows: what keeps a program alive, and what does not.
describe("a program", () => {
  it.each(["Lock", "RLock", "Value"])("stays alive for a pending acquireAsync of a %s, and then ends", async (KIND) => {
    expect(await runProgram("stays-alive", { KIND })).toMatchObject({ status: 0, stdout: "granted" });
  });

  it.each(BACKENDS)("ends although it has an idle pool, on the backend %s", async (BACKEND) => {
    expect(await runProgram("idle-pool-ends", { BACKEND })).toMatchObject({ status: 0, stdout: expect.stringMatching(/1, 4, 9/) });
  });

  it("ends although a daemon thread sleeps in a lock", async () => {
    expect(await runProgram("daemon-ends")).toMatchObject({ status: 0, stdout: "end" });
  });

  it("stays alive for a daemon that somebody awaits, and no longer", async () => {
    expect(await runProgram("daemon-awaited")).toMatchObject({ status: 0, stdout: "true\n144\ntrue\n144\nfalse", stderr: "" });
  });

  it.each(BACKENDS)("may be one file with its tasks, on the backend %s", async (BACKEND) => {
    expect(await runProgram("single-file", { BACKEND })).toMatchObject({ status: 0, stdout: expect.stringMatching(/3, 6, 9/) });
  });

  it("awaits its processes, but for daemons", async () => {
    expect(await runProgram("awaits-processes")).toMatchObject({ status: 0, stdout: "end\nawaited", stderr: "" });
  });

  it.each(["Thread", "Process"])("stops its children one by one although it blocks meanwhile, and warns of nothing: %s", async (KIND) => {
    expect(await runProgram("blocked-terminate", { KIND })).toMatchObject({ status: 0, stdout: "end", stderr: "" });
  });
});

describe("a program whose main part is not guarded", () => {
  const REFUSED =
    "as this code runs in a worker, outside its tasks: workers import the modules of their tasks, so guard the main part with if (import.meta.main) { ... }";

  it.each([
    ["Thread", "start Thread-1"],
    ["Process", "start Process-1"],
    ["Pool", "create Pool", "thread"],
    ["Pool", "create Pool", "process"],
  ])("is told so when a worker imports it: %s", async (KIND, action, BACKEND = "") => {
    const { status, stdout } = await runProgram("unguarded", { KIND, BACKEND });
    expect(stdout).toBe(`main\nmain\nTypeError: Cannot ${action} ${REFUSED}`);
    expect(status).toBe(0);
  });

  it.each([["Thread"], ["Process"], ["Pool", "thread"], ["Pool", "process"]])(
    "is told so also when it gets to work later, while a task runs: %s",
    async (KIND, BACKEND = "") => {
      const { status, stdout } = await runProgram("unguarded-later", { KIND, BACKEND });
      expect(stdout).toBe(`main\nmain\nTypeError: Cannot ${KIND === "Pool" ? "create Pool" : `start ${KIND}-1`} ${REFUSED}`);
      expect(status).toBe(0);
    },
  );
});
