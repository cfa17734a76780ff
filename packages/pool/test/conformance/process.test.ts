import { activeChildren, cpuCount, currentProcess, Process, parentProcess, type Thread, WorkerLostError } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { collectUntil } from "../fixtures/collect.ts";
import { makeNotes, notesIn } from "../fixtures/notes.ts";
import { countFiles, daemons, divide, hold, introduce, leave, leaveThreads, nap, nothing, receive, tree, upperCase } from "./process-tasks.ts";
import { DELTA, forbidRescues, KINDS, START, sleep, starter, WAKE } from "./support.ts";

forbidRescues();

const COUNT = 5;

describe.each(KINDS)("%s", (kind, Kind) => {
  const start = starter(Kind);

  it("_TestProcess.test_current", async () => {
    expect(currentProcess()).toMatchObject({ daemon: false, exitCode: undefined, id: process.pid });
    expect(currentProcess().isAlive()).toBe(true);
    const child = start(introduce, []);
    const self = await child.result();
    expect(self).toMatchObject({ daemon: false, exitCode: undefined, alive: true });
    if (kind === "process") expect(self).toMatchObject({ id: child.id, pid: child.id });
    else expect(self.id).toBe(child.id);
  });

  it("_TestProcess.test_args_argument", async () => {
    const lists = [[1], ["str"], [[1], new Set([1])]];
    const children = lists.map((args) => start(receive, args));
    for (const [i, child] of children.entries()) {
      expect((await child.result()).args).toEqual(lists[i]);
      await child.join();
      expect(child.exitCode).toBe(0);
    }
  });

  it("_TestProcess.test_daemon_argument", async () => {
    expect([{}, { daemon: true }, { daemon: false }].map((options) => new Kind(nothing, [], options).daemon)).toEqual([false, true, false]);
    for (const daemon of [true, false]) expect(await start(daemons, [kind], { daemon }).result()).toEqual([daemon, daemon, true, false]);
  });

  it("_TestProcess.test_parent_process_attributes", async () => {
    expect(parentProcess()).toBeUndefined();
    const { name } = currentProcess();
    expect((await start(introduce, []).result()).parent).toEqual({ name, pid: process.pid });
  });

  it("_TestProcess.test_process", async () => {
    const args = ["first", 2, { hello: 23, bye: 2.54 }];
    const child = new Kind(receive, args, { name: "SomeProcess", daemon: true });
    expect(child.daemon).toBe(true);
    expect([child.isAlive(), child.exitCode, activeChildren()]).toEqual([false, undefined, []]);
    child.start();
    expect([child.isAlive(), child.exitCode, activeChildren()]).toEqual([true, undefined, [child]]);
    const { id, pid, ...received } = await child.result();
    expect(received).toEqual({ args, name: "SomeProcess" });
    expect([id, pid]).toEqual([child.id, kind === "process" ? child.id : process.pid]);
    await child.join();
    expect([child.isAlive(), child.exitCode, activeChildren()]).toEqual([false, 0, []]);
  });

  it("_TestProcess.test_process_mainthread_native_id", async () => {
    const ids = await Promise.all([start(introduce, []), start(introduce, [])].map(async (child) => (await child.result()).id));
    expect(new Set([...ids, currentProcess().id]).size).toBe(3);
  });

  const stop = async (how: "terminate" | "kill"): Promise<number | undefined> => {
    const child = start(nap, [60_000], { daemon: true });
    expect([child.isAlive(), activeChildren(), child.exitCode]).toEqual([true, [child], undefined]);
    for (const timeout of [0, -1]) {
      const started = performance.now();
      expect(await child.join({ timeout })).toBe(false);
      expect(performance.now() - started).toBeLessThan(10 * DELTA);
      expect(child.isAlive()).toBe(true);
    }
    // It has begun by then, or not: either is well.
    await sleep(DELTA);
    const started = performance.now();
    void child[how]();
    expect(await child.join()).toBe(true);
    expect(performance.now() - started).toBeLessThan(WAKE);
    expect([child.isAlive(), activeChildren()]).toEqual([false, []]);
    return child.exitCode;
  };

  it("_TestProcess.test_terminate", async () => {
    expect(await stop("terminate")).toBe(-15);
  });

  it("_TestProcess.test_kill", async () => {
    expect(await stop("kill")).toBe(-9);
  });

  it("_TestProcess.test_cpu_count", async () => {
    expect(cpuCount()).toBeGreaterThanOrEqual(1);
    expect(Number.isInteger(cpuCount())).toBe(true);
  });

  it("_TestProcess.test_active_children", async () => {
    expect(activeChildren()).toEqual([]);
    const child = new Kind(nap, [DELTA]);
    expect(activeChildren()).not.toContain(child);
    child.start();
    expect(activeChildren()).toContain(child);
    await child.join();
    expect(activeChildren()).not.toContain(child);
  });

  it("_TestProcess.test_recursion", async () => {
    const notes = makeNotes();
    await start(tree, [kind, notes, []]).result();
    expect(notesIn(notes)).toEqual(["[]", "[0]", "[0,0]", "[0,1]", "[1]", "[1,0]", "[1,1]"]);
  });

  it("_TestProcess.test_sentinel", async () => {
    const child = new Kind(nap, [20 * DELTA]);
    await expect(child.join()).rejects.toThrow(`Cannot join ${child.name} as it was not started`);
    child.start();
    let ended = false;
    const sentinel = child.join().then(() => {
      ended = true;
      return child;
    });
    await sleep(DELTA);
    expect([ended, await child.join({ timeout: 0 })]).toEqual([false, false]);
    expect(await Promise.race([sentinel, start(nap, [60_000], { daemon: true }).join()])).toBe(child);
    expect(await child.join()).toBe(true);
  });

  it("_TestProcess.test_close", async () => {
    const [ref, seen] = await (async () => {
      const child = new Kind(nap, [DELTA]);
      child.start();
      const running = await refusalOf(() => child.close());
      await child.join();
      const { exitCode } = child;
      child.close();
      const uses: (() => unknown)[] = [() => child.isAlive(), () => child.join(), () => child.terminate(), () => child.kill()];
      const refusals = await Promise.all(uses.map(refusalOf));
      child.close();
      return [new WeakRef(child), { running, exitCode, refusals }] as const;
    })();
    expect(seen.running).toMatch(/^Error: Cannot close .* as it is running/);
    expect(seen.exitCode).toBe(0);
    for (const refusal of seen.refusals) expect(refusal).toMatch(/^Error: Cannot .* as it is closed$/);
    // Expectations keep what they are given, so none was given the child.
    expect(await collectUntil(() => ref.deref() === undefined, 200)).toBe(true);
  });

  it("_TestProcess.test_many_processes", async () => {
    const short = Array.from({ length: COUNT }, () => start(nap, [10]));
    for (const child of short) expect(await child.join()).toBe(true);
    expect(short.map(({ exitCode }) => exitCode)).toEqual(Array(COUNT).fill(0));
    const long = Array.from({ length: COUNT }, () => start(nap, [60_000]));
    await sleep(DELTA);
    for (const child of long) void child.terminate();
    for (const child of long) expect(await child.join({ timeout: START })).toBe(true);
    expect(long.map(({ exitCode }) => exitCode)).toEqual(Array(COUNT).fill(-15));
  });

  it("_TestProcess.test_lose_target_ref", async () => {
    const [child, ref] = (() => {
      const given = { some: "object" };
      return [start(hold, [given, 60_000], { daemon: true }), new WeakRef(given)] as const;
    })();
    expect(await collectUntil(() => ref.deref() === undefined, 200)).toBe(true);
    expect(child.isAlive()).toBe(true);
  });

  it("_TestProcess.test_wait_for_threads", async () => {
    const child = start(leaveThreads, [500, 30_000]);
    const started = performance.now();
    await child.join();
    expect(performance.now() - started).toBeGreaterThan(500 - 1);
    expect(performance.now() - started).toBeLessThan(START);
    expect(child.exitCode).toBe(0);
  });

  it("_TestSubclassingProcess.test_subclassing", async () => {
    class UpperCaser extends (Kind as typeof Thread)<[readonly string[]], string[]> {
      constructor(...words: string[]) {
        super(upperCase, [words], { name: "upper-caser" });
      }
      async said(): Promise<string> {
        return (await this.result()).join(", ");
      }
    }
    const child = new UpperCaser("hello", "world");
    child.start();
    expect(await child.said()).toBe("HELLO, WORLD");
    await child.join();
    expect([child.name, child.exitCode]).toEqual(["upper-caser", 0]);
  });

  it("_TestSubclassingProcess.test_sys_exit", async () => {
    const ends: readonly [...Parameters<typeof leave>, exitCode: number, error: unknown][] = [
      ["throw", [1, 2, 3], 1, [1, 2, 3]],
      ["throw", "ignore this", 1, "ignore this"],
      ["exit", 1, 1, expect.any(WorkerLostError)],
      ["exit", 8, 8, expect.any(WorkerLostError)],
      ["exit", undefined, 0, expect.any(WorkerLostError)],
      ["set", 8, 8, undefined],
    ];
    const children = ends.map(([how, reason]) => start(leave, [how, reason]));
    for (const [i, child] of children.entries()) {
      const [, , exitCode, error] = ends[i] as (typeof ends)[number];
      expect(await child.join({ timeout: START })).toBe(true);
      expect([child.exitCode, child.error]).toEqual([exitCode, error]);
    }
  });

  it("_TestSubclassingProcess.test_stderr_flush", async () => {
    const child = start(divide, ["in the task"]);
    await child.join();
    expect(child.exitCode).toBe(1);
    expect(child.error).toBeInstanceOf(RangeError);
    for (const text of ["division by zero", "process-tasks.ts"]) expect((child.error as Error).stack).toContain(text);

    const uncaught = start(divide, ["in a timer"], kind === "process" ? { stdio: "pipe" } : {});
    const printed = uncaught instanceof Process ? textOf(uncaught.stderr) : undefined;
    await uncaught.join();
    expect(uncaught.exitCode).toBe(1);
    if (printed === undefined) return;
    for (const text of ["RangeError", "division by zero", "process-tasks.ts"]) expect(await printed).toContain(text);
  });
});

describe("process", () => {
  const start = starter(Process);

  it("_TestProcess.test_set_executable", async () => {
    const flags = "Deno" in globalThis ? ["run", "-A"] : [];
    const child = start(nothing, [], { execPath: process.execPath, execArgv: [...flags, "--conditions=@interlock/source"] });
    await child.join();
    expect(child.exitCode).toBe(0);
  });

  it("_TestProcess.test_child_fd_inflation", async () => {
    const children = Array.from({ length: COUNT }, () => start(countFiles, []));
    const counts = await Promise.all(children.map((child) => child.result()));
    expect(counts).toEqual(Array(COUNT).fill(counts[0]));
  });
});

async function textOf(stream: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of stream ?? []) text += decoder.decode(piece, { stream: true });
  return text;
}

/** What somebody throws, or rejects with. */
async function refusalOf(use: () => unknown): Promise<string> {
  try {
    await use();
    return "nothing";
  } catch (error) {
    return String(error);
  }
}
