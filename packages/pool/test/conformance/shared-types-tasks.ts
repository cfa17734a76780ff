import { type RawArray, type RawValue, type SharedArray, struct, type Value } from "@interlock/core";
import { task } from "@interlock/pool";

export const foo = struct({ x: "i", y: "d", z: "q" });

/** The text of an array of bytes, up to the first 0: what Python's arrays of `c` call `value`. */
export function textOf(bytes: SharedArray<"B"> | RawArray<"B">): string {
  return String.fromCharCode(...bytes.slice()).replace(/\0.*$/s, "");
}

export function setText(bytes: SharedArray<"B"> | RawArray<"B">, text: string): void {
  bytes.assign(0, [...text].map((one) => one.charCodeAt(0)).concat(0));
}

/** Doubles whatever it is given. */
export const double = task(
  import.meta,
  "double",
  (
    x: Value<"i"> | RawValue<"i">,
    y: Value<"d"> | RawValue<"d">,
    z: Value<"q"> | RawValue<"q">,
    record: Value<typeof foo> | RawValue<typeof foo>,
    array: SharedArray<"d"> | RawArray<"d">,
    text: SharedArray<"B"> | RawArray<"B">,
  ) => {
    x.value *= 2;
    y.value *= 2;
    z.value *= 2n;
    record.value.x *= 2;
    record.value.y *= 2;
    setText(text, textOf(text).repeat(2));
    for (const i of array.keys()) array.set(i, array.get(i) * 2);
  },
);
