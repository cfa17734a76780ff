import { describe, expect, test } from "vitest";
import { explore, type FindingKind, replay, type Scenario } from "../src/index.ts";
import { scenario as abortKeepsWake } from "./fixtures/bugs/abort-keeps-wake.ts";
import { scenario as asyncStarvesBlocking } from "./fixtures/bugs/async-starves-blocking.ts";
import { scenario as barrierWithoutGeneration } from "./fixtures/bugs/barrier-without-generation.ts";
import { scenario as constantCondition } from "./fixtures/bugs/constant-condition.ts";
import { scenario as loadStoreLock } from "./fixtures/bugs/load-store-lock.ts";
import { scenario as notifyFromZero } from "./fixtures/bugs/notify-from-zero.ts";
import { scenario as savedBySlice } from "./fixtures/bugs/saved-by-slice.ts";
import { scenario as swallowedWake } from "./fixtures/bugs/swallowed-wake.ts";
import { scenario as uncheckedRelease } from "./fixtures/bugs/unchecked-release.ts";
import { scenario as unlockWithoutNotify } from "./fixtures/bugs/unlock-without-notify.ts";

const bugs: readonly [name: string, scenario: Scenario, kind: FindingKind][] = [
  ["unlock without notify", unlockWithoutNotify, "deadlock"],
  ["condition on a constant word", constantCondition, "deadlock"],
  ["semaphore that notifies only from zero", notifyFromZero, "deadlock"],
  ["waiter for many permits that swallows a wake", swallowedWake, "deadlock"],
  ["barrier without generation", barrierWithoutGeneration, "deadlock"],
  ["async waiter that gives up and keeps its wake", abortKeepsWake, "deadlock"],
  ["release that does not check the owner", uncheckedRelease, "race"],
  ["async waiter that starves a blocking one", asyncStarvesBlocking, "deadlock"],
  ["wait that only its slice saves", savedBySlice, "deadlock"],
  ["lock by load and store", loadStoreLock, "assertion"],
];

describe.each(bugs)("%s", (_name, scenario, kind) => {
  test("depth first finds it, and its schedule replays it", async () => {
    const { finding } = await explore(scenario, { bound: 2 });
    expect(finding?.kind).toBe(kind);
    expect(await replay(scenario, finding?.schedule ?? "")).toEqual(finding);
  });

  test("random schedules find it", async () => {
    const { finding } = await explore(scenario, { pct: { schedules: 2000 } });
    expect(finding?.kind).toBe(kind);
  });
});
