import { expect, it } from "vitest";
import { useSite } from "./site.ts";

const site = useSite({});

it("a host that sends no headers has shared memory by the site's service worker, and its programs run", async () => {
  const page = await site.open("guides/choosing-a-primitive/");
  try {
    await page.waitForFunction(() => crossOriginIsolated, undefined, { timeout: 30_000 });
    const snippet = page.locator('interlock-snippet[data-name="guides/choosing-a-primitive/invariant"][data-ready]');
    await snippet.locator("button[name=run]").click();
    await snippet.locator("[role=status]", { hasText: "done" }).waitFor({ timeout: 60_000 });
    expect(await snippet.locator("[role=log]").textContent()).toBe("[ 550, 450 ] sum 1000\n");
  } finally {
    await page.close();
  }
});
