import { codec } from "@interlock/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { FrameReader, frameOf } from "../src/runtime/frames.ts";

/** Cuts bytes into pieces of the given lengths, again and again. */
function* pieces(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let from = 0, i = 0; from < bytes.length; i++) {
    const to = from + (lengths[i % lengths.length] as number);
    // A copy: what a socket hands out is used again.
    yield bytes.slice(from, to);
    from = to;
  }
}

function unexpected(error: unknown): never {
  throw error;
}

it("hands every value over once and in order, however the stream is cut", () => {
  const values = fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(undefined), fc.uint8Array({ maxLength: 300 })));
  fc.assert(
    fc.property(values, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sent, lengths) => {
      const stream = Uint8Array.from(sent.flatMap((value) => [...frameOf(value)]));
      const received: unknown[] = [];
      const reader = new FrameReader({ frame: (payload) => received.push(codec.decode(payload)), damaged: unexpected });
      for (const piece of pieces(stream, lengths)) reader.take(piece);
      expect(received).toEqual(sent);
    }),
  );
});

it("says once that something is no frame, however it is cut, and takes nothing that follows", () => {
  const junk = fc.uint8Array({ minLength: 8, maxLength: 40 }).filter((bytes) => {
    const head = new DataView(bytes.buffer);
    return ~head.getUint32(0, true) >>> 0 !== head.getUint32(4, true);
  });
  fc.assert(
    fc.property(junk, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (damage, lengths) => {
      const told: unknown[] = [];
      const reader = new FrameReader({ frame: (payload) => told.push(codec.decode(payload)), damaged: (error) => told.push(String(error)) });
      const stream = Uint8Array.from([...frameOf("first"), ...damage, ...frameOf("last")]);
      for (const piece of pieces(stream, lengths)) reader.take(piece);
      expect(told).toEqual(["first", "TypeError: Cannot read a frame as its head is damaged"]);
    }),
  );
});

it("names the part that cannot be sent", () => {
  expect(() => frameOf(["run", { f: () => 1 }])).toThrow("Cannot send message[1].f as it is a function");
});
