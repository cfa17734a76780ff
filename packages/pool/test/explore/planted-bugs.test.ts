import { type ExploreOptions, explore, type FindingKind, replay, type Scenario } from "@interlock/explore";
import { afterAll, expect, test } from "vitest";
import { RingReader, RingWriter } from "../../src/channel/ring.ts";
import { cutting, dying, reusing, workLate } from "./claimers.ts";
import { ringing } from "./doorbells.ts";
import {
  BoundlessWriter,
  bellThatDozesBlindly,
  bellThatLooksAndLiesDown,
  bellThatLooksFirst,
  bellThatOnlyNotifies,
  claimsByStore,
  claimsWithOldProgress,
  cutsBelowClaimed,
  cutsByStore,
  EarlyReader,
  EarlyWriter,
  postedSilently,
} from "./planted.ts";
import { postings } from "./postings.ts";
import { type Ends, flow } from "./rings.ts";

const ends = (Writer: typeof RingWriter, Reader: typeof RingReader): Ends => ({
  writer: (place) => new Writer(place),
  reader: (place) => new Reader(place),
});

const bugs: readonly [name: string, scenario: Scenario, kinds: readonly FindingKind[]][] = [
  ["doorbell that looks for work before it is asleep", ringing({ works: [1], open: bellThatLooksFirst }), ["deadlock"]],
  [
    "doze that looks for work before it is one",
    ringing({ works: [1], open: bellThatDozesBlindly, dozes: { milliseconds: 1000, when: "during" } }),
    ["deadlock"],
  ],
  ["post that is left for good", ringing({ works: [1], looks: false, dozes: { milliseconds: 1, when: "during" } }), ["deadlock"]],
  ["message of which one that dozes hears nothing", postings(postedSilently), ["deadlock"]],
  ["doorbell that looks for work before it lies down", ringing({ works: [1], open: bellThatLooksAndLiesDown }), ["deadlock"]],
  ["doorbell that notifies without a change", ringing({ works: [1], open: bellThatOnlyNotifies }), ["deadlock"]],
  ["ring that commits before the record is complete", flow({ capacity: 64, sizes: [16, 16], ends: ends(EarlyWriter, RingReader) }), ["race", "assertion"]],
  [
    "ring that gives room back before the record is read",
    flow({ capacity: 32, sizes: [16, 16, 16], ends: ends(RingWriter, EarlyReader) }),
    ["race", "assertion"],
  ],
  ["ring that writes over what is not read", flow({ capacity: 32, sizes: [16, 16, 16], ends: ends(BoundlessWriter, RingReader) }), ["race", "assertion"]],
  ["claim by load and store", cutting({ count: 3, most: 1, keeps: [0], open: claimsByStore }), ["race", "assertion"]],
  ["cut by load and store", cutting({ count: 3, most: 1, keeps: [0], open: cutsByStore }), ["race", "assertion"]],
  ["cut below what is claimed", cutting({ count: 3, most: 2, keeps: [1], open: cutsBelowClaimed }), ["race", "assertion"]],
  ["slot that is used again once all its calls have ended", reusing({ count: 2, most: 1, keeps: [1] }, false), ["race", "assertion"]],
  ["call that says that it begins when it has ended", dying({ count: 3, most: 2, keeps: [] }, workLate), ["race", "assertion"]],
  ["progress of the slot's last batch", dying({ count: 3, most: 2, keeps: [], open: claimsWithOldProgress }), ["assertion"]],
];

const tally: string[] = [];

test.each(bugs)("the explorer finds it: %s", async (name, scenario, kinds) => {
  const searches: readonly ExploreOptions[] = [{ bound: 2 }, { pct: { schedules: 2000 } }];
  for (const options of searches) {
    const { finding, schedules } = await explore(scenario, options);
    expect(kinds).toContain(finding?.kind);
    expect(await replay(scenario, finding?.schedule ?? "", options)).toEqual(finding);
    tally.push(`${name}: ${finding?.kind} in schedule ${schedules}${options.pct === undefined ? "" : " at random"}`);
  }
});

test("whoever rings and dies in between is what sleeps are bounded for", async () => {
  const deaths = { threads: [0], max: 1 };
  const unbounded = ringing({ works: [1, 1], after: [1], milliseconds: Infinity, deaths });
  const { finding, schedules } = await explore(unbounded, { bound: 2 });
  expect(finding?.kind).toBe("deadlock");
  // It has taken the wake upon itself, and took it along: the other one, which lives, finds nobody asleep.
  const itsSteps = finding?.trace.filter((line) => line.startsWith("thread 0:")) ?? [];
  expect(itsSteps.slice(-2)).toEqual(["thread 0: compareExchange @0 (1, 0) = 1", "thread 0: dies"]);
  expect(await replay(unbounded, finding?.schedule ?? "")).toEqual(finding);
  const bounded = ringing({ works: [1, 1], after: [1], deaths });
  expect(await replay(bounded, finding?.schedule ?? "")).toBeUndefined();
  tally.push(`death between change and wake, unbounded: ${finding?.kind} in schedule ${schedules}`);
});

afterAll(() => {
  if (process.env["INTERLOCK_EXPLORE_TALLY"] !== undefined) for (const line of tally) console.log(line);
});
