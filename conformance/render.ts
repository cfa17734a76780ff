/** The conformance table as Markdown. */
import { RUNTIMES } from "../scripts/reports.ts";
import type { Kind, Row, Verdict } from "./rows.ts";
import { table } from "./table.ts";

/** A row, and the status of its test by kind and runtime; without any if it is impossible. */
export interface Result extends Omit<Row, "test" | "kinds"> {
  readonly results: Readonly<Partial<Record<Kind, Readonly<Record<string, string>>>>>;
}

const VERDICTS: readonly Verdict[] = ["pass", "adapted", "impossible"];
const KINDS: readonly Kind[] = ["thread", "process"];

const INTRODUCTION = `# Conformance with Python's multiprocessing

<!-- Written by \`npm run conformance\`. The verdicts are in rows.ts. -->

The rows are test methods of CPython's own suite, \`Lib/test/_test_multiprocessing.py\`. Each was written anew against
interlock. What needs shared memory is asked of \`Thread\`s, which use the blocking calls while the parent uses their async
twins, and once more of \`Process\`es, in memory that they share. What does not is asked of threads and of processes: of
\`Thread\` and \`Process\`, and of pools of either. Every test also fails if the core counts a wait that only the end of a time slice ended: that is where a lost wake-up shows.

- **pass**: what the original asserts holds as it stands.
- **adapted**: it holds in another form, because TypeScript lacks what it is asked of, or interlock differs by design.
- **impossible**: it asks for something that has no counterpart here.

Where a cell holds two results, the first is that of threads and the second that of processes, and – stands for one that is not
asked. A single one is that of threads.
`;

export function render(results: readonly Result[]): string {
  const classes = [...new Set(results.map((row) => row.class))];
  const summary = [...classes.map((name) => countRow(name, of(results, name))), countRow("**all**", results)];
  const sections = classes.map((name) => section(name, of(results, name)));
  return [INTRODUCTION, table(["class", "rows", ...VERDICTS, ...head(KINDS)], summary), ...sections].join("\n");
}

function of(results: readonly Result[], name: string): Result[] {
  return results.filter((row) => row.class === name);
}

function kindsOf(results: readonly Result[]): readonly Kind[] {
  return KINDS.filter((kind) => results.some((row) => row.results[kind] !== undefined));
}

/** The runtimes, and what of each. */
function head(kinds: readonly Kind[]): string[] {
  const what = kinds.map((kind) => (kind === "thread" ? "threads" : "processes")).join(" / ");
  return Object.values(RUNTIMES).map((runtime) => `${runtime}: ${what}`);
}

/** For each runtime, what is to be told of each kind. */
function cells(kinds: readonly Kind[], tell: (kind: Kind, runtime: string) => string): string[] {
  return Object.keys(RUNTIMES).map((runtime) => kinds.map((kind) => tell(kind, runtime)).join(" / "));
}

/** How many rows have which verdict, and how many of their tests passed. */
function countRow(name: string, results: readonly Result[]): string[] {
  const passed = (kind: Kind, runtime: string): string => {
    const tested = results.filter((row) => row.results[kind] !== undefined);
    return `${tested.filter((row) => row.results[kind]?.[runtime] === "passed").length} of ${tested.length}`;
  };
  return [
    name,
    String(results.length),
    ...VERDICTS.map((verdict) => String(results.filter((row) => row.verdict === verdict).length)),
    ...cells(kindsOf(results), passed),
  ];
}

function section(name: string, results: readonly Result[]): string {
  const kinds = kindsOf(results);
  const body = results.map(({ row, verdict, how, results: statuses }) => [
    row,
    verdict,
    how.replaceAll("|", "\\|"),
    ...cells(verdict === "impossible" ? [] : kinds, (kind, runtime) => statuses[kind]?.[runtime] ?? "–"),
  ]);
  return `## ${name}\n\n${table(["row", "verdict", "how", ...head(kinds)], body)}`;
}
