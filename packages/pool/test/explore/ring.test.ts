import type { Scenario } from "@interlock/explore";
import { test } from "vitest";
import { proveScenario } from "../../../core/test/explore/prove.ts";
import { type RingPlace, RingReader, RingWriter, ringBytes } from "../../src/channel/ring.ts";
import { flow, read, readOf, relay, startAt, write } from "./rings.ts";

test("one writes, one reads: whole records, in order, and none is lost", async () => {
  await proveScenario("ring 1+1", flow({ capacity: 64, sizes: [16, 24, 16] }), { bound: 3, pct: { schedules: 2000, seed: 1 } });
});

test("records go round the end of the ring in one piece", async () => {
  await proveScenario("ring round", flow({ capacity: 64, position: 48, sizes: [24, 16, 32] }), { bound: 3, pct: { schedules: 2000, seed: 2 } });
});

test("positions go round at 2^31 and 2^32", async () => {
  await proveScenario("ring at 2^31", flow({ capacity: 64, position: 2 ** 31 - 16, sizes: [24, 32, 32] }), { bound: 2, pct: { schedules: 1000, seed: 3 } });
  await proveScenario("ring at 2^32", flow({ capacity: 64, position: -16, sizes: [24, 32, 32] }), { bound: 2, pct: { schedules: 1000, seed: 4 } });
});

test("where there is no room nothing is written, and there is some once the reader went on", async () => {
  await proveScenario("ring full", flow({ capacity: 32, sizes: [16, 16, 16, 8, 16] }), { bound: 3, pct: { schedules: 2000, seed: 5 } });
});

test("a writer that dies at any step leaves whole records, and all that it committed", async () => {
  const scenario = flow({ capacity: 32, sizes: [16, 16, 8, 16], deaths: { threads: [0], max: 1 } });
  await proveScenario("ring writer death", scenario, { bound: 2, pct: { schedules: 2000, seed: 6 } });
});

test("a reader that dies at any step holds up no writer", async () => {
  const scenario = flow({ capacity: 32, sizes: [16, 16, 8, 16], deaths: { threads: [1], max: 1 } });
  await proveScenario("ring reader death", scenario, { bound: 2, pct: { schedules: 2000, seed: 7 } });
});

test("records go through two rings, from thread to thread", async () => {
  const capacity = 32;
  const sizes = [16, 16, 16];
  const places = (buffer: SharedArrayBuffer): [RingPlace, RingPlace] => [
    { buffer, offset: 0, capacity },
    { buffer, offset: ringBytes(capacity), capacity },
  ];
  const scenario: Scenario = {
    threads: 3,
    bytes: 2 * ringBytes(capacity),
    setup: ({ buffer }) => {
      for (const place of places(buffer)) startAt(place, 8);
    },
    thread(c) {
      const [first, second] = places(c.buffer);
      if (c.id === 0) write(c, first, sizes, 1);
      else if (c.id === 2) read(c, second, sizes, 1);
      else relay(c, first, second, sizes, [0, 2]);
    },
    final: (c) => c.assert(c.get(readOf(places(c.buffer)[1])) === sizes.length, "all arrive"),
  };
  await proveScenario("ring relay", scenario, { bound: 1, pct: { schedules: 4000, seed: 8 } });
});

test("a ring of one thread", async () => {
  const capacity = 64;
  const scenario: Scenario = {
    threads: 1,
    bytes: ringBytes(capacity) + 64,
    thread(c) {
      const place: RingPlace = { buffer: c.buffer, offset: 0, capacity };
      const writer = new RingWriter(place);
      const reader = new RingReader(place);
      c.assert(reader.empty && reader.peek() === -1, "it begins empty");
      c.assert(writer.reserve(9) === 32 && writer.words[32] === 16, "sizes are rounded up");
      c.assert(reader.empty && reader.peek() === -1, "what is reserved is not there yet");
      c.assert(writer.reserve(32) === 32 && writer.words[32] === 32, "what was reserved and is not wanted takes no room");
      writer.words[33] = 1;
      writer.commit();
      c.assert(!reader.empty && reader.peek() === 32 && reader.peek() === 32, "a look takes nothing");
      c.assert(writer.reserve(33) === -1 && writer.reserve(40) === -1, "a byte too much");
      c.assert(writer.reserve(32) === 40, "the rest of it");
      writer.words[41] = 1;
      writer.commit();
      c.assert(writer.reserve(8) === -1, "it is full");
      reader.release();
      c.assert(writer.reserve(32) === 32 && !reader.empty && reader.peek() === 40, "round the end");
      reader.release();
      c.assert(reader.empty && reader.peek() === -1, "the rest is not committed");
      writer.words[33] = 1;
      writer.commit();
      c.assert(reader.peek() === 32, "now it is");
      reader.release();
      // At 32 of 64 now: what would pass the end leaves the rest out, if there is room for both.
      c.assert(writer.reserve(24) === 40, "before the end");
      writer.words[41] = 1;
      writer.commit();
      c.assert(writer.reserve(48) === -1, "the rest and the record are too much");
      c.assert(writer.reserve(40) === -1, "a word of it is not read yet");
      c.assert(writer.reserve(32) === 32 && writer.words[46] === 8 && writer.words[47] === 0, "the rest is left out");
      writer.words[33] = 1;
      writer.commit();
      c.assert(reader.peek() === 40, "before the end");
      reader.release();
      c.assert(!reader.empty && reader.peek() === 32, "after what was left out");
      reader.release();
      c.assert(reader.empty && reader.peek() === -1, "it ends empty");
      const words = new Int32Array(c.buffer);
      for (let i = ringBytes(capacity) / 4; i < words.length; i++) c.assert(words[i] === 0, `a word behind the ring is ${words[i]}`);
    },
  };
  await proveScenario("ring alone", scenario, { bound: 0, pct: { schedules: 1 } });
});

test("both ends open where the last ones stopped", async () => {
  const place = (buffer: SharedArrayBuffer): RingPlace => ({ buffer, offset: 0, capacity: 32 });
  const scenario: Scenario = {
    threads: 1,
    bytes: ringBytes(32),
    thread(c) {
      const put = (): void => {
        const writer = new RingWriter(place(c.buffer));
        writer.words[writer.reserve(16) + 1] = 1;
        writer.commit();
      };
      put();
      put();
      c.assert(new RingWriter(place(c.buffer)).reserve(8) === -1, "full");
      const got = [0, 0].map(() => {
        const reader = new RingReader(place(c.buffer));
        const at = reader.peek();
        reader.release();
        return at;
      });
      c.assert(got.join() === "32,36" && new RingReader(place(c.buffer)).empty, `got ${got}`);
    },
  };
  await proveScenario("ring opened again", scenario, { bound: 0, pct: { schedules: 1 } });
});
