import { type ElementType, type Handle, RawArray, SharedArray, type Struct, struct, type ThreadMemoryHandle } from "@interlock/core";
import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { posted } from "./posted.ts";
import { keptBy, kinds, shapes, valuesOf } from "./properties.ts";
import { SEED } from "./seed.ts";

const point = struct({ x: "int32", y: "float64" });

// What both kinds of array do. What a lock adds is in array.test.ts.
describe.each([RawArray, SharedArray as unknown as typeof RawArray])("%o", (Kind) => {
  const name = Kind.name;

  it("starts at zero, or holds what it is given", () => {
    expect([...new Kind("int32", 3)]).toEqual([0, 0, 0]);
    expect([...new Kind("q", 2)]).toEqual([0n, 0n]);
    expect([...new Kind("?", [true, false])]).toEqual([true, false]);
    expect([...new Kind("d", new Set([1.5, 2.5]))]).toEqual([1.5, 2.5]);
    expect([...new Kind("i", new Int8Array([1, -1]))]).toEqual([1, -1]);
    expect(new Kind(point, [{ x: 1, y: 2 }]).slice()).toEqual([{ x: 1, y: 2 }]);
    const empty = new Kind("int32", 0);
    expect([empty.length, [...empty], empty.view.length, empty.slice().length]).toEqual([0, [], 0, 0]);
  });

  it("shows its type, its length and its bytes", () => {
    const numbers = new Kind("f", [1, 2, 3]);
    expect([numbers.type, numbers.length]).toEqual(["float32", 3]);
    expect(numbers.view).toEqual(new Float32Array(numbers.view.buffer, numbers.view.byteOffset, 3));
    expect(numbers.view.buffer).toBeInstanceOf(SharedArrayBuffer);
    const points = new Kind(point, 3);
    expect([points.type, points.view.constructor, points.view.length]).toEqual([point, Uint8Array, 48]);
    expect(new Kind("?", 3).view).toEqual(new Uint8Array(new Kind("?", 3).view));
    expectTypeOf(new Kind("int64", 1).view).toEqualTypeOf<BigInt64Array<ArrayBufferLike>>();
    expectTypeOf(new Kind("?", 1).slice()).toEqualTypeOf<boolean[]>();
    expectTypeOf(new Kind(point, 1).slice()).toEqualTypeOf<{ x: number; y: number }[]>();
    expectTypeOf(new Kind(point, 1).get(0).toJSON()).toEqualTypeOf<{ x: number; y: number }>();
  });

  it("has elements by index, also from the end", () => {
    const array = new Kind("int16", [10, 20, 30]);
    array.set(1, 70_000);
    expect([array.get(0), array.at(-1), array.at(1), array.at(-3)]).toEqual([10, 30, 4464, 10]);
    expect([[...array.keys()], [...array.values()], [...array.entries()]]).toEqual([
      [0, 1, 2],
      [10, 4464, 30],
      [
        [0, 10],
        [1, 4464],
        [2, 30],
      ],
    ]);
  });

  it.each([-1, 10, 0.5, Number.NaN, "0", undefined, null, 2 ** 53, Infinity])("refuses index %o", (index) => {
    const array = new Kind("int32", 10);
    const message = `Cannot get element of ${name} as 'index' must be an integer from 0 to 9: received ${index}`;
    expect(() => array.get(index as number)).toThrow(message);
    expect(() => array.get(index as number)).toThrow(RangeError);
    expect(() => array.set(index as number, 1)).toThrow(message.replace("get", "set"));
    if (index !== -1) expect(() => array.at(index as number)).toThrow(message);
    expect(() => array.at(-11)).toThrow(`Cannot get element of ${name} as 'index' must be an integer from -10 to 9: received -11`);
    expect(() => new Kind("int32", 0).get(0)).toThrow("as it has no elements: received 0");
  });

  it("refuses sizes that are none, and values that are not of its type", () => {
    for (const size of [-1, 0.5, Number.NaN, Infinity]) {
      expect(() => new Kind("int32", size)).toThrow(`Cannot create ${name} as its size must be an integer >= 0: received ${size}`);
    }
    expect(() => new Kind("float64", 2 ** 40)).toThrow(RangeError);
    for (const values of [undefined, null, {}, true]) expect(() => new Kind("int32", values as never)).toThrow(/must be iterable/);
    expect(() => new Kind("int32", [1, "2"] as never)).toThrow(`Cannot create ${name} as int32 takes a number: received string`);
    expect(() => new Kind("int32", "12" as never)).toThrow(TypeError);
    expect(() => new Kind("int32", [1, 1.5])).toThrow(`Cannot create ${name} as int32 takes an integer: received 1.5`);
    expect(() => new Kind("int32", new Float64Array([1.5]))).toThrow(RangeError);
    expect(() => new Kind("int32", new BigInt64Array(1) as never)).toThrow(TypeError);
    expect(() => new Kind("int64", new Int32Array(1) as never)).toThrow(TypeError);
    expect(() => new Kind("?", [1] as never)).toThrow(TypeError);
    expect(() => new Kind("x" as never, [])).toThrow(/'type' must be one of/);
    expect(() => new Kind(point, [{ x: 1 }] as never)).toThrow("received none with 'y'");
    expect(() => new Kind("int32", 1).set(0, 1n as never)).toThrow(`Cannot set element of ${name} as int32 takes a number: received bigint`);
    expect(() => new Kind("int32", 1).set(0, 0.5)).toThrow(RangeError);
  });

  it("assigns all or nothing", () => {
    const array = new Kind("int32", [1, 2, 3, 4]);
    array.assign(1, [7, 8]);
    array.assign(4, []);
    array.assign(0, new Int8Array([6]));
    array.assign(3, new Set([9]));
    expect([...array]).toEqual([6, 7, 8, 9]);
    expect(() => array.assign(2, [1, 2, 3])).toThrow(`Cannot assign to ${name} as there is room for 2 of its 4 elements from 2 on: received 3`);
    expect(() => array.assign(2, new Int32Array(5))).toThrow("received 5");
    const endless = (function* () {
      for (;;) yield 1;
    })();
    expect(() => array.assign(2, endless)).toThrow(RangeError);
    expect(() => array.assign(0, [1, 2, 0.5])).toThrow(RangeError);
    expect(() => array.assign(0, [1, 2, "3"] as never)).toThrow(TypeError);
    for (const start of [-1, 5, 0.5, Number.NaN]) {
      expect(() => array.assign(start, [])).toThrow(`Cannot assign to ${name} as 'start' must be an integer from 0 to 4: received ${start}`);
    }
    expect([...array]).toEqual([6, 7, 8, 9]);
    // From itself, onto itself.
    array.assign(1, array.view.subarray(0, 3));
    expect([...array]).toEqual([6, 6, 7, 8]);
    const points = new Kind(point, 3);
    points.assign(1, [{ x: 1, y: 2 }, points.get(0)]);
    expect(() =>
      points.assign(0, [
        { x: 5, y: 5 },
        { x: 0.5, y: 5 },
      ]),
    ).toThrow("field 'x' (int32) takes an integer");
    expect(points.slice()).toEqual([
      { x: 0, y: 0 },
      { x: 1, y: 2 },
      { x: 0, y: 0 },
    ]);
  });

  it("has elements that are live records, if they are structs", () => {
    const points = new Kind(point, 2);
    points.get(1).x = 9;
    points.at(-2).y = 0.5;
    points.set(0, { ...points.get(0).toJSON(), x: 3 });
    const copies = points.slice();
    for (const one of points) one.x += 1;
    expect([copies, points.slice(1)]).toEqual([
      [
        { x: 3, y: 0.5 },
        { x: 9, y: 0 },
      ],
      [{ x: 10, y: 0 }],
    ]);
    expect(points.fill({ x: 1, y: 1 }, -1).slice()).toEqual([
      { x: 4, y: 0.5 },
      { x: 1, y: 1 },
    ]);
  });

  it("is the same array where its handle is attached", () => {
    for (const type of ["int8", "d", "?", point] as ElementType[]) {
      const array = new Kind(type, 4);
      const attached = Kind.attach(posted(array.handle));
      (array.view as Uint8Array).fill(1);
      expect([attached.length, attached.type]).toEqual([4, array.type]);
      expect(attached.view).toEqual(array.view);
    }
    const { memory } = new Kind("int8", 3);
    expect(new Kind("float64", 2, { memory }).memory).toBe(memory);
  });

  it("has memory of its own if it is large, with room for every element", () => {
    const large = new Kind("int32", 100_001);
    const tail = new Kind(struct({ a: "int8", b: "int8", c: "int8" }), 30_001);
    large.set(100_000, -5);
    tail.get(30_000).c = -6;
    expect([large.at(-1), large.view.at(-1), tail.at(-1).c, tail.view.at(-1)]).toEqual([-5, -5, -6, 250]);
    expect(large.memory).not.toBe(new Kind("int8", 1).memory);
  });

  it("refuses hostile handles", () => {
    const { handle } = new Kind("int32", 4);
    const room = (handle.memory as ThreadMemoryHandle).buffer.byteLength;
    for (const length of [-1, 0.5, Number.NaN, 2 ** 53, Infinity, "4", undefined, null]) {
      expect(() => Kind.attach({ ...handle, length } as Handle)).toThrow(`Cannot attach ${name} as 'length' must be an integer >= 0: received ${length}`);
    }
    for (const change of [
      { length: room / 4 + 1 },
      { length: 2 ** 52 },
      { offset: 4 },
      { offset: room },
      { offset: -8 },
      { type: "float64", length: room / 8 + 1 },
    ]) {
      expect(() => Kind.attach({ ...handle, ...change })).toThrow(RangeError);
    }
    for (const change of [{ type: "x" }, { type: { x: "x" } }, { type: undefined }, { kind: "Value" }, { kind: "Lock" }]) {
      expect(() => Kind.attach({ ...handle, ...change } as Handle)).toThrow(TypeError);
    }
    expect(() => Kind.attach(undefined as never)).toThrow(TypeError);
    const part = fc.oneof(fc.anything(), fc.integer(), fc.double(), fc.constantFrom("int32", "float64"));
    fc.assert(
      fc.property(fc.record({ offset: part, length: part, type: part }, { requiredKeys: [] }), (change) => {
        try {
          const { view } = Kind.attach({ ...handle, ...change } as Handle);
          expect(view.byteOffset + view.byteLength).toBeLessThanOrEqual(room);
        } catch (error) {
          expect((error as Error).message).toMatch(/^Cannot /);
        }
      }),
      SEED,
    );
  });

  it.each(kinds)("of type $name does what a plain array does", ({ name: type, values, kept }) => {
    const size = 6;
    const bound = fc.option(fc.integer({ min: -2 * size, max: 2 * size }), { nil: undefined });
    const index = fc.nat(size - 1);
    const deeds = fc.oneof(
      fc.record({ do: fc.constant("set" as const), index, value: values }),
      fc.record({ do: fc.constant("fill" as const), value: values, from: bound, to: bound }),
      fc.record({ do: fc.constant("assign" as const), index, values: fc.array(values, { maxLength: size }) }),
      fc.record({ do: fc.constant("slice" as const), from: bound, to: bound }),
    );
    fc.assert(
      fc.property(fc.array(values, { minLength: size, maxLength: size }), fc.array(deeds), (first, steps) => {
        const array = new Kind(type, first as never) as unknown as RawArray<"int32">;
        const model = first.map((value) => kept(value as never)) as number[];
        for (const step of steps) {
          if (step.do === "set") {
            array.set(step.index, step.value as never);
            model[step.index] = kept(step.value as never) as never;
          } else if (step.do === "fill") {
            array.fill(step.value as never, step.from, step.to);
            model.fill(kept(step.value as never) as never, step.from, step.to);
          } else if (step.do === "slice") {
            expect(Array.from(array.slice(step.from, step.to))).toEqual(model.slice(step.from, step.to));
          } else if (step.index + step.values.length > size) {
            expect(() => array.assign(step.index, step.values as never)).toThrow(RangeError);
          } else {
            array.assign(step.index, step.values as never);
            model.splice(step.index, step.values.length, ...(step.values.map((value) => kept(value as never)) as never[]));
          }
          expect([...Kind.attach(posted(array.handle))]).toEqual(model);
        }
      }),
      SEED,
    );
  });

  it("of structs does what a plain array does", () => {
    const cases = shapes.chain((of) => fc.tuple(fc.constant(of), fc.array(valuesOf(of), { maxLength: 5 }), valuesOf(of), fc.nat(4), fc.nat(5)));
    fc.assert(
      fc.property(cases, ([of, first, filler, from, to]) => {
        const build = (shape: typeof of): Struct =>
          struct(Object.fromEntries(shape.map(([key, type]) => [key, typeof type === "string" ? type : build(type)])));
        const array = new Kind(build(of), first as never);
        const model = first.map((value) => keptBy(of, value));
        expect(array.slice()).toEqual(model);
        array.fill(filler as never, from, to);
        model.fill(keptBy(of, filler), from, to);
        expect(Kind.attach(posted(array.handle)).slice()).toEqual(model);
        array.assign(0, model.toReversed() as never);
        expect(Array.from(array, (record) => record.toJSON())).toEqual(model.toReversed());
      }),
      SEED,
    );
  });
});
