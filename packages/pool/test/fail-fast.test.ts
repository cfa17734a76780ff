import { Pool } from "@interlock/pool";
import { afterAll, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { later } from "./fixtures/later.ts";
import { countsIn, makeNotes, notesIn } from "./fixtures/notes.ts";
import { failAt, squareButThree } from "./fixtures/pool-tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  describe("failFast", () => {
    const pool = new Pool({ backend, size: 2 });
    afterAll(() => pool.terminate());

    const itemsOf = (length: number, notes: string, failing: readonly number[]): [string, number, readonly number[]][] =>
      Array.from({ length }, (_, i) => [notes, i, failing]);

    it("false: all items run, and the error of the first that failed is thrown", async () => {
      const notes = makeNotes();
      await expect(pool.starmap(failAt, itemsOf(40, notes, [7, 30]))).rejects.toThrow("item 7");
      expect(countsIn(notes, 40)).toEqual(Array(40).fill(1));
    });

    it("true: an error is thrown at once, and what has not begun never does", async () => {
      const notes = makeNotes();
      await expect(pool.starmap(failAt, itemsOf(400, notes, [3]), { failFast: true })).rejects.toThrow("item 3");
      await expect.poll(() => pool.stats(), { timeout: 5000 }).toMatchObject({ waiting: 0, running: 0 });
      await later(100);
      expect(notesIn(notes).length).toBeLessThan(200);
    });

    it("of an imap is true: it ends with the error", async () => {
      const results: number[] = [];
      const loop = async (): Promise<void> => {
        for await (const n of pool.imap(squareButThree, [1, 2, 3, 4])) results.push(n);
      };
      await expect(loop()).rejects.toThrow("three");
      expect(results).toEqual([1, 4]);
    });

    it("false lets an imap go on after an error", async () => {
      const squares = pool.imap(squareButThree, [1, 2, 3, 4], { failFast: false });
      expect([(await squares.next()).value, (await squares.next()).value]).toEqual([1, 4]);
      await expect(squares.next()).rejects.toThrow("three");
      expect([(await squares.next()).value, (await squares.next()).done]).toEqual([16, true]);
    });
  });
});
