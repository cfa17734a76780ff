import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Pool } from "@interlock/pool";
import { describe, expect, it, onTestFinished } from "vitest";
import { BACKENDS } from "../fixtures/backends.ts";
import { collectUntil } from "../fixtures/collect.ts";
import { listOf, sharedPool } from "./pool-support.ts";
import { identity, sqr } from "./pool-tasks.ts";
import { forbidRescues, WAKE } from "./support.ts";

forbidRescues();

describe.each(BACKENDS)("%s", (backend) => {
  const pool = sharedPool(backend);

  const COUNT = 50;
  /** A stack that is scanned conservatively may keep those that it saw last. */
  const FEW = 5;

  /** Runs objects through a pool in each way that there is; returns references to them and to what came back. */
  async function exercise(one: Pool, signal: AbortSignal): Promise<Record<string, WeakRef<object>[]>> {
    const items = (): object[] => Array.from({ length: COUNT }, (_, i) => ({ i, text: `item ${i}` }));
    const ways: Record<string, (given: object[]) => Promise<object[]>> = {
      map: (given) => one.map(identity, given),
      mapUntilAborted: (given) => one.map(identity, given, { signal }),
      starmap: (given) =>
        one.starmap(
          identity,
          given.map((item) => [item]),
          { chunkSize: 7 },
        ),
      imap: (given) => listOf(one.imap(identity, given)),
      imapUntilAborted: (given) => listOf(one.imap(identity, given, { signal })),
      apply: (given) => Promise.all(given.map((item) => one.apply(identity, [item]))),
      applyUntilAborted: (given) => Promise.all(given.map((item) => one.apply(identity, [item], { signal }))),
    };
    const seen: Record<string, WeakRef<object>[]> = {};
    for (const [name, run] of Object.entries(ways)) {
      const given = items();
      const got = await run(given);
      expect(got).toEqual(given);
      seen[name] = [...given, ...got].map((object) => new WeakRef(object));
    }
    return seen;
  }

  it("_TestPool.test_release_task_refs", async () => {
    // Lives longer than all calls, as that of a server may.
    const { signal } = new AbortController();
    const seen = await exercise(pool(), signal);
    const left = (): [string, number][] => Object.entries(seen).map(([name, refs]) => [name, refs.filter((ref) => ref.deref() !== undefined).length]);
    await collectUntil(() => left().every(([, count]) => count <= FEW), 200);
    expect(left().filter(([, count]) => count > FEW)).toEqual([]);
  });

  /** Warnings that name a pool. */
  function warningsOf(name: string): Error[] {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void (warning.message.startsWith(name) && warnings.push(warning));
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    return warnings;
  }

  it("_TestPool.test_resource_warning", async () => {
    const kept = warningsOf("kept");
    await (async () => {
      const one = new Pool({ backend, size: 1, name: "kept" });
      expect(await one.map(sqr, [2])).toEqual([4]);
      await one.terminate();
      await one.join();
    })();

    const dropped = warningsOf("dropped");
    let exits = 0;
    const onExit = (event: unknown): void => void ((event as { pool: string }).pool === "dropped" && exits++);
    subscribe("interlock.pool.worker.exit", onExit);
    onTestFinished(() => void unsubscribe("interlock.pool.worker.exit", onExit));
    const last = (() => {
      const one = new Pool({ backend, size: 2, name: "dropped" });
      return one.apply(sqr, [3, 300]);
    })();
    expect(await collectUntil(() => dropped.length > 0, 300)).toBe(true);
    expect(dropped).toMatchObject([{ name: "ResourceWarning", message: expect.stringContaining("was dropped while it ran") }]);
    // What was given is done, and then the workers are ended.
    expect(await last).toBe(9);
    await expect.poll(() => exits, { timeout: WAKE }).toBe(2);
    expect(kept).toEqual([]);
  });
});
