/** What the tables of conformance and of faults come to. */
import conformance from "../../../../conformance/conformance.json";
import faults from "../../../../conformance/faults.json";

type Statuses = Readonly<Record<string, string>>;
type Kind = "thread" | "process";

const rows: readonly { readonly class: string; readonly verdict: string; readonly results: Readonly<Partial<Record<Kind, Statuses>>> }[] = conformance.rows;

export const rowCount: number = rows.length;
export const classCount: number = new Set(rows.map((row) => row.class)).size;

/** How many rows have a verdict. */
export const rowsWith = (verdict: string): number => rows.filter((row) => row.verdict === verdict).length;

/** "n of m" tests that passed on a runtime. What is impossible there was not asked. */
function passed(all: readonly (Statuses | undefined)[], runtime: string): string {
  const asked = all.map((one) => one?.[runtime]).filter((status) => status !== undefined && status !== "impossible");
  return `${asked.filter((status) => status === "passed").length} of ${asked.length}`;
}

/** Rows of a kind that passed on a runtime. */
export const rowsPassed = (kind: Kind, runtime: string): string =>
  passed(
    rows.map((row) => row.results[kind]),
    runtime,
  );

const { faults: pairs, deadlocks }: Readonly<Record<"faults" | "deadlocks", readonly { readonly backend: string; readonly results: Statuses }[]>> =
  faults as never;

const of = (all: typeof pairs, kind: Kind): readonly Statuses[] => all.filter(({ backend }) => backend === kind).map(({ results }) => results);

/** Pairs of a fault and a state that ended as they should. */
export const pairsPassed = (kind: Kind, runtime: string): string => passed(of(pairs, kind), runtime);

/** Deadlock cases of Python's executors that ended as they should. */
export const deadlocksPassed = (kind: Kind, runtime: string): string => passed(of(deadlocks, kind), runtime);
