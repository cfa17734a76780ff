import { Pool } from "@interlock/pool";
import { afterAll, describe, expect, it } from "vitest";
import { later, makeCells } from "./fixtures/cells.ts";
import { failAt, squareButThree } from "./fixtures/pool-tasks.ts";

describe("failFast", () => {
  const pool = new Pool({ size: 2 });
  afterAll(() => pool.terminate());

  const itemsOf = (cells: Int32Array, failing: readonly number[]): [Int32Array, number, readonly number[]][] =>
    Array.from(cells, (_, i) => [cells, i, failing]);

  it("false: all items run, and the error of the first that failed is thrown", async () => {
    const cells = makeCells(40);
    await expect(pool.starmap(failAt, itemsOf(cells, [7, 30]))).rejects.toThrow("item 7");
    expect([...cells]).toEqual(Array(40).fill(1));
  });

  it("true: an error is thrown at once, and what has not begun never does", async () => {
    const cells = makeCells(400);
    await expect(pool.starmap(failAt, itemsOf(cells, [3]), { failFast: true })).rejects.toThrow("item 3");
    await later(100);
    expect(cells.reduce((sum, n) => sum + n)).toBeLessThan(200);
    expect(pool.stats()).toMatchObject({ waiting: 0, running: 0 });
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
