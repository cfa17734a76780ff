import { codec } from "@interlock/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { SEED } from "./seed.ts";

// Short texts are made by loops, longer ones by what the host has: nobody may see which. Pages have only some of it.

/** Every length at which the way changes, and some between. */
const LENGTHS = [1, 2, 11, 12, 13, 15, 16, 17, 18, 47, 48, 49, 50, 63, 64, 65, 127, 128, 129, 1000, 1024, 1025, 4080, 4096, 5000, 70_000];
/** ASCII, the first unit beyond it, those that Latin-1 and Windows disagree on, the last of one byte, and wider ones, some alone. */
const UNITS = ["a", "\x7f", "\x80", "\x9f", "\xe9", "\xff", "\u0100", "\u65e5", "\ud800", "\udc00", "\ud83d\ude00"];

/** The text with a unit in the place of another. */
const withUnit = (length: number, at: number, unit: string): string => `${"x".repeat(at)}${unit}${"y".repeat(Math.max(0, length - at - unit.length))}`;

const places = (length: number): readonly number[] => [...new Set([0, 1, length >> 1, length - 2, length - 1])].filter((at) => at >= 0 && at < length);

it("a text of any length arrives, wherever its units need more than ASCII", () => {
  for (const length of LENGTHS) {
    for (const at of places(length)) {
      for (const unit of UNITS) {
        const text = withUnit(length, at, unit);
        if (codec.decode(codec.encode(text)) !== text) expect.fail(`${length} units, at ${at}: ${JSON.stringify(unit)}`);
      }
    }
  }
});

it("a text of one-byte units is a byte for each, however it was written", () => {
  for (const length of LENGTHS) {
    for (const unit of ["a", "\x80", "\xff"]) {
      const text = withUnit(length, length - 1, unit);
      const bytes = codec.encode(text).slice(-length);
      const wrong = bytes.findIndex((byte, i) => byte !== text.charCodeAt(i));
      if (wrong >= 0) expect.fail(`${length} units: byte ${wrong} is ${bytes[wrong]}`);
    }
  }
});

it("texts beside each other keep apart", () => {
  const unit = fc.constantFrom("a", "a", "a", "z", "\xe9", "\u65e5");
  const text = fc.tuple(fc.nat(200), unit, unit).map(([length, first, rest]) => first + rest.repeat(length));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
      expect(codec.decode(codec.encode(texts))).toEqual(texts);
      expect(codec.decode(codec.encode(Object.fromEntries(texts.entries())))).toEqual(Object.fromEntries(texts.entries()));
    }),
    SEED,
  );
});
