import fc from "fast-check";
import { it } from "vitest";
import { SEED } from "../../core/test/seed.ts";
import { CLAIMS_BYTES, Claims, grainOf, SLOTS } from "../src/channel/claims.ts";

/** What the claims of one slot are, without shared memory. */
interface Model {
  claimed: number;
  limit: number;
  aborted: boolean;
  progress: number;
}

type Real = Claims;

function agree(model: Model, claims: Real, slot: number): void {
  const { claimed, limit, aborted, progress } = model;
  const there = [claims.unclaimed(slot), claims.untouched(slot), claims.aborted(slot), claims.progress(slot)];
  const wanted = [limit - claimed, claimed === 0, aborted, progress];
  if (there.join() !== wanted.join()) throw new Error(`slot ${slot} is ${there}, and should be ${wanted}`);
}

function same(what: string, got: number, wanted: number): void {
  if (got !== wanted) throw new Error(`${what} gave ${got}, and should give ${wanted}`);
}

it("claims are what a sequential model of them is, slot by slot", () => {
  const slots = fc.constantFrom(0, 1, 17, SLOTS - 1);
  // Around the limits of a grain, and of a slot's words.
  const counts = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 32_760, max: 32_775 }), fc.integer({ min: 1, max: 200_000 }));
  const step = fc.oneof(
    fc.record({ do: fc.constant("offer" as const), slot: slots, n: counts }),
    fc.record({ do: fc.constant("claim" as const), slot: slots, n: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 1 << 16 })) }),
    fc.record({ do: fc.constant("cut" as const), slot: slots, n: fc.oneof(fc.nat(4), fc.nat(0x7fff)) }),
    fc.record({ do: fc.constant("abort" as const), slot: slots, n: fc.constant(0) }),
    fc.record({ do: fc.constant("begin" as const), slot: slots, n: fc.nat(200_000) }),
  );
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const claims = new Claims(new SharedArrayBuffer(CLAIMS_BYTES + 64), 64);
    const models = new Map<number, Model>();
    for (const { do: what, slot, n } of steps) {
      const model = models.get(slot) ?? { claimed: 0, limit: 0, aborted: false, progress: 0 };
      models.set(slot, model);
      if (what === "offer") {
        claims.offer(slot, n);
        Object.assign(model, { claimed: 0, limit: Math.ceil(n / grainOf(n)), aborted: false, progress: 0 });
      } else if (what === "claim") {
        const most = Math.min(n, model.limit - model.claimed);
        same("claim", claims.claim(slot, n), most);
        model.claimed += most;
      } else if (what === "cut") {
        model.limit = Math.min(model.limit, model.claimed + n);
        same("cut", claims.cut(slot, n), model.limit);
      } else if (what === "abort") {
        claims.abort(slot);
        model.aborted = true;
      } else {
        claims.words[Claims.progressAt(slot)] = n;
        model.progress = n;
      }
      for (const [each, one] of models) agree(one, claims, each);
    }
  });
  fc.assert(property, { ...SEED, numRuns: 500 });
});

it("grains cover a batch, and a slot can count them", () => {
  const property = fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (count) => {
    const grain = grainOf(count);
    const grains = Math.ceil(count / grain);
    return grain >= 1 && grains <= 0x7fff && grains * grain >= count && (grains - 1) * grain < count;
  });
  fc.assert(property, { ...SEED, numRuns: 2000 });
});
