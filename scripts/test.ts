/**
 * Runs the tests on every runtime, one after the other.
 *
 * Usage: node scripts/test.ts [runtime...]
 */
import { browsers, findBrowser } from "./browsers.ts";
import { forgetResult, settleResult } from "./lane-result.ts";
import { laneId, thisOs } from "./lanes.ts";
import { runSuite, suites } from "./suites.ts";

const named = process.argv.slice(2);
const failed: string[] = [];
for (const name of named.length > 0 ? named : Object.keys(suites)) {
  const suite = suites[name];
  if (suite === undefined) throw new RangeError(`Cannot test on ${name}: choose from ${Object.keys(suites).join(" ")}`);
  const lane = laneId(name, thisOs());
  forgetResult(lane);
  const { browser } = suite;
  if (browser !== undefined && findBrowser(browser) === undefined) {
    const { debian, variable } = browsers[browser];
    console.error(`\n${name}: no ${browser} found, so these tests do not run; install it (Debian: apt-get install ${debian}) or set ${variable}`);
    // Where everything must hold, a test that cannot run has failed.
    if (named.length > 0 || process.env["CI"] !== undefined) failed.push(name);
    continue;
  }
  // Whoever runs only some of the tests says nothing about the lane.
  process.env["INTERLOCK_LANE"] = lane;
  const passed = runSuite(name, suite);
  settleResult(lane, passed);
  if (!passed) failed.push(name);
}
if (failed.length > 0) {
  console.error(`Failed on ${failed.join(", ")}`);
  process.exit(1);
}
