import { describe, expect, it } from "vitest";
import { useSite } from "./site.ts";

const site = useSite();

describe("the controls of a snippet", () => {
  const PAGE = "guides/choosing-a-primitive/";

  it("run what was edited, stop what never ends, and bring back what was there", async () => {
    const page = await site.open(PAGE);
    try {
      const snippet = page.locator("interlock-snippet[data-ready]").first();
      const recorded = await snippet.locator("[role=log]").textContent();
      await snippet.locator("button[name=edit]").click();
      const editor = snippet.locator(".cm-content");
      await editor.fill('const answer: number = 42;\nconsole.log("the answer is", answer, [1, { a: 2 }]);\nfor (;;);');
      await snippet.locator("button[name=run]").click();
      await snippet.locator("[role=log] .out").waitFor();
      expect(await snippet.locator("[role=log]").textContent()).toBe("the answer is 42 [ 1, { a: 2 } ]\n");
      expect(await snippet.getAttribute("data-state")).toBe("running");

      await snippet.locator("button[name=stop]").click();
      expect(await snippet.getAttribute("data-state")).toBe("stopped");
      await editor.fill('console.log("alive")');
      await snippet.locator("button[name=run]").click();
      await snippet.locator("[role=status]", { hasText: "done" }).waitFor();
      expect(await snippet.locator("[role=log]").textContent()).toBe("alive\n");

      await snippet.locator("button[name=reset]").click();
      expect(await snippet.locator("[role=log]").textContent()).toBe(recorded);
      expect(await editor.textContent()).toContain("export const unlocked");
    } finally {
      await page.close();
    }
  });

  it.each([
    // Typing into an editor of Firefox by a driver begins a new line.
    ['throw new RangeError("too far")', /^Uncaught RangeError: too far \(line [12]\)$/],
    ['import { x } from "somewhere";\nconsole.log(x);', /Cannot import "somewhere" in a page: it has @interlock\/core and @interlock\/pool/],
    ["const a: = 1", /SyntaxError/],
  ])("say what is wrong with %j", async (program, message) => {
    const page = await site.open(PAGE);
    try {
      const snippet = page.locator("interlock-snippet[data-ready]").first();
      await snippet.locator("button[name=edit]").click();
      await snippet.locator(".cm-content").fill(program);
      await snippet.locator("button[name=run]").click();
      await snippet.locator("[role=status]", { hasText: "failed" }).waitFor();
      const said = (await snippet.locator("[role=log]").textContent())?.trim();
      expect(said).toMatch(message);
    } finally {
      await page.close();
    }
  });
});
