import { Atomic, Barrier, Lock, RawArray, RawValue } from "@interlock/core";
import { expect, it } from "vitest";
import { abort, abortAndReset, act, comeLate, lockstep, logPasses, PARTIES, passAlone, passOnce, reset } from "./barrier-tasks.ts";
import type { Form } from "./forms.ts";
import { expectTimedOut, forbidRescues, oneByOne, START, together, WAKE } from "./support.ts";

/** How late the late party is, and for how long the others wait for it. */
const LATE = 1000;
const PATIENCE = 400;

forbidRescues();

it.each([
  ["_TestBarrier.test_barrier", 1],
  ["_TestBarrier.test_barrier_10", 10],
])("%s", async (_, passes) => {
  for (const seen of await allParties(lockstep, [new Barrier(PARTIES), new Atomic("int32"), new Atomic("int32"), passes])) {
    expect(seen).toEqual({ wrong: [], waiting: 0, broken: false });
  }
});

it("_TestBarrier.test_wait_return", async () => {
  const indices = await allParties(passOnce, [new Barrier(PARTIES)]);
  expect(indices.sort()).toEqual([0, 1, 2, 3, 4]);
});

it("_TestBarrier.test_action", async () => {
  const [barrier, ended] = [new Barrier(PARTIES), new Atomic("int32")];
  for (const seen of await allParties(act, [barrier, ended, 3])) expect(seen).toEqual([1, 2, 3]);
  expect(ended.load()).toBe(3);
});

it("_TestBarrier.test_abort", async () => {
  const barrier = new Barrier(PARTIES);
  expect(count(await allParties(abort, [barrier]))).toEqual({ aborted: 1, broken: PARTIES - 1 });
  expect(barrier.broken).toBe(true);
});

it("_TestBarrier.test_reset", async () => {
  const barrier = new Barrier(PARTIES);
  const seen = await allParties(reset, [barrier]);
  expect(count(seen.map(([first]) => first))).toEqual({ reset: 1, broken: PARTIES - 1 });
  expect(count(seen.map(([, second]) => second))).toEqual({ passed: PARTIES });
  expect(barrier.broken).toBe(false);
});

it("_TestBarrier.test_abort_and_reset", async () => {
  const barrier = new Barrier(PARTIES);
  const seen = await allParties(abortAndReset, [barrier, new Barrier(PARTIES)]);
  expect(count(seen.map(([first]) => first))).toEqual({ aborted: 1, broken: PARTIES - 1 });
  expect(count(seen.map(([, second]) => second))).toEqual({ passed: PARTIES });
  expect(barrier.broken).toBe(false);
});

it("_TestBarrier.test_timeout", () => expectAllBroken(new Barrier(PARTIES), PATIENCE));

it("_TestBarrier.test_default_timeout", () => expectAllBroken(new Barrier(PARTIES, { timeout: PATIENCE }), undefined));

it("_TestBarrier.test_single_thread", async () => {
  for (const [indices, elapsed] of await oneByOne(passAlone, () => [new Barrier(1)])) {
    expect(indices).toEqual([0, 0]);
    expect(elapsed).toBeLessThan(WAKE);
  }
});

it("_TestBarrier.test_thousand", async () => {
  const passes = 1000;
  for (const own of [0, 1]) {
    const [log, length] = [new RawArray("int32", passes * PARTIES), new RawValue("int32")];
    await together(PARTIES - own, own, logPasses, [new Barrier(PARTIES), new Lock(), log, length, passes]);
    expect(length.value).toBe(passes * PARTIES);
    const misplaced = [...log].findIndex((pass, i) => pass !== Math.floor(i / PARTIES));
    expect(misplaced).toBe(-1);
  }
});

/** Runs a row's parties: threads that block, and one async task of this one. */
function allParties<A extends readonly unknown[], R>(form: Form<A, R>, args: A): Promise<R[]> {
  return together(PARTIES - 1, 1, form, args);
}

async function expectAllBroken(barrier: Barrier, timeout: number | undefined): Promise<void> {
  const seen = await allParties(comeLate, [barrier, LATE, START, timeout]);
  expect(seen.map(({ result }) => result)).toEqual(Array(PARTIES).fill("broken"));
  expect(seen.filter(({ late }) => late)).toHaveLength(1);
  expect(barrier.broken).toBe(true);
  // Whoever's patience ends first breaks it for all.
  expectTimedOut(Math.max(...seen.map(({ elapsed }) => elapsed)), PATIENCE);
  for (const { late, elapsed } of seen) if (late) expect(elapsed).toBeLessThan(PATIENCE);
}

function count(outcomes: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of outcomes) counts[String(one)] = (counts[String(one)] ?? 0) + 1;
  return counts;
}
