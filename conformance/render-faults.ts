/** The fault matrix and the deadlock cases as Markdown: what all backends do stands side by side. */
import { RUNTIMES } from "../scripts/reports.ts";
import { table } from "./table.ts";

type Results = Readonly<Record<string, string>>;

/** A pair of the matrix, and the status of its test by runtime. */
export interface FaultResult {
  readonly backend: string;
  readonly fault: string;
  readonly state: string;
  /** What the call comes to; absent if the pair does not apply. */
  readonly fate?: string | undefined;
  /** Why it does not apply: at all, or on the runtimes whose result is "impossible". */
  readonly reason?: string | undefined;
  readonly results: Results;
}

/** A deadlock case, and the status of its test by runtime. */
export interface DeadlockResult {
  readonly backend: string;
  readonly row: string;
  readonly how: string;
  readonly results: Results;
}

const INTRODUCTION = `# Faults of workers

<!-- Written by \`npm run faults\`. The rows are in packages/pool/test/faults. -->

What goes wrong with a worker, where the worker is at that moment, and what its call comes to. In every pair that applies,
the call ends so within ten seconds, a call of another worker is served, and afterwards the pool has its full size,
serves, and has nothing left to do; except after \`terminate\`, and if every initializer fails. What a worker threw and
nobody caught is the cause of the \`WorkerLostError\`; of a process, its text is in \`stderrTail\` too.
`;

const DEADLOCKS = `## Deadlock cases

The methods of CPython's \`ExecutorDeadlockTest\`, in \`Lib/test/test_concurrent_futures\`: where Python could wait for ever.
`;

export function renderFaults(faults: readonly FaultResult[], deadlocks: readonly DeadlockResult[]): string {
  const backends = [...new Set(faults.map(({ backend }) => backend))];
  const summary = backends.flatMap((backend) => {
    const applying = faults.filter((one) => one.backend === backend && one.fate !== undefined);
    const cases = deadlocks.filter((one) => one.backend === backend);
    return [countRow(`matrix, ${backend}`, applying), countRow(`deadlock cases, ${backend}`, cases)];
  });
  const pairs = beside(
    faults,
    backends,
    ({ fault, state }) => [fault, state],
    ({ fate, reason, results }) => (fate === undefined ? [`does not apply: ${reason}`, ""] : [fate, statusOf(results, reason)]),
  );
  const cases = beside(
    deadlocks,
    backends,
    ({ row }) => [row],
    ({ how, results }) => [how.replaceAll("|", "\\|"), statusOf(results)],
  );
  return [
    INTRODUCTION,
    table(["", ...Object.values(RUNTIMES)], summary),
    "## Matrix\n",
    table(["fault", "state", ...backends.flatMap((backend) => [`${backend}: the call comes to`, `${backend}: on`])], pairs),
    DEADLOCKS,
    table(["row", ...backends.flatMap((backend) => [`${backend}: how`, `${backend}: on`])], cases),
  ].join("\n");
}

/** One row for what is the same of each backend. */
function beside<T extends { readonly backend: string }>(
  all: readonly T[],
  backends: readonly string[],
  keysOf: (one: T) => readonly string[],
  cellsOf: (one: T) => readonly string[],
): string[][] {
  const rows = new Map(all.map((one) => [keysOf(one).join(), one]));
  return Array.from(rows, ([key, some]) => [
    ...keysOf(some),
    ...backends.flatMap((backend) => {
      const one = all.find((other) => other.backend === backend && keysOf(other).join() === key);
      return one === undefined ? ["", ""] : cellsOf(one);
    }),
  ]);
}

/** On which runtimes the test passed, and what became of it on the others. */
function statusOf(results: Results, reason?: string): string {
  const by = Map.groupBy(Object.keys(RUNTIMES), (runtime) => results[runtime] ?? "missing");
  return Array.from(by, ([status, runtimes]) => {
    const names = runtimes.map((runtime) => RUNTIMES[runtime]).join(", ");
    if (runtimes.length === Object.keys(RUNTIMES).length && status === "passed") return "all passed";
    return `${status}: ${names}${status === "impossible" ? `, as ${reason}` : ""}`;
  }).join("; ");
}

/** How many passed, of those that are possible. */
function countRow(name: string, all: readonly { readonly results: Results }[]): string[] {
  const counts = Object.keys(RUNTIMES).map((runtime) => {
    const possible = all.filter(({ results }) => results[runtime] !== "impossible");
    return `${possible.filter(({ results }) => results[runtime] === "passed").length} of ${possible.length}`;
  });
  return [name, ...counts];
}
