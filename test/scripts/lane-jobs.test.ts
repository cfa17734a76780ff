import { expect, it } from "vitest";
import { compareJobs } from "../../scripts/lane-jobs.ts";
import type { Lane } from "../../scripts/lanes.ts";

const RUNNERS = { linux: "ubuntu", macos: "mac", windows: "win" };
const lanes: readonly Lane[] = [
  { id: "a-linux", suite: "a", runtime: "A", os: "linux" },
  { id: "a-macos", suite: "a", runtime: "A", os: "macos" },
  { id: "b-linux", suite: "b", runtime: "B", os: "linux" },
  { id: "c-macos", runtime: "C", os: "macos" },
];

it("jobs agree with the lanes that have a suite, and with no others", () => {
  const include = [{ suite: "b", on: "ubuntu" }];
  expect(compareJobs({ suite: ["a"], on: ["ubuntu", "mac"], include }, lanes, RUNNERS)).toEqual([]);
  expect(compareJobs({ suite: ["a"], on: ["ubuntu"], include }, lanes, RUNNERS)).toEqual(["no job runs a on mac, which scripts/lanes.ts promises"]);
  expect(compareJobs({ suite: ["a"], on: ["ubuntu", "mac", "win"] }, lanes, RUNNERS)).toEqual([
    "no job runs b on ubuntu, which scripts/lanes.ts promises",
    "a on win is no lane of scripts/lanes.ts",
  ]);
});
