/** What the property tests share: arbitrary values of every type beside what a type makes of them. */
import type { TypeName } from "@interlock/core";
import fc, { type Arbitrary } from "fast-check";

type Kept = number | bigint | boolean;

interface Kind {
  readonly name: TypeName;
  readonly values: Arbitrary<Kept>;
  /** What reading a value gives after it was stored: integers wrap, floats are rounded. */
  readonly kept: (value: never) => Kept;
}

const integers = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.integer({ min: -300, max: 300 }));
const bigints = fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n });
const floats = fc.double();
const wrap = (view: { from(values: number[]): ArrayLike<number> }) => (value: number) => view.from([value])[0] as number;

export const kinds: readonly Kind[] = [
  { name: "int8", values: integers, kept: wrap(Int8Array) },
  { name: "uint8", values: integers, kept: wrap(Uint8Array) },
  { name: "int16", values: integers, kept: wrap(Int16Array) },
  { name: "uint16", values: integers, kept: wrap(Uint16Array) },
  { name: "int32", values: integers, kept: wrap(Int32Array) },
  { name: "uint32", values: integers, kept: wrap(Uint32Array) },
  { name: "int64", values: bigints, kept: (value: bigint) => BigInt.asIntN(64, value) },
  { name: "uint64", values: bigints, kept: (value: bigint) => BigInt.asUintN(64, value) },
  { name: "float32", values: floats, kept: Math.fround },
  { name: "float64", values: floats, kept: (value: number) => value },
  { name: "bool", values: fc.boolean(), kept: (value: boolean) => value },
];

/** The description of a struct: an ordered list of names and types. */
export type Shape = readonly (readonly [name: string, type: TypeName | Shape])[];

const nameOf = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== "__proto__" && !/^\d+$/.test(name));

const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.uniqueArray(fc.tuple(nameOf, fc.oneof({ maxDepth: 3, withCrossShrink: true }, fc.constantFrom(...kinds.map(({ name }) => name)), tie("shape"))), {
    minLength: 1,
    maxLength: 6,
    selector: ([name]) => name,
  }),
}));

/** Structs of every kind, up to four inside each other. */
export const shapes: Arbitrary<Shape> = shape;

/** Values that fit a struct. */
export function valuesOf(of: Shape): Arbitrary<Record<string, unknown>> {
  return fc.tuple(...of.map(([, type]) => (typeof type === "string" ? kindOf(type).values : valuesOf(type)) as Arbitrary<unknown>)).map((values) => {
    return Object.fromEntries(of.map(([name], i) => [name, values[i]]));
  });
}

/** What a struct makes of a value. */
export function keptBy(of: Shape, value: Record<string, unknown>): unknown {
  return Object.fromEntries(
    of.map(([name, type]) => [name, typeof type === "string" ? kindOf(type).kept(value[name] as never) : keptBy(type, value[name] as Record<string, unknown>)]),
  );
}

export function kindOf(name: TypeName): Kind {
  return kinds.find((kind) => kind.name === name) as Kind;
}
