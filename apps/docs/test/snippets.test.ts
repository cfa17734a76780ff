import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isolation } from "../config/isolation.ts";
import { expectedOf, mismatch, SNIPPETS } from "../scripts/expected.ts";
import { DIST } from "../scripts/serve.ts";
import { browserName, buildSite, serveSite } from "./site.ts";
import { harnessOf, openUndriven, type Report } from "./undriven.ts";

/** Longer than all snippets together. */
const LIMIT_MS = 500_000;

const names = globSync("**/*.ts", { cwd: SNIPPETS, exclude: (name) => name.endsWith(".server.ts") })
  .map((file) => file.replaceAll("\\", "/").replace(/\.ts$/, ""))
  .sort();
let reports: ReadonlyMap<string, Report>;
const shown = new Set<string>();
let close = async (): Promise<void> => {};

/** The pages that show snippets. */
function pages(): string[] {
  return globSync("**/index.html", { cwd: DIST }).flatMap((file) => {
    const found = Array.from(readFileSync(join(DIST, file), "utf8").matchAll(/<interlock-snippet[^>]* data-name="([^"]+)"/g), ([, name]) => name as string);
    for (const name of found) shown.add(name);
    return found.length === 0 ? [] : [file === "index.html" ? "/" : `/${dirname(file)}/`];
  });
}

beforeAll(async () => {
  buildSite();
  const harness = harnessOf(pages());
  const site = await serveSite([isolation(), harness.plugin]);
  const quit = await openUndriven(browserName, `${site.origin}harness`);
  close = async () => {
    await quit();
    await site.close();
  };
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([harness.done, new Promise((resolve) => (timer = setTimeout(resolve, LIMIT_MS)))]);
  clearTimeout(timer);
  reports = harness.reports;
});
afterAll(() => close());

it("there are snippets for pages", () => {
  expect(names.length).toBeGreaterThan(0);
});

it.each(names)("snippet %s prints in a page what is recorded", (name) => {
  expect(shown, "no page shows it").toContain(name);
  const report = reports.get(name);
  expect(report && mismatch(report.printed, expectedOf(name)), JSON.stringify(report)).toBeUndefined();
  expect(report?.state).toBe("done");
});
