import fc from "fast-check";
import { it } from "vitest";
import { SEED } from "../../core/test/seed.ts";
import { Profile } from "../src/dispatch/profile.ts";

const costs = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e-3, noNaN: true }), fc.double({ min: 0, max: 5000, noNaN: true }));

it("batches have at least one call, no more than wait, and cover all that waits", () => {
  const measured = fc.array(fc.tuple(fc.integer({ min: 1, max: 8000 }), costs), { maxLength: 8 });
  const waits = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1_000_000 }));
  const property = fc.property(
    measured,
    waits,
    fc.integer({ min: 1, max: 64 }),
    fc.constantFrom(1, 2000, 8000, Infinity),
    costs,
    (before, waiting, slots, most, cost) => {
      const profile = new Profile();
      for (const [count, each] of before) profile.took(count, each);
      const first = profile.batchSize(waiting, slots, most);
      if (before.length === 0 && first !== 1) throw new Error(`${first} calls of a task that nobody knows`);
      let left = waiting;
      // What comes back is measured, and batches grow; a task that takes long goes call by call.
      for (let batches = 0; left > 0 && batches < 5000; batches++) {
        const size = profile.batchSize(left, slots, most);
        if (!Number.isInteger(size) || size < 1 || size > left) throw new Error(`a batch of ${size} calls of ${left}`);
        if (size > most) throw new Error(`${size} calls travel together`);
        left -= size;
        profile.took(size, cost);
      }
      if (left > 0 && profile.short && left >= waiting) throw new Error("nothing was taken");
    },
  );
  fc.assert(property, { ...SEED, numRuns: 500 });
});

it("a batch takes about as long as it should, whatever was measured, and shrinks towards the end", () => {
  const property = fc.property(fc.double({ min: 1e-5, max: 1, noNaN: true }), fc.integer({ min: 1, max: 16 }), (cost, slots) => {
    const profile = new Profile();
    for (let i = 0; i < 20; i++) profile.took(8000, cost);
    const full = profile.batchSize(1_000_000, slots, Infinity);
    const last = profile.batchSize(1, slots, Infinity);
    return full * cost <= 2.001 + cost && last === 1 && profile.batchSize(Math.max(1, full >> 2), slots, Infinity) <= full;
  });
  fc.assert(property, { ...SEED, numRuns: 500 });
});

it("idle workers that can give back share what waits, unless that is too much", () => {
  const property = fc.property(
    fc.double({ min: 1e-5, max: 1, noNaN: true }),
    fc.integer({ min: 1, max: 1_000_000 }),
    fc.integer({ min: 0, max: 16 }),
    (cost, waiting, idle) => {
      const profile = new Profile();
      for (let i = 0; i < 20; i++) profile.took(8000, cost);
      const share = Math.ceil(waiting / idle);
      const size = profile.batchSize(waiting, 16, Infinity, idle);
      if (share * cost <= 1.99) return size === share;
      return share * cost < 2.01 || size === profile.batchSize(waiting, 16, Infinity);
    },
  );
  fc.assert(property, { ...SEED, numRuns: 500 });
});

it("a first measurement, which says little, makes batches grow by steps", () => {
  const profile = new Profile();
  profile.took(1, 0);
  if (profile.batchSize(1_000_000, 1, Infinity) !== 32) throw new Error("a single call says that much");
  profile.took(32, 0);
  if (profile.batchSize(1_000_000, 1, Infinity) !== 1024) throw new Error("32 calls say that much");
  if (!profile.short) throw new Error("it takes no time");
  profile.took(1, 100);
  if (profile.short || profile.batchSize(1_000_000, 1, Infinity) !== 1) throw new Error("it takes its time");
});

it("batches of a fixed size are as many as a usual one is long, or 32", () => {
  const profile = new Profile();
  if (profile.depth(1) !== 1) throw new Error("nothing is known");
  for (let i = 0; i < 20; i++) profile.took(100, 0.1);
  if (profile.depth(1) < 19 || profile.depth(1) > 20 || profile.depth(10) !== Math.floor(profile.depth(1) / 10)) throw new Error(`${profile.depth(1)}`);
  for (let i = 0; i < 50; i++) profile.took(1000, 0);
  if (profile.depth(1) !== 32) throw new Error("there is no end");
});
