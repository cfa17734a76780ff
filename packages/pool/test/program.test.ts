import { describe, expect, it } from "vitest";
import { runProgram } from "./fixtures/run-program.ts";

// What only a main thread shows: what keeps a program alive, and what does not.
describe("a program", () => {
  it("stays alive for a pending acquireAsync, and then ends", async () => {
    expect(await runProgram("stays-alive")).toMatchObject({ status: 0, stdout: "granted" });
  });

  it("ends although it has an idle pool", async () => {
    expect(await runProgram("idle-pool-ends")).toMatchObject({ status: 0, stdout: expect.stringMatching(/1, 4, 9/) });
  });

  it("ends although a daemon thread sleeps in a lock", async () => {
    expect(await runProgram("exit-code")).toMatchObject({ status: 0, stdout: "end" });
  });

  it("may be one file with its tasks", async () => {
    expect(await runProgram("single-file")).toMatchObject({ status: 0, stdout: expect.stringMatching(/3, 6, 9/) });
  });

  it("is told to guard its main part when a worker imports it", async () => {
    const { status, stdout } = await runProgram("unguarded");
    expect(stdout).toMatch(
      /^TypeError: Cannot start Thread-1 as this module is being imported by a worker: guard its main part with if \(import\.meta\.main\)/,
    );
    expect(status).toBe(0);
  });
});
