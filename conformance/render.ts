/** The conformance table as Markdown. */
import { RUNTIMES } from "../scripts/reports.ts";
import type { Row, Verdict } from "./rows.ts";
import { table } from "./table.ts";

/** A row, and the status of its test by runtime; without any if it is impossible. */
export interface Result extends Omit<Row, "test"> {
  readonly results: Readonly<Record<string, string>>;
}

const VERDICTS: readonly Verdict[] = ["pass", "adapted", "impossible"];

const INTRODUCTION = `# Conformance with Python's multiprocessing

<!-- Written by \`npm run conformance\`. The verdicts are in rows.ts. -->

The rows are test methods of CPython's own suite, \`Lib/test/_test_multiprocessing.py\`. Each was written anew against
interlock: processes became \`Thread\`s, which use the blocking calls, and the parent uses their async twins; pools have
threads. Every test also fails if the core counts a wait that only the end of a time slice ended: that is where a lost
wake-up shows.

- **pass**: what the original asserts holds as it stands.
- **adapted**: it holds in another form, because TypeScript lacks what it is asked of, or interlock differs by design.
- **impossible**: it asks for something that has no counterpart here.
`;

export function render(results: readonly Result[]): string {
  const classes = [...new Set(results.map((row) => row.class))];
  const summary = [...classes.map((name) => countRow(name, of(results, name))), countRow("**all**", results)];
  const sections = classes.map((name) => `## ${name}\n\n${table(["row", "verdict", "how", ...Object.values(RUNTIMES)], of(results, name).map(resultRow))}`);
  return [INTRODUCTION, table(["class", "rows", ...VERDICTS, ...Object.values(RUNTIMES)], summary), ...sections].join("\n");
}

function of(results: readonly Result[], name: string): Result[] {
  return results.filter((row) => row.class === name);
}

/** How many rows have which verdict, and how many of their tests passed. */
function countRow(name: string, results: readonly Result[]): string[] {
  const tested = results.filter(({ verdict }) => verdict !== "impossible").length;
  const passed = Object.keys(RUNTIMES).map((runtime) => results.filter((row) => row.results[runtime] === "passed").length);
  return [
    name,
    String(results.length),
    ...VERDICTS.map((verdict) => String(results.filter((row) => row.verdict === verdict).length)),
    ...passed.map((count) => `${count} of ${tested}`),
  ];
}

function resultRow({ row, verdict, how, results }: Result): string[] {
  return [row, verdict, how.replaceAll("|", "\\|"), ...Object.keys(RUNTIMES).map((runtime) => results[runtime] ?? "")];
}
