import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { describe, expect, it } from "vitest";
import { useSite } from "./site.ts";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const site = useSite();

/** What is Starlight's own: the name of its search button is not the text that it shows, and code that scrolls is a region without a name. */
const NOT_OURS: readonly [rule: string, selector: RegExp][] = [
  ["label-content-name-mismatch", /^button\[data-open-modal/],
  ["landmark-unique", /\.expressive-code\b/],
];

describe.each(["light", "dark"] as const)("the %s theme", (theme) => {
  it.each(["", "guides/choosing-a-primitive/", "matrix/", "benchmarks/", "conformance/", "api/core/classes/lock/"])("has no barrier on /%s", async (path) => {
    const page = await site.open(path, { theme });
    try {
      expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe(theme);
      // Starlight makes code that scrolls focusable when the browser has time for it.
      await page.waitForFunction(() => Array.from(document.querySelectorAll("pre")).every((one) => one.scrollWidth <= one.clientWidth || one.tabIndex === 0));
      await page.addScriptTag({ path: axe });
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
      const ours = violations.flatMap(({ id, nodes }) =>
        nodes
          .map(({ target, failureSummary }) => ({ id, target: target.join(" "), failureSummary }))
          .filter(({ target }) => !NOT_OURS.some(([rule, selector]) => rule === id && selector.test(target))),
      );
      expect(ours).toEqual([]);
    } finally {
      await page.close();
    }
  });
});
