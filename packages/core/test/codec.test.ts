import { codec, Lock } from "@interlock/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFrom, encodeScratch, recycle } from "../src/codec/scratch.ts";
import { difference } from "./codec/same.ts";
import { SEED } from "./seed.ts";

const seeded = { ...SEED, numRuns: 300 };

const copy = (value: unknown): unknown => codec.decode(codec.encode(value));

function mustArrive(value: unknown): void {
  const bytes = codec.encode(value);
  const arrived = codec.decode(bytes);
  expect(difference(value, arrived)).toBeUndefined();
  const again = codec.encode(arrived);
  // Matchers are slow with bytes, and tell better what differs.
  if (again.length !== bytes.length || again.some((byte, i) => byte !== bytes[i])) expect(again).toEqual(bytes);
}

class Point {
  x = 1;
  #hidden = 2;
  get sum(): number {
    return this.x + this.#hidden;
  }
}

const withFields = (error: Error, fields: object): Error => Object.assign(error, fields);

const kinds: Record<string, unknown[]> = {
  "undefined, null and booleans": [undefined, null, false, true],
  integers: [0, 1, 127, 128, 255, 32767, 32768, 65536, 2 ** 31 - 1, -1, -128, -129, -32768, -32769, -(2 ** 31)],
  "other numbers": [-0, Number.NaN, Infinity, -Infinity, 0.1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, Number.MIN_VALUE, Number.MAX_VALUE],
  bigints: [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, -(2n ** 63n) - 1n, 3n ** 5000n, -(7n ** 999n)],
  strings: [
    "",
    "a",
    "\0",
    "é\xff",
    "Ā",
    "日本",
    "\ud800",
    "a\udfffb",
    "😀",
    ..."x é ж".split(" ").flatMap((c) => [62, 63, 64, 65, 1023, 1024, 1025, 5000].map((n) => c.repeat(n))),
  ],
  arrays: [[], [1, "a", [null]], [undefined]],
  // biome-ignore-start lint/suspicious/noSparseArray: holes are what is tested.
  "arrays with holes": [[,], [1, , 2], [, , 1, undefined, ,], new Array(100), Object.assign(new Array(1000), { 500: 1 }), Object.assign([], { 100000: "far" })],
  // biome-ignore-end lint/suspicious/noSparseArray: holes are what is tested.
  objects: [{}, { a: 1, "b c": { "": undefined } }, { 2: "two", 1: "one", z: 0 }, [{ a: 1 }, { a: 2 }, { b: 3 }, { a: 4, b: 5 }, { b: 5, a: 4 }]],
  "objects with many keys": [Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key ${i}`, i]))],
  Date: [new Date(0), new Date(-1.5e12), new Date(Number.NaN)],
  RegExp: [/a+/, /\/[/]\n/giu, /(?:)/, /ж(?<name>.)/s],
  Map: [
    new Map(),
    new Map<unknown, unknown>([
      [1, "one"],
      [{ a: 1 }, new Map([[Number.NaN, -0]])],
    ]),
  ],
  Set: [new Set(), new Set<unknown>([1, "1", [1], new Set([undefined])])],
  errors: [
    new Error("plain"),
    new Error(),
    ...[EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => new type("x")),
    new Error("outer", { cause: new TypeError("inner", { cause: undefined }) }),
    new AggregateError([new Error("one"), "two"], "both"),
    withFields(new Error("system"), { code: "ENOENT", errno: -2, details: { path: ["/"] } }),
  ],
  buffers: [new ArrayBuffer(0), new Uint8Array([1, 2, 3]).buffer, new Uint8Array(5000).fill(7).buffer],
  views: [
    ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array].map(
      (type) => new type([1, 2, 250]),
    ),
    new BigInt64Array([-1n]),
    new BigUint64Array([2n ** 64n - 1n]),
    new DataView(new Uint8Array([9, 8, 7]).buffer, 1),
    new Float64Array(5000).fill(0.1),
    [new Uint8Array(3000).fill(1), "odd", new Uint16Array(3000).fill(2)],
  ],
};

describe("codec carries", () => {
  for (const [name, values] of Object.entries(kinds)) it(name, () => values.forEach(mustArrive));

  it("Float16Array where there is one", () => {
    const type = (globalThis as unknown as { Float16Array?: Uint16ArrayConstructor }).Float16Array;
    if (type !== undefined) mustArrive(new type([1, 2]));
  });

  it("arrays of any length, without memory for their holes", () => {
    const far = new Array<number>(2 ** 32 - 1);
    far[7] = 1;
    far[2 ** 32 - 2] = 2;
    const bytes = codec.encode([far, new Array(2 ** 32 - 1), new Array(3e7)]);
    expect(bytes.length).toBeLessThan(50);
    const [a, b, c] = codec.decode(bytes) as [number[], unknown[], unknown[]];
    expect([a.length, Object.keys(a), a[7], a[2 ** 32 - 2]]).toEqual([2 ** 32 - 1, ["7", "4294967294"], 1, 2]);
    expect([b.length, c.length]).toEqual([2 ** 32 - 1, 3e7]);
    expect(codec.encode([a, b, c])).toEqual(bytes);
  });

  it("shared references and cycles", () => {
    const shared = { a: 1 };
    mustArrive([shared, [shared], new Map([[shared, shared]]), shared]);
    const cycle: unknown[] = [1];
    const map = new Map<unknown, unknown>([["cycle", cycle]]);
    const error = withFields(new Error("x"), { map });
    error.cause = error;
    cycle.push(cycle, { map, set: new Set([map]) }, error);
    map.set(map, error);
    mustArrive(cycle);
    const many = Array.from({ length: 200 }, (_, i) => ({ i }));
    mustArrive([many, many.toReversed()]);
  });

  it("instances as plain objects of their own enumerable fields, and no symbol keys", () => {
    const bare: unknown = Object.assign(Object.create(null), { a: 1 });
    const one = copy([new Point(), bare, { [Symbol("s")]: 1, a: 1 }, Object.create({ inherited: 1 })]);
    expect(difference([{ x: 1 }, { a: 1 }, { a: 1 }, {}], one)).toBeUndefined();
  });

  it("the key __proto__ as any other", () => {
    const hostile = JSON.parse('{ "__proto__": { "polluted": 1 }, "a": { "__proto__": null } }') as object;
    mustArrive(hostile);
    mustArrive([hostile, hostile]);
    const arrived = copy(hostile) as { polluted?: unknown };
    expect([Object.keys(arrived), arrived.polluted]).toEqual([["__proto__", "a"], undefined]);
    mustArrive(withFields(new Error("x"), Object.fromEntries([["__proto__ ", 1]])));
  });

  it("of a view its own bytes alone", () => {
    const { buffer } = new Uint8Array([0, 1, 2, 3]);
    const [a, b, all] = copy([new Uint8Array(buffer, 1, 2), new Uint8Array(buffer, 1, 2), buffer]) as [Uint8Array, Uint8Array, ArrayBuffer];
    expect([[...a], a.buffer.byteLength, all.byteLength]).toEqual([[1, 2], 2, 4]);
    a[0] = 9;
    expect(b[0]).toBe(1);
  });

  it("errors as the nearest class that is built in, with their name", () => {
    class HttpError extends TypeError {
      override readonly name = "HttpError";
      readonly status = 404;
    }
    class Quiet extends RangeError {}
    Object.defineProperty(Quiet.prototype, "name", { value: "Quiet" });
    const thrown = [new HttpError("no"), new Quiet("q")];
    const [http, quiet] = copy(thrown) as [HttpError, Quiet];
    expect([http instanceof TypeError, http.name, http.message, http.status, http.stack]).toEqual([true, "HttpError", "no", 404, thrown[0]?.stack]);
    expect([quiet instanceof RangeError, quiet.name, Object.keys(quiet)]).toEqual([true, "Quiet", []]);
    const abort = copy(new DOMException("stop", "AbortError")) as Error;
    expect([abort instanceof Error, abort.name, abort.message]).toEqual([true, "AbortError", "stop"]);
  });

  it("values of getters, which may encode themselves", () => {
    const value = {
      before: "b".repeat(100),
      get nested(): unknown {
        return copy({ inner: codec.encode("x".repeat(10_000)).length, list: [[1], [2]] });
      },
      after: [[3]],
    };
    expect(copy(value)).toEqual({ before: value.before, nested: { inner: 10_003, list: [[1], [2]] }, after: [[3]] });
  });

  it("what is left when a getter changes the rest", () => {
    const list: unknown[] = [0, 1, 2, 3];
    Object.defineProperty(list, 1, { get: () => void list.splice(2) });
    expect(copy(list)).toEqual([0, undefined, ...new Array(2)]);
    const growing: unknown[] = [0, 1];
    Object.defineProperty(growing, 0, { get: () => growing.push(5) });
    expect((copy(growing) as unknown[]).length).toBe(2);
    const shrinking = { a: 1, b: 2 };
    Object.defineProperty(shrinking, "a", { enumerable: true, get: () => delete (shrinking as Partial<typeof shrinking>).b });
    expect(copy(shrinking)).toEqual({ a: true, b: undefined });
  });
});

describe("codec refuses", () => {
  const refuse = (value: unknown, message: string, options: codec.CodecOptions = {}): void => {
    expect(() => codec.encode(value, { name: "x", action: "put", ...options })).toThrow(message);
    expect(() => codec.encode(value, { name: "x", action: "put", ...options })).toThrow(TypeError);
  };

  it("naming the path", () => {
    const f = (): void => {};
    const paths: [unknown, string][] = [
      [f, "x"],
      [{ items: [0, 1, 2, { f }] }, "x.items[3].f"],
      [{ "a b": { "": f } }, 'x["a b"][""]'],
      [{ 1: { $_é: f } }, 'x["1"].$_é'],
      [new Map([["k", [f]]]), 'x.get("k")[0]'],
      [
        new Map([
          [1, 2],
          [3, f as unknown],
        ] as const),
        "x.get(#1)",
      ],
      [new Map([[{ f }, 1]]), "x.keys()[0].f"],
      [new Set([1, new Set([f])]), "x.values()[1].values()[0]"],
      [new Error("e", { cause: { f } }), "x.cause.f"],
      [new AggregateError([1, f]), "x.errors[1]"],
      [withFields(new Error("e"), { f }), "x.f"],
      // biome-ignore lint/suspicious/noSparseArray: the path must count holes.
      [[, , f], "x[2]"],
      [[{ a: 1 }, [1], { b: { c: f } }], "x[2].b.c"],
    ];
    for (const [value, path] of paths) refuse(value, `Cannot put ${path} as it is a function: `);
    expect(() => codec.encode([f])).toThrow("Cannot encode value[0] as it is a function: pass what it needs as data");
  });

  it("what cannot be copied, and says what to do", () => {
    const shared = new SharedArrayBuffer(8);
    const cases: [unknown, string][] = [
      [Symbol("s"), "a symbol: use a string"],
      [shared, "a SharedArrayBuffer: pass a SharedArray or RawArray instead, or a copy"],
      [new Int32Array(shared), "a SharedArrayBuffer: pass"],
      [new DataView(shared), "a SharedArrayBuffer: pass"],
      [Promise.resolve(), "a Promise: await it first"],
      [new WeakMap(), "a WeakMap: pass what it holds"],
      [new WeakSet(), "a WeakSet: pass what it holds"],
      [new WeakRef({}), "a WeakRef: pass what it holds"],
      [(function* () {})(), "a Generator: spread it"],
      [[1].values(), "an Array Iterator, which cannot be copied: spread it"],
      [Object(1), "a Number: pass the number itself"],
      [Object("s"), "a String: pass the string itself"],
      [Object(1n), "a BigInt: pass the bigint itself"],
      [new URLSearchParams(), "a URLSearchParams, which cannot be copied: pass the data"],
      [new AbortController(), "an AbortController, which"],
      [Math, "a Math, which"],
      [{ [Symbol.toStringTag]: "Mine" }, "a Mine, which"],
      [{ [Symbol.toStringTag]: "Map" }, "a Map, which"],
      [{ [Symbol.toStringTag]: "Date" }, "a Date, which"],
      [new Lock(), "a Lock, which is shared and not copied: put it on a Queue"],
    ];
    for (const [value, reason] of cases) refuse({ a: [value] }, `Cannot put x.a[0] as it is ${reason}`);
  });

  it("memory that is gone", () => {
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    for (const one of [buffer, view]) refuse([one], "Cannot put x[0] as its memory is gone");
  });

  it("deep nesting", () => {
    const nest = (depth: number): unknown => {
      let value: unknown = [];
      for (let i = 1; i < depth; i++) value = [value];
      return value;
    };
    const inside = (depth: number, leaf: unknown): unknown => (depth === 0 ? leaf : [inside(depth - 1, leaf)]);
    mustArrive(nest(500));
    for (const leaf of [1, "s", new Date(0), /a/, new Error("e"), new Uint8Array(1), new ArrayBuffer(1)]) {
      mustArrive(inside(499, leaf));
      if (typeof leaf === "object") refuse(inside(500, leaf), "[0] as values may nest 500 deep");
      else mustArrive(inside(500, leaf));
    }
    const list = inside(499, [1]) as unknown[];
    let innermost = list;
    while (Array.isArray(innermost[0])) innermost = innermost[0];
    innermost.push(list);
    mustArrive(list);
    const options: codec.CodecOptions = { dehydrate: () => ({}), hydrate: (data) => data };
    expect(codec.decode(codec.encode(inside(498, new Lock()), options), options)).toEqual(inside(498, {}));
    refuse(inside(499, new Lock()), "[0] as values may nest 500 deep", options);
    refuse(nest(501), "[0] as values may nest 500 deep");
    const wide = Array.from({ length: 2000 }, () => [[[]]]);
    mustArrive(wide);
  });

  it("and works on afterwards", () => {
    for (let i = 0; i < 3; i++) {
      refuse({ a: [{ b: 1 }, { b: () => 1 }] }, "x.a[1].b");
      mustArrive({ a: [{ b: 1 }, { b: 2 }] });
    }
    const thrown = new Error("mine");
    const value = {
      get bad(): never {
        throw thrown;
      },
    };
    expect(() => codec.encode([value])).toThrow(thrown);
    mustArrive([1, { b: 2 }]);
  });
});

describe("codec with core objects", () => {
  it("writes and makes them by dehydrate and hydrate, each once", () => {
    const lock = new Lock();
    const paths: string[] = [];
    const bytes = codec.encode(
      { a: [lock], b: lock, c: { after: true } },
      {
        name: "item",
        dehydrate: (object, path) => {
          paths.push(path);
          return { kind: "Lock", at: [object.handle.offset] };
        },
      },
    );
    const arrived = codec.decode(bytes, { hydrate: (data) => ({ made: data }) }) as { a: object[]; b: object; c: unknown };
    expect(paths).toEqual(["item.a[0]"]);
    expect(arrived.a[0]).toBe(arrived.b);
    expect(arrived).toEqual({ a: [arrived.b], b: { made: { kind: "Lock", at: [lock.handle.offset] } }, c: { after: true } });
    expect(() => codec.decode(bytes)).toThrow("Cannot decode value as its bytes are damaged: a core object is among them");
  });

  it("passes on what dehydrate and hydrate throw", () => {
    const dehydrate = (): never => {
      throw new TypeError("Cannot travel");
    };
    expect(() => codec.encode([new Lock()], { dehydrate })).toThrow("Cannot travel");
    expect(() => codec.encode([new Lock()], { dehydrate: () => [() => 1], name: "item" })).toThrow("Cannot encode item[0][0] as it is a function");
  });
});

describe("encodeScratch and decodeFrom", () => {
  it("lend memory, with words over it, until it is given back", () => {
    const first = encodeScratch("first", {});
    const second = encodeScratch(["second", 1], {});
    expect([...first.bytes.subarray(0, first.length)]).toEqual([...codec.encode("first")]);
    const { words, bytes } = second;
    expect([words.buffer, words.byteOffset, words.byteLength >= bytes.length]).toEqual([bytes.buffer, 0, true]);
    expect(bytes.buffer).not.toBe(first.bytes.buffer);
    const lent = first.bytes.buffer;
    recycle(first);
    expect(encodeScratch("third", {}).bytes.buffer).toBe(lent);
  });

  it("do not keep large memory", () => {
    const large = encodeScratch(new Uint8Array(3 << 20), {});
    expect(large.words.buffer).toBe(large.bytes.buffer);
    expect(large.words.length * 4).toBeGreaterThanOrEqual(large.length);
    recycle(large);
    expect(encodeScratch(1, {}).bytes.length).toBeLessThan(1 << 20);
  });

  it("leave alone what lies behind", () => {
    const bytes = new Uint8Array(1000).fill(0xff);
    const { bytes: scratch, length } = encodeScratch({ a: [1, "x", new Float64Array(3)] }, {});
    bytes.set(scratch.subarray(0, length));
    const arrived = decodeFrom(bytes, length, {});
    bytes.fill(0);
    expect(arrived).toEqual({ a: [1, "x", new Float64Array(3)] });
  });

  it("decode inside hydrate", () => {
    const bytes = codec.encode([[new Lock()], "rest", { a: 1 }], { dehydrate: () => 5 });
    const hydrate = (): unknown => copy([[{ a: 2 }]]);
    expect(codec.decode(bytes, { hydrate })).toEqual([[[[{ a: 2 }]]], "rest", { a: 1 }]);
  });
});

/** Any string, lone surrogates included. */
const text = fc.oneof(
  fc.string(),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 }).map((units) => String.fromCharCode(...units)),
);
const key = fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "length", "0") });
const leaf = fc.oneof(
  fc.constantFrom(undefined, null, true, false, -0, Number.NaN),
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }),
  text,
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(/a/g, /[^/]+/u),
  fc.uint8Array(),
  fc.float64Array({ maxLength: 600 }),
  fc.int16Array(),
);
const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie("node")),
    fc.sparseArray(tie("node"), { maxLength: 300 }),
    fc.array(fc.tuple(key, tie("node"))).map((entries) => Object.fromEntries(entries)),
    fc.array(fc.record({ a: tie("node"), b: leaf })),
    fc.array(fc.tuple(tie("node"), tie("node"))).map((entries) => new Map(entries)),
    fc.array(tie("node")).map((members) => new Set(members)),
    fc.tuple(fc.constantFrom(Error, RangeError), text, tie("node")).map(([type, message, cause]) => new type(message, { cause })),
  ),
})).node;

const makers = [() => [], () => ({}), () => new Map(), () => new Set(), () => new Error("e")] as const;
/** Containers that hold each other in any way. */
const graph = fc
  .tuple(
    fc.array(fc.nat(makers.length - 1), { minLength: 1, maxLength: 30 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.string({ maxLength: 3 })), { maxLength: 90 }),
  )
  .map(([nodes, edges]) => {
    const made: object[] = nodes.map((one) => (makers[one] as () => object)());
    for (const [a, b, label] of edges) {
      const from = made[a % made.length] as object;
      const to = made[b % made.length] as object;
      if (Array.isArray(from)) from.push(to);
      else if (from instanceof Map) from.set(label.length === 1 ? to : label, to);
      else if (from instanceof Set) from.add(to);
      else Object.assign(from, { [`k${label}`]: to });
    }
    return made;
  });

describe("any value", () => {
  it("arrives the same, and has the same bytes again", () => {
    fc.assert(fc.property(tree, mustArrive), seeded);
  });

  it("keeps every reference", () => {
    fc.assert(fc.property(graph, mustArrive), seeded);
  });
});

/** Decodes bytes from anywhere; what comes out must be a value or an error that the contract names. */
function decodeHostile(bytes: Uint8Array): void {
  let value: unknown;
  try {
    value = codec.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError) || !error.message.startsWith("Cannot decode value as ")) throw error;
    return;
  }
  // Whatever it is, it can be walked.
  codec.encode(value);
}

describe("any bytes", () => {
  it("end in a value or an error: random ones", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decodeHostile), { ...seeded, numRuns: 3000 });
  });

  it("end in a value or an error: tags and small numbers", () => {
    const byte = fc.oneof(fc.integer({ min: 0, max: 0x20 }), fc.constantFrom(0x40, 0x41, 0x42, 0x80, 0x81, 0xff));
    const bytes = fc.array(byte, { maxLength: 60 }).map((list) => Uint8Array.from(list));
    fc.assert(fc.property(bytes, decodeHostile), { ...seeded, numRuns: 5000 });
  });

  it("end in a value or an error: good ones with a byte changed, or cut off", () => {
    const change = fc.tuple(tree, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.boolean());
    const hit = ([value, at, byte, cut]: [unknown, number, number, boolean]): void => {
      const bytes = codec.encode(value);
      const where = at % bytes.length;
      bytes[where] = byte;
      decodeHostile(cut ? bytes.subarray(0, where) : bytes);
    };
    fc.assert(fc.property(change, hit), { ...seeded, numRuns: 500 });
    // Every byte of one value that has everything, changed in every way.
    const all = codec.encode(Object.values(kinds).map((values) => values.filter((one) => codec.encode(one).length < 40).slice(0, 4)));
    for (let at = 0; at < all.length; at++) {
      for (let flip = 1; flip < 256; flip = flip * 2 + 1) {
        const bytes = all.slice();
        bytes[at] = (bytes[at] as number) ^ flip;
        decodeHostile(bytes);
      }
    }
  });

  it("are refused with a reason", () => {
    const huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
    const cases: [number[], string][] = [
      [[], "they end too early"],
      [[0x81, 0x81], "1 follow the value"],
      [[0x00], "no value begins with 0"],
      [[0x12, 1], "no value begins with 18"],
      [[0x17], "no value begins with 23"],
      [[0x0a, ...huge], "4294967295 more are needed where 0 are left"],
      [[0x0b, ...huge], "8589934590 more are needed"],
      [[0x11, ...huge], "they end too early"],
      [[0x11, 0xff, 0xff, 0xff, 0xff, 0x7f], "an array is too long"],
      [[0x11, 2, 0x12, 3], "an array has holes outside"],
      [[0x11, 2, 0x12, 0], "an array has holes outside"],
      [[0x13, ...huge], "they end too early"],
      [[0x13, 1, 0x81, 0x81], "a string is missing"],
      [[0x14, 1, 0x81], "keys are missing"],
      [[0x14, 0xff, 0xff, 0x7f], "keys are missing"],
      [[0x11, ...new Array(10).fill(0xff)], "a count is too great"],
      [[0x10, 0], "a reference leads nowhere"],
      [[0x11, 1, 0x10, 1], "a reference leads nowhere"],
      [[0x1b, ...huge], "4294967321 more are needed"],
      [[0x1c, 99, 0], "a view's type is unknown"],
      [[0x1c, 9, 4, 0, 0, 0, 0], "a Float64Array has 4 bytes"],
      [[0x1a, 99], "an error's class is unknown"],
      [[0x19, 0x41, 0x28, 0x40], "a regular expression is malformed"],
      [[0x09, 0x41, 0x2d], "a bigint is not hexadecimal"],
      [[0x09, 0x41, 0x7a], "a bigint is not hexadecimal"],
      [new Array(2000).fill(0).flatMap(() => [0x11, 1]), "values may nest 500 deep"],
    ];
    for (const [bytes, reason] of cases) expect(() => codec.decode(Uint8Array.from(bytes))).toThrow(`Cannot decode value as its bytes are damaged: ${reason}`);
  });

  it("cost no more memory than they have bytes", () => {
    // Each claims an array of thirty million holes, which some engines would reserve memory for.
    const claims = new Array(2000).fill(0).flatMap(() => [0x11, 0x80, 0x87, 0xa7, 0x0e, 0x12, 0x80, 0x87, 0xa7, 0x0e]);
    const arrays = codec.decode(Uint8Array.from([0x11, 0xd0, 0x0f, ...claims])) as unknown[][];
    expect([arrays.length, arrays[1999]?.length]).toEqual([2000, 30_000_000]);
    const runs = new Array(30_000).fill(0).flatMap(() => [0x12, 65, 0x81]);
    expect((codec.decode(Uint8Array.from([0x11, 0xe0, 0xec, 0x78, ...runs])) as unknown[]).length).toBe(1_980_000);
  });

  it("must be a Uint8Array, of any memory", () => {
    expect(() => codec.decode([1] as never)).toThrow("Cannot decode as 'bytes' must be a Uint8Array: received Array");
    expect(() => codec.decode(undefined as never)).toThrow(TypeError);
    const bytes = codec.encode([1, new Uint8Array([1, 2])]);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length + 3), 3);
    shared.set(bytes);
    expect(codec.decode(shared)).toEqual([1, new Uint8Array([1, 2])]);
    class Odd extends Uint8Array {
      override slice(): never {
        throw new Error("not ours");
      }
    }
    expect(codec.decode(Odd.from(bytes))).toEqual([1, new Uint8Array([1, 2])]);
  });
});
