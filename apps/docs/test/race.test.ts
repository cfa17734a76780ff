import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GUARDS, PACES, WORKERS } from "../src/race/guards.ts";
import { useSite } from "./site.ts";

const site = useSite();
let page: Page;

beforeAll(async () => {
  page = await site.open("");
  await page.locator("interlock-race[data-ready]").waitFor();
});
afterAll(() => page?.close());

/** Runs the race and returns what the counter showed in the end. */
async function race(guard: string, pace: string): Promise<number> {
  await page.locator(`interlock-race input[value="${guard}"]`).check();
  await page.locator(`interlock-race input[value="${pace}"]`).check();
  await page.locator("interlock-race button[type=submit]").click();
  await page.locator("interlock-race:is([data-state=exact], [data-state=lost], [data-state=failed])").waitFor({ timeout: 90_000 });
  const said = (await page.locator("interlock-race [role=status]").textContent()) ?? "";
  const [, expected, got] = /^Expected ([\d,]+), got ([\d,]+): /.exec(said)?.map((text) => Number(text.replaceAll(",", ""))) ?? [];
  expect(said).toMatch(got === expected ? /: none was lost\.$/ : /: [\d,]+ additions were lost\.$/);
  return got as number;
}

describe.each(Object.entries(PACES))("the race, %s", (pace, { times }) => {
  const expected = WORKERS * times;

  it("loses additions without a lock", async () => {
    const got = await race("none", pace);
    expect(got).toBeGreaterThan(0);
    expect(got).toBeLessThan(expected);
  });

  it.each(Object.keys(GUARDS).filter((guard) => guard !== "none"))("loses none with %s", async (guard) => {
    expect(await race(guard, pace)).toBe(expected);
  });
});
