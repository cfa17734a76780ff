/** The fault matrix and the deadlock cases as Markdown. */
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
the call ends so within five seconds, a call of another worker is served, and afterwards the pool has its full size,
serves, and has nothing left to do; except after \`terminate\`, and if every initializer fails.
`;

const DEADLOCKS = `## Deadlock cases

The methods of CPython's \`ExecutorDeadlockTest\`, in \`Lib/test/test_concurrent_futures\`: where Python could wait for ever.
`;

export function renderFaults(faults: readonly FaultResult[], deadlocks: readonly DeadlockResult[]): string {
  const names = Object.values(RUNTIMES);
  const applying = faults.filter(({ fate }) => fate !== undefined);
  const summary = [countRow("matrix", applying), countRow("deadlock cases", deadlocks)];
  const pairs = faults.map(({ backend, fault, state, fate, reason, results }) => [
    backend,
    fault,
    state,
    fate ?? `does not apply: ${reason}`,
    ...cells(results, fate !== undefined),
    fate === undefined ? "" : (reason ?? ""),
  ]);
  const cases = deadlocks.map(({ backend, row, how, results }) => [backend, row, how.replaceAll("|", "\\|"), ...cells(results, true)]);
  return [
    INTRODUCTION,
    table(["", ...names], summary),
    "## Matrix\n",
    table(["backend", "fault", "state", "the call comes to", ...names, "impossible because"], pairs),
    DEADLOCKS,
    table(["backend", "row", "how", ...names], cases),
  ].join("\n");
}

function cells(results: Results, applies: boolean): string[] {
  return Object.keys(RUNTIMES).map((runtime) => (applies ? (results[runtime] ?? "missing") : ""));
}

/** How many passed, of those that are possible. */
function countRow(name: string, all: readonly { readonly results: Results }[]): string[] {
  const counts = Object.keys(RUNTIMES).map((runtime) => {
    const possible = all.filter(({ results }) => results[runtime] !== "impossible");
    return `${possible.filter(({ results }) => results[runtime] === "passed").length} of ${possible.length}`;
  });
  return [name, ...counts];
}
