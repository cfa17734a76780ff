/** Writes the pages of results that are Markdown already: each says where it comes from. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Result, render } from "../../../conformance/render.ts";
import { type DeadlockResult, type FaultResult, renderFaults } from "../../../conformance/render-faults.ts";

const app = join(import.meta.dirname, "..");
const root = join(app, "../..");

/** What the changelog tells of. */
const PACKAGES = ["core", "pool", "shm"];

export function writePages(): void {
  const { rows } = read<{ rows: Result[] }>("conformance/conformance.json");
  const { faults, deadlocks } = read<{ faults: FaultResult[]; deadlocks: DeadlockResult[] }>("conformance/faults.json");
  write("conformance", "The methods of Python's own test suite, and what became of each", render(rows));
  write("faults", "What goes wrong with a worker, and what its call comes to", renderFaults(faults, deadlocks));
  write("changelog", "What has changed from release to release", `# Changelog\n\n${changelog()}`);
}

function changelog(): string {
  const known = PACKAGES.filter((name) => existsSync(join(root, "packages", name, "CHANGELOG.md")));
  if (known.length === 0) return "Nothing has been released yet.\n";
  // Each has a title of level 1, and a version on each of level 2.
  return known.map((name) => readFileSync(join(root, "packages", name, "CHANGELOG.md"), "utf8").replace(/^(#+ )/gm, "#$1")).join("\n");
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(root, file), "utf8")) as T;
}

/** Writes a page. Its first heading becomes its title. */
function write(slug: string, description: string, markdown: string): void {
  const [, title, body] = /^# (.+)\n([\s\S]*)$/.exec(markdown) ?? [];
  if (title === undefined || body === undefined) throw new SyntaxError(`Cannot write the page ${slug} as its Markdown does not begin with a title`);
  // JSON is YAML.
  const frontmatter = { title, description, editUrl: false, ...(slug === "changelog" ? {} : { tableOfContents: { maxHeadingLevel: 2 } }) };
  writeFileSync(join(app, "src/content/docs", `${slug}.md`), `---\n${JSON.stringify(frontmatter)}\n---\n${body.replace(/<!--[\s\S]*?-->\n*/, "")}`);
}
