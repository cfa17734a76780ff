/**
 * What an object is, whatever it calls itself, and what to say of one that cannot travel.
 *
 * @module
 */

import { errorClasses } from "./format.ts";

/** Kinds that the codec carries, besides arrays, views and core objects. */
export type Kind = "Object" | "Error" | "Map" | "Set" | "Date" | "RegExp" | "ArrayBuffer";

// Getters and methods that throw for what is not of their kind.
const getter = (prototype: object, key: string | symbol): (() => unknown) => Object.getOwnPropertyDescriptor(prototype, key)?.get as () => unknown;
const proofs: Readonly<Record<Kind, () => unknown>> = {
  Object: () => undefined,
  Error: () => undefined,
  Map: getter(Map.prototype, "size"),
  Set: getter(Set.prototype, "size"),
  Date: Date.prototype.getTime,
  RegExp: getter(RegExp.prototype, "source"),
  ArrayBuffer: getter(ArrayBuffer.prototype, "byteLength"),
};
const viewName = getter(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag) as () => string | undefined;

/** What an object calls itself. */
export function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** The kind of an object; undefined if the codec does not carry it. */
export function kindOf(value: object): Kind | undefined {
  if (value instanceof Error) return "Error";
  const tag = tagOf(value);
  if (!Object.hasOwn(proofs, tag)) return undefined;
  try {
    proofs[tag as Kind].call(value);
    return tag as Kind;
  } catch {
    return undefined;
  }
}

/** The nearest built-in class of an error: its place in `errorClasses`. */
export function errorTypeOf(error: Error): number {
  for (let one: unknown = error; one !== null; one = Object.getPrototypeOf(one)) {
    const type = errorClasses.findIndex(({ prototype }) => prototype === one);
    if (type >= 0) return type;
  }
  return Math.max(
    0,
    errorClasses.findIndex(({ prototype }) => prototype.name === error.name),
  );
}

/** The class of a view, whatever a subclass calls itself. */
export function viewNameOf(view: ArrayBufferView): string {
  return viewName.call(view) ?? "DataView";
}

/** The bytes of a buffer or view; undefined if they were transferred away, or if a resized buffer has no room for them. */
export function bytesOf(part: ArrayBufferView | ArrayBuffer, buffer: ArrayBufferLike): Uint8Array | undefined {
  try {
    return new Uint8Array(buffer, part === buffer ? 0 : (part as ArrayBufferView).byteOffset, part.byteLength);
  } catch {
    return undefined;
  }
}

const advice: Readonly<Record<string, string>> = {
  function: "pass what it needs as data",
  symbol: "use a string",
  SharedArrayBuffer: "pass a SharedArray or RawArray instead, or a copy of its bytes",
  Promise: "await it first",
  WeakMap: "pass what it holds",
  WeakSet: "pass what it holds",
  WeakRef: "pass what it holds",
  Generator: "spread it into an array",
  AsyncGenerator: "collect it into an array",
  Number: "pass the number itself",
  String: "pass the string itself",
  Boolean: "pass the boolean itself",
  BigInt: "pass the bigint itself",
  Symbol: "use a string",
};

/** Completes "Cannot encode x as …". */
export function refusal(value: unknown): string {
  const tag = typeof value === "object" ? tagOf(value as object) : typeof value;
  const what = `${/^[AEIO]/.test(tag) ? "an" : "a"} ${tag}`;
  if (Object.hasOwn(advice, tag)) return `it is ${what}: ${advice[tag]}`;
  return `it is ${what}, which cannot be copied: ${tag.endsWith("Iterator") ? "spread it into an array" : "pass the data that it is made of"}`;
}
