import type { Scenario } from "@interlock/explore";
import { test } from "vitest";
import { proveScenario } from "../../../core/test/explore/prove.ts";
import { CLAIMS_BYTES, Claims, grainOf, SLOTS } from "../../src/channel/claims.ts";
import { cutting, dying, passingOn, reusing } from "./claimers.ts";

test("each call is the worker's or the parent's, whenever the parent takes the rest back", async () => {
  await proveScenario("claims cut", cutting({ count: 3, most: 1, keeps: [0] }), { bound: 3, pct: { schedules: 2000, seed: 1 } });
  await proveScenario("claims cut, two at once", cutting({ count: 4, most: 2, keeps: [1, 0] }), { bound: 3, pct: { schedules: 2000, seed: 2 } });
  await proveScenario("claims cut twice", cutting({ count: 4, most: 1, keeps: [2, 3, 1] }), { bound: 3, pct: { schedules: 2000, seed: 3 } });
});

test("what was taken back from one worker another claims, or the parent takes back again", async () => {
  await proveScenario("claims pass on", passingOn({ count: 3, most: 1, keeps: [0] }), { bound: 2, pct: { schedules: 3000, seed: 4 } });
  await proveScenario("claims pass on, two at once", passingOn({ count: 4, most: 2, keeps: [1] }), { bound: 2, pct: { schedules: 3000, seed: 5 } });
});

test("a slot is used again once the worker is done with it, and the batches are not confused", async () => {
  await proveScenario("claims reuse", reusing({ count: 2, most: 1, keeps: [0] }, true), { bound: 3, pct: { schedules: 2000, seed: 6 } });
  await proveScenario("claims reuse, all at once", reusing({ count: 2, most: 2, keeps: [1] }, true), { bound: 3, pct: { schedules: 2000, seed: 7 } });
});

test("of a worker that dies at any step, what began is never handed back, and all else is", async () => {
  await proveScenario("claims death", dying({ count: 3, most: 2, keeps: [] }), { bound: 3, pct: { schedules: 2000, seed: 8 } });
  await proveScenario("claims death and cut", dying({ count: 3, most: 2, keeps: [1, 0] }), { bound: 3, pct: { schedules: 2000, seed: 9 } });
});

test("claims of one thread", async () => {
  const scenario: Scenario = {
    threads: 1,
    bytes: CLAIMS_BYTES + 128,
    thread(c) {
      const words = new Int32Array(c.buffer);
      const claims = new Claims(c.buffer, 64);
      c.assert(claims.words.byteOffset === 64 && claims.words.length === 4 * SLOTS && claims.words.byteLength === CLAIMS_BYTES, "four words for each slot");
      const most = 0x7fff;
      for (const [slot, count] of [
        [0, 1],
        [SLOTS - 1, most],
        [7, most + 1],
        [8, 2 * most],
        [9, 2 * most + 1],
      ] as const) {
        const grain = grainOf(count);
        const grains = Math.ceil(count / grain);
        c.assert(grain === (count <= most ? 1 : count <= 2 * most ? 2 : 3) && grains <= most, `${count} calls in grains of ${grain}`);
        claims.abort(slot);
        claims.words[Claims.progressAt(slot)] = 3;
        claims.offer(slot, count);
        c.assert(!claims.aborted(slot) && claims.progress(slot) === 0, "nothing is left of the last batch");
        c.assert(claims.untouched(slot) && claims.unclaimed(slot) === grains, `${claims.unclaimed(slot)} grains of ${grains}`);
        c.assert(claims.claim(slot, 1) === 1 && !claims.untouched(slot) && claims.unclaimed(slot) === grains - 1, "one is claimed");
        if (grains > 1) {
          c.assert(claims.cut(slot, most) === grains && claims.unclaimed(slot) === grains - 1, "the worker keeps all");
          c.assert(claims.cut(slot, 5) === 6 && claims.unclaimed(slot) === 5, "the worker keeps five");
          c.assert(claims.claim(slot, 3) === 3 && claims.claim(slot, 3) === 2, "it claims them");
        }
        c.assert(claims.claim(slot, 1) === 0 && claims.unclaimed(slot) === 0, "nothing is left");
        c.assert(claims.cut(slot, 0) === (grains > 1 ? 6 : 1), "what is claimed stays");
        claims.abort(slot);
        c.assert(claims.aborted(slot) && claims.progress(slot) === 0, "nobody waits");
      }
      claims.offer(1, 5);
      c.assert(claims.cut(1, 0) === 0 && claims.untouched(1) && claims.claim(1, 9) === 0, "all of it goes back");
      claims.words[Claims.progressAt(2)] = 9;
      c.assert(claims.progress(2) === 9 && claims.progress(1) === 0 && claims.progress(3) === 0 && !claims.aborted(2), "each slot has its own words");
      for (let i = 0; i < words.length; i++) {
        const own = i >= 16 && i < 16 + CLAIMS_BYTES / 4;
        c.assert(own || words[i] === 0, `a word beside the claims is ${words[i]}`);
      }
    },
  };
  await proveScenario("claims alone", scenario, { bound: 0, pct: { schedules: 1 } });
});
