import { Atomic, dehydrate, type Fields, type Handle, hydrate, RawValue, type Struct, struct, type ThreadMemoryHandle, Value } from "@interlock/core";
import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { posted } from "./posted.ts";
import { keptBy, kindOf, type Shape, shapes, valuesOf } from "./properties.ts";
import { SEED } from "./seed.ts";

const point = struct({ x: "int32", y: "float64" });
const shape = struct({ sides: "uint8", center: point, area: "int64", filled: "?" });
const square = { sides: 4, center: { x: 1, y: 2.5 }, area: 9n, filled: true };

function build(of: Shape): Struct {
  return struct(Object.fromEntries(of.map(([name, type]) => [name, typeof type === "string" ? type : build(type)])));
}

describe("layout", () => {
  // The figures are those of Python's ctypes on x86-64 Linux: offsets, sizeof, alignment.
  it.each<[Struct<never>, number[], number, number]>([
    [struct({ x: "int32", y: "float64" }), [0, 8], 16, 8],
    [struct({ x: "int32", y: "float64", z: "int64" }), [0, 8, 16], 24, 8],
    [struct({ a: "int8", b: "int16", c: "int8" }), [0, 2, 4], 6, 2],
    [struct({ a: "bool", b: "int64", c: "bool" }), [0, 8, 16], 24, 8],
    [struct({ a: "int64", b: "int8" }), [0, 8], 16, 8],
    [struct({ a: "uint8", b: "uint8", c: "uint8" }), [0, 1, 2], 3, 1],
    [struct({ a: "float32", b: "uint16", c: "int8", d: "uint32" }), [0, 4, 6, 8], 12, 4],
    [struct({ a: "int8", p: struct({ x: "float64", y: "float64" }) }), [0, 8], 24, 8],
    [struct({ a: "int8", p: struct({ b: "int8", c: "int16" }), d: "int8" }), [0, 2, 6], 8, 2],
    [struct({ p: struct({ a: "int32", b: "int8" }), c: "int8" }), [0, 8], 12, 4],
    [struct({ a: "bool", p: struct({ q: struct({ r: "uint64", s: "bool" }), t: "int16" }), u: "float32" }), [0, 8, 32], 40, 8],
    [struct({ a: "b", b: "B", c: "h", d: "H", e: "i", f: "I", g: "q", h: "Q", i: "f", j: "d", k: "?" }), [0, 1, 2, 4, 8, 12, 16, 24, 32, 40, 48], 56, 8],
  ] as never)("is C's: %j", (layout, offsets, bytes, align) => {
    expect([Object.values(layout.offsets), layout.bytes, layout.align]).toEqual([offsets, bytes, align]);
  });

  it("follows C's rule whatever the fields are", () => {
    // Byte by byte: a field begins at the first place that its alignment divides, and so does the next struct.
    const model = (of: Shape): { bytes: number; align: number; offsets: number[] } => {
      let [bytes, align] = [0, 1];
      const offsets = of.map(([, type]) => {
        const size = typeof type === "string" ? kindOf(type).name : model(type);
        const inner = typeof size === "string" ? { bytes: new RawValue(size).view.byteLength, align: new RawValue(size).view.byteLength } : size;
        while (bytes % inner.align !== 0) bytes++;
        align = Math.max(align, inner.align);
        bytes += inner.bytes;
        return bytes - inner.bytes;
      });
      while (bytes % align !== 0) bytes++;
      return { bytes, align, offsets };
    };
    fc.assert(
      fc.property(shapes, (of) => {
        const layout = build(of);
        const { bytes, align, offsets } = model(of);
        expect([layout.bytes, layout.align, of.map(([name]) => layout.offsets[name])]).toEqual([bytes, align, offsets]);
      }),
      SEED,
    );
  });

  it("is one object for equal fields, so that records have one class", () => {
    expect(struct({ x: "int32", y: "float64" })).toBe(point);
    expect(struct({ y: "float64", x: "int32" })).not.toBe(point);
    const { handle } = new Value(point);
    expect(Value.attach(posted(handle)).type).toBe(point);
    expect(JSON.stringify(shape)).toBe('{"sides":"uint8","center":{"x":"int32","y":"float64"},"area":"int64","filled":"?"}');
  });

  it.each<[unknown, RegExp | ErrorConstructor]>([
    [undefined, /fields must be an object: received undefined/],
    [null, /received null/],
    [["int32"], /received an array/],
    [{}, /at least one field/],
    [new Map([["x", "int32"]]), /at least one field/],
    [{ "": "int32" }, /received ""/],
    [{ 0: "int32" }, /received "0"/],
    [{ "007": "int32" }, /received "007"/],
    [JSON.parse('{"__proto__":"int32"}'), /received "__proto__"/],
    [{ "@interlock/live": "int32" }, /field names must be/],
    [{ x: "int33" }, /field 'x' as 'type' must be one of .* received "int33"/],
    [{ x: "toString" }, /'type' must be one of/],
    [{ x: { y: "int32" } }, /'type' must be one of .* received object/],
    [{ x: 4 }, /'type' must be one of .* received number/],
    [{ x: undefined }, /'type' must be one of .* received undefined/],
    [{ x: ["int32"] }, /'type' must be one of .* received object/],
    [Object.fromEntries(Array.from({ length: 1025 }, (_, i) => [`f${i}`, "int8"])), /at most 1024 fields.*received 1025/],
  ])("refuses fields %#", (fields, message) => {
    expect(() => struct(fields as never)).toThrow(message as RegExp);
    expect(() => struct(fields as never)).toThrow(/^Cannot create struct/);
  });

  it("refuses more than 16 inside each other", () => {
    let inner: Struct<never> = struct({ x: "int8" }) as never;
    for (let depth = 1; depth < 16; depth++) inner = struct({ inner }) as never;
    expect(() => struct({ inner })).toThrow("Cannot create struct as at most 16 may be inside each other: received 17");
  });
});

describe.each([RawValue, Value as unknown as typeof RawValue])("%o of a struct", (Kind) => {
  it("starts at zero, or at what it is given", () => {
    expect(new Kind(shape).value.toJSON()).toEqual({ sides: 0, center: { x: 0, y: 0 }, area: 0n, filled: false });
    expect(new Kind(shape, square).value.toJSON()).toEqual(square);
    expect(new Kind(shape, square).type).toBe(shape);
  });

  it("is a live record: reading reads the memory, assigning writes it", () => {
    const value = new Kind(shape, square);
    const other = Kind.attach<typeof shape>(posted(value.handle));
    const record = value.value;
    other.value.center.y = -1;
    record.sides += 1;
    record.center = { x: 7, y: record.center.y };
    expect(other.value.toJSON()).toEqual({ sides: 5, center: { x: 7, y: -1 }, area: 9n, filled: true });
    other.value = square;
    expect([record.sides, record.center.x, record.area, record.filled]).toEqual([4, 1, 9n, true]);
    record.sides = 300;
    expect(other.value.sides).toBe(44);
    other.value = new Kind(shape).value;
    expect(record.toJSON()).toEqual(new Kind(shape).value.toJSON());
  });

  it("checks all fields before it writes any, and names the wrong one", () => {
    const value = new Kind(shape, square);
    const wrong: [unknown, typeof TypeError | typeof RangeError, string][] = [
      [7, TypeError, "takes an object with sides, center, area, filled: received number"],
      [null, TypeError, "received null"],
      [{ ...square, area: undefined }, TypeError, "received none with 'area'"],
      [{ ...square, center: { x: 5 } }, TypeError, "field 'center' takes an object with x, y: received none with 'center.y'"],
      [{ ...square, sides: 9, extra: 1 }, TypeError, "only: received one with 'extra'"],
      [{ ...square, sides: 9, center: { x: 5, y: 5, z: 5 } }, TypeError, "only: received one with 'center.z'"],
      [{ ...square, sides: 9, filled: 1 }, TypeError, "field 'filled' (bool) takes a boolean: received number"],
      [{ ...square, sides: 9, center: { x: 0.5, y: 5 } }, RangeError, "field 'center.x' (int32) takes an integer: received 0.5"],
    ];
    for (const [given, type, message] of wrong) {
      const assign = (): void => {
        value.value = given as never;
      };
      expect(assign).toThrow(message);
      expect(assign).toThrow(type);
      expect(() => new Kind(shape, given as never)).toThrow(message);
      expect(value.value.toJSON()).toEqual(square);
    }
    expect(() => {
      value.value.area = 1 as never;
    }).toThrow("Cannot set 'area' as int64 takes a bigint: received number");
    // A value that changes between the look and the write.
    let looks = 0;
    value.value = Object.defineProperty({ ...square }, "sides", { enumerable: true, get: () => (looks++ === 0 ? 8 : "no") });
    expect(value.value.sides).toBe(8);
  });

  it("keeps what a model keeps", () => {
    const cases = shapes.chain((of) => fc.tuple(fc.constant(of), valuesOf(of), valuesOf(of)));
    fc.assert(
      fc.property(cases, ([of, first, second]) => {
        const value = new Kind(build(of), first as never);
        expect(value.value.toJSON()).toEqual(keptBy(of, first));
        value.value = second as never;
        expect(Kind.attach<Struct>(posted(value.handle)).value.toJSON()).toEqual(keptBy(of, second));
      }),
      SEED,
    );
  });

  it("has fields of any name that is not refused", () => {
    const names = struct({ constructor: "int32", hasOwnProperty: "int32", valueOf: "int32", " ": "int32", "-1": "int32", "a.b": "int32" } as Fields);
    const given = { constructor: 1, hasOwnProperty: 2, valueOf: 3, " ": 4, "-1": 5, "a.b": 6 };
    const value = new Kind(names, given as never);
    expect(value.value.toJSON()).toEqual(given);
    value.value = new Kind(names, given as never).value;
    const json = new Kind(struct({ toJSON: "int32" }), { toJSON: 8 });
    expect((dehydrate(json.value) as { toJSON: number }).toJSON).toBe(8);
  });
});

describe("record", () => {
  it("is typed after its layout", () => {
    const value = new Value(shape, square);
    expectTypeOf(value.value.center.y).toEqualTypeOf<number>();
    expectTypeOf(value.value.area).toEqualTypeOf<bigint>();
    expectTypeOf(value.value.toJSON()).toEqualTypeOf<{ sides: number; center: { x: number; y: number }; area: bigint; filled: boolean }>();
    expectTypeOf(new Value("int32").value).toEqualTypeOf<number>();
    expectTypeOf(new RawValue("?").value).toEqualTypeOf<boolean>();
    // @ts-expect-error there is no such field
    expect(value.value.nothing).toBeUndefined();
  });

  it("shows its fields to JSON and to inspect, and cannot be posted by accident", () => {
    const record = new Value(point, { x: 1, y: 2 }).value;
    expect(JSON.stringify({ record })).toBe('{"record":{"x":1,"y":2}}');
    const inspect = Symbol.for("nodejs.util.inspect.custom");
    expect((record as unknown as Record<symbol, () => unknown>)[inspect]?.()).toEqual({ x: 1, y: 2 });
    expect(() => structuredClone(record)).toThrow();
    expect(hydrate(structuredClone(dehydrate({ deep: [record] })))).toEqual({ deep: [{ x: 1, y: 2 }] });
  });

  it("lies in the bytes as C has it", () => {
    const { view, value } = new RawValue(shape, square);
    const data = new DataView(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
    expect(view).toBeInstanceOf(Uint8Array);
    expect([data.byteLength, data.getUint8(0), data.getInt32(8, true), data.getFloat64(16, true)]).toEqual([40, 4, 1, 2.5]);
    expect([data.getBigInt64(24, true), data.getUint8(32)]).toEqual([9n, 1]);
    data.setInt32(8, -3, true);
    expect(value.center.x).toBe(-3);
  });
});

describe("update", () => {
  it("takes a plain copy, and stores what is returned, or the copy if that is nothing", async () => {
    const value = new Value(point, { x: 1, y: 2 });
    expect(value.update(({ x, y }) => ({ x: x + 1, y: y * 2 }))).toEqual({ x: 2, y: 4 });
    const updated = value.update((copy) => {
      copy.x = 10;
      expect(value.value.x).toBe(2);
    });
    expect([updated, value.value.toJSON()]).toEqual([
      { x: 10, y: 4 },
      { x: 10, y: 4 },
    ]);
    await value.updateAsync(async (copy) => {
      await Promise.resolve();
      copy.y = 0.5;
    });
    expect(value.value.y).toBe(0.5);
    expect(() => value.update((copy) => ({ ...copy, x: 0.5 }))).toThrow("Cannot update Value as field 'x' (int32) takes an integer: received 0.5");
    expect(() =>
      value.update((copy) => {
        copy.x = 99;
        throw new Error("no");
      }),
    ).toThrow("no");
    expect([value.value.x, value.locked]).toEqual([10, false]);
    expect(() => new Value("int32").update((() => undefined) as never)).toThrow(TypeError);
  });

  it("is what to use instead of add, and of Atomic", () => {
    expect(() => new Value(point).add(1 as never)).toThrow("Cannot add to Value as its type must be a number: received a struct; use update");
    expect(() => new Atomic(point as never)).toThrow("received a struct; use Value and its lock");
    expect(() => Atomic.attach({ ...new Value(point).handle, kind: "Atomic" })).toThrow("received a struct; use Value and its lock");
  });
});

describe("hostile handles", () => {
  const { handle } = new RawValue(point);
  const attach = (type: unknown): unknown => RawValue.attach({ ...handle, type } as Handle);

  it("are refused", () => {
    const cycle: Record<string, unknown> = { x: "int8" };
    cycle["self"] = cycle;
    let deep: unknown = "int8";
    for (let i = 0; i < 17; i++) deep = { deep };
    let wide: Record<string, unknown> = { x: "int8" };
    for (let i = 0; i < 15; i++) wide = Object.fromEntries(Array.from({ length: 30 }, (_, k) => [`f${k}`, wide]));
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`f${i}`, "int8"]));
    const hostile: unknown[] = [cycle, deep, wide, many, {}, [], [["x", "int32"]], null, undefined, 7, "", "x", { 1: "int8" }, { x: {} }, { x: null }];
    hostile.push(JSON.parse('{"__proto__":"int8"}'), { x: JSON.parse('{"__proto__":{"y":"int8"}}') }, { x: 7 }, { x: "__proto__" }, new Map([["x", "int8"]]));
    for (const type of hostile) {
      const attempt = (): unknown => attach(type);
      expect(attempt).toThrow(/^Cannot (create|attach)/);
      expect(() => RawValue.attach(posted({ ...handle, type }) as Handle)).toThrow(/^Cannot (create|attach)/);
    }
    expect(() => attach(cycle)).toThrow(RangeError);
    expect(() => attach(wide)).toThrow(/at most 1024 fields/);
  });

  it("are refused when the struct does not fit where they point", () => {
    for (const offset of [4, (handle.memory as ThreadMemoryHandle).buffer.byteLength - 8, -16, 2 ** 53, Number.NaN]) {
      expect(() => RawValue.attach({ ...handle, offset })).toThrow(/'offset' must be a multiple of 8 with 16 bytes after it/);
    }
  });

  it("of any type at all end in an error of ours, or a value", () => {
    const types = fc.oneof(fc.anything({ withNullPrototype: true }), fc.dictionary(fc.string(), fc.oneof(fc.constant("int8"), fc.anything())));
    fc.assert(
      fc.property(types, (type) => {
        try {
          attach(type);
        } catch (error) {
          expect((error as Error).message).toMatch(/^Cannot (create|attach)/);
          expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
        }
      }),
      SEED,
    );
  });
});
