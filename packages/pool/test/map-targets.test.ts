import vm from "node:vm";
import { RawArray, SharedArray, struct } from "@interlock/core";
import { Pool, type TypedArray } from "@interlock/pool";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { double, doubled, half, laterHalf, negate, nextUp, notThis, oddOne } from "./fixtures/target-tasks.ts";

declare const Float16Array: Uint16ArrayConstructor | undefined;

const HALF = typeof Float16Array === "undefined" ? [] : [Float16Array];
const TYPES = [...HALF, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array] as const;
const BIG_TYPES = [BigInt64Array, BigUint64Array] as const;

/** So few travel; so many are found in shared memory. */
const LENGTHS = [10, 5000];

const numbers = Array.from({ length: 5000 }, (_, i) => i);

describe.each(BACKENDS)("backend %s", (backend) => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ backend, size: 2 });
  });
  afterAll(() => pool.terminate());

  describe.each(LENGTHS)("a map of %i elements gives what the array's own map would", (length) => {
    it.each(TYPES.map((Type) => [Type.name, Type] as const))("%s", async (_name, Type) => {
      const input = (new Type(length) as Float64Array).map((_, i) => i % 100);
      const output = await pool.map(nextUp, input);
      expect(output).toBeInstanceOf(Type);
      expect(output).toEqual(input.map((n) => n + 1));
      expect(input[1]).toBe(1);
    });

    it.each(BIG_TYPES.map((Type) => [Type.name, Type] as const))("%s", async (_name, Type) => {
      const input = (new Type(length) as BigInt64Array).map((_, i) => BigInt(i));
      expect(await pool.map(nextUp, input)).toEqual(input.map((n) => n + 1n));
    });

    it("of another realm", async () => {
      const input = vm.runInNewContext(`new Float64Array(${length}).fill(3)`) as Float64Array;
      const output = await pool.map(half, input);
      expect(output.buffer[Symbol.toStringTag]).toBe("ArrayBuffer");
      expect([output.length, output.at(-1), input.at(-1)]).toEqual([length, 1.5, 3]);
    });

    it("in shared memory, which gives shared memory and leaves the input", async () => {
      const input = new Float64Array(new SharedArrayBuffer(8 * length)).fill(3);
      const output: TypedArray = await pool.map(half, input);
      expect(output.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect([output.length, output.at(-1), input.at(-1)]).toEqual([length, 1.5, 3]);
    });

    it("with promises for results", async () => {
      expect(await pool.map(laterHalf, Float64Array.from(numbers.slice(0, length)))).toEqual(Float64Array.from(numbers.slice(0, length), (n) => n / 2));
    });
  });

  describe("a map over many numbers", () => {
    it("keeps a result that is none, and all others", async () => {
      expect(await pool.map(oddOne, numbers)).toEqual(numbers.map((n) => (n === 4500 ? "odd" : -n)));
    });

    it("refuses it for a typed array, by its index", async () => {
      await expect(pool.map(oddOne, Float64Array.from(numbers) as never)).rejects.toThrow(
        'Cannot put the result of items[4500] into a Float64Array as it must be a number: received "odd"',
      );
      await expect(pool.map(negate, BigInt64Array.from(numbers, BigInt))).resolves.toEqual(BigInt64Array.from(numbers, (n) => BigInt(-n)));
    });

    it.each([true, false])("throws what one of its calls threw (fail fast: %s)", async (failFast) => {
      await expect(pool.map(notThis, numbers, { failFast })).rejects.toThrow(new RangeError("not 4500"));
      await expect(pool.map(notThis, Float64Array.from(numbers), { failFast })).rejects.toThrow(new RangeError("not 4500"));
    });
  });

  describe("a map in place", () => {
    it.each(["float32", "float64", "int32"] as const)("replaces the elements of a %s array, and leaves one whose call threw", async (type) => {
      const array = new SharedArray(type, numbers);
      expect(await pool.map(negate, array)).toBe(array);
      expect(array.get(4999)).toBe(-4999);
      const raw = new RawArray(type, numbers);
      await expect(pool.map(notThis, raw)).rejects.toThrow(new RangeError("not 4500"));
      expect([raw.get(4499), raw.get(4500), raw.get(4999)]).toEqual([-4499, 4500, -4999]);
    });

    it("refuses a result that does not fit", async () => {
      const array = new SharedArray("int32", [2, 3]);
      await expect(pool.map(half, array)).rejects.toThrow(RangeError);
      expect([array.get(0), array.get(1)]).toEqual([1, 3]);
    });

    it.each([
      ["puts records where they were", doubled],
      // A process has a copy.
      ...(backend === "thread" ? ([["changes live records", double]] as const) : []),
    ] as const)("%s", async (_, fn) => {
      const points = new SharedArray(struct({ x: "float64", y: "int32" }), [
        { x: 0.5, y: 1 },
        { x: 1.5, y: 2 },
      ]);
      await pool.map(fn as never, points as never);
      expect(points.slice()).toEqual([
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ]);
    });
  });
});
