import { expect, it } from "vitest";
import { useSite } from "./site.ts";

// The page is loaded once more, maybe while Starlight still loads its search.
const site = useSite(false, /^error loading dynamically imported module/);

it("a host that sends no headers has shared memory by the site's service worker, and its programs run", async () => {
  const page = await site.open("");
  try {
    await page.waitForFunction(() => crossOriginIsolated, undefined, { timeout: 30_000 });
    await page.locator('interlock-race[data-ready] input[value="atomic"]').check();
    await page.locator("interlock-race button[type=submit]").click();
    await page.locator("interlock-race[data-state=exact]").waitFor({ timeout: 60_000 });

    const snippet = page.locator("interlock-snippet[data-ready]").first();
    await snippet.locator("button[name=edit]").click();
    await snippet.locator(".cm-content").fill('import { Value } from "@interlock/core";\nconsole.log(new Value("int32", 7).value);');
    await snippet.locator("button[name=run]").click();
    await snippet.locator("[role=status]", { hasText: "done" }).waitFor({ timeout: 60_000 });
    expect(await snippet.locator("[role=log]").textContent()).toBe("7\n");
  } finally {
    await page.close();
  }
});
