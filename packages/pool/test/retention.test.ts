import { Atomic } from "@interlock/core";
import { Pool } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { makeNotes, notesIn } from "./fixtures/notes.ts";
import { passOn, passOnLater, passPairOn } from "./fixtures/retention-tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  it.each([
    ["at once", passOn],
    ["later", passOnLater],
  ] as const)("an idle worker keeps neither arguments nor results of a task that ended %s", async (_, fn) => {
    const pool = new Pool({ backend, size: 1 });
    // Core objects take another way.
    const makeItem = (): object => (backend === "thread" ? { n: new Atomic("int32") } : { n: 1 });
    try {
      const gone = makeNotes();
      await pool.apply<[object, string], unknown>(fn, [makeItem(), gone]);
      await expect.poll(() => notesIn(gone).length, { timeout: 5000 }).toBe(1);
      await pool.starmap<[object, string], unknown>(fn, [[makeItem(), gone]]);
      await expect.poll(() => notesIn(gone).length, { timeout: 5000 }).toBe(2);
    } finally {
      await pool.terminate();
    }
  });

  it("nor of a map, whose calls follow each other in a loop", async () => {
    const pool = new Pool({ backend, size: 1 });
    try {
      const gone = makeNotes();
      await pool.map(
        passPairOn,
        Array.from({ length: 5 }, () => [{ n: 1 }, gone] as const),
      );
      await expect.poll(() => notesIn(gone).length, { timeout: 5000 }).toBe(5);
    } finally {
      await pool.terminate();
    }
  });
});
