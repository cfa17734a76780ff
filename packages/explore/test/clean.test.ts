import { expect, test } from "vitest";
import { check, explore, type Scenario } from "../src/index.ts";
import { asyncMutex, barrier, condition, mutex, semaphore, timedMutex } from "./fixtures/clean.ts";

test.each<[name: string, scenario: Scenario, bound: number, schedules: number]>([
  ["mutex, 2 threads, 2 sections", mutex(2, 2), 2, 50],
  ["mutex, 2 threads, 2 sections, bound 3", mutex(2, 2), 3, 166],
  ["mutex, 3 threads, 2 sections", mutex(3, 2), 2, 1392],
  ["async mutex, 2 threads, 2 sections", asyncMutex(2, 2), 2, 50],
  ["async mutex, 2 threads, 2 sections, bound 3", asyncMutex(2, 2), 3, 166],
  ["async mutex, 3 threads, 2 sections", asyncMutex(3, 2), 2, 1392],
  ["timed mutex", timedMutex, 2, 24],
  ["semaphore, 3 threads, 2 permits", semaphore, 2, 1164],
  ["barrier, 2 threads, 4 rounds", barrier, 2, 330],
  ["condition", condition, 2, 32],
])("%s: every schedule goes well", async (_name, scenario, bound, schedules) => {
  const result = check(await explore(scenario, { bound }));
  expect(result).toMatchObject({ complete: true, schedules });
});

test.each([
  ["mutex", mutex(3, 2)],
  ["async mutex", asyncMutex(2, 2)],
  ["timed mutex", timedMutex],
  ["semaphore", semaphore],
  ["barrier", barrier],
  ["condition", condition],
])("%s: random schedules go well", async (_name, scenario) => {
  const result = check(await explore(scenario, { pct: { schedules: 300 }, wakes: "any" }));
  expect(result.schedules).toBe(300);
});
