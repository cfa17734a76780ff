/** Makes one matrix of the results of all lanes, and a page of the matrix. */
import { table } from "../conformance/table.ts";
import type { Counts, LaneResult } from "./lane-result.ts";
import { type Lane, minimums, type Os, SYSTEMS } from "./lanes.ts";

export type Status = "passed" | "failed" | "not run";

export interface MatrixLane {
  readonly id: string;
  readonly runtime: string;
  readonly version: string | null;
  readonly os: Os;
  readonly arch: string | null;
  readonly status: Status;
  /** Null if it has not run. */
  readonly packages: Readonly<Record<string, Counts>> | null;
  readonly note?: string;
}

export interface Matrix {
  readonly date: string;
  readonly commit: string;
  readonly lanes: readonly MatrixLane[];
}

/** What a page shows, by the folder that the tests are in. */
export const COLUMNS: Readonly<Record<string, string>> = { core: "core", pool: "pool", shm: "shm", consumers: "published", docs: "documentation" };

/** Takes what ran on this commit. What was promised and did not run stays in the list, and so does what ran without a promise. */
export function mergeLanes(promised: readonly Lane[], results: readonly LaneResult[], commit: string, date: string): Matrix {
  const current = new Map(results.filter((result) => result.commit === commit).map((result) => [result.lane, result]));
  const unpromised = [...current.values()]
    .filter(({ lane }) => promised.every(({ id }) => id !== lane))
    .map(({ lane, os }) => ({ id: lane, runtime: lane, os, note: "not promised" }));
  return { date, commit, lanes: [...promised, ...unpromised].map((lane) => mergeLane(lane, current.get(lane.id))) };
}

function mergeLane({ id, runtime, os, note }: Lane, result: LaneResult | undefined): MatrixLane {
  const notes = [note, result?.edited ? "with edits that are not committed" : undefined].filter((one) => one !== undefined);
  return {
    id,
    runtime,
    version: result?.version ?? null,
    os,
    arch: result?.arch ?? null,
    status: statusOf(result),
    packages: result?.packages ?? null,
    ...(notes.length > 0 ? { note: notes.join("; ") } : {}),
  };
}

/** A lane passes if its run did, no test failed, and there were any. */
function statusOf(result: LaneResult | undefined): Status {
  if (result === undefined) return "not run";
  const counts = Object.values(result.packages);
  const passed = result.passed && counts.every(({ failed }) => failed === 0) && counts.some((one) => one.passed > 0);
  return passed ? "passed" : "failed";
}

export function renderMatrix({ date, commit, lanes }: Matrix): string {
  const head = ["runtime", "version", "system", "result", ...Object.values(COLUMNS), "remarks"];
  const rows = lanes.map(({ runtime, version, os, arch, status, packages, note }) => [
    runtime,
    version ?? "–",
    [SYSTEMS[os], arch].filter((one) => one !== null).join(" "),
    status === "failed" ? "**failed**" : status,
    ...Object.keys(COLUMNS).map((column) => renderCounts(packages?.[column])),
    note ?? "",
  ]);
  const count = (status: Status): number => lanes.filter((lane) => lane.status === status).length;
  return `# Where interlock runs

<!-- Written by \`npm run matrix\`, from what the tests left on each runtime. The lanes are in scripts/lanes.ts. -->

Of ${lanes.length} lanes ${count("passed")} passed, ${count("failed")} failed, and ${count("not run")} did not run, at commit \`${commit.slice(0, 10)}\`, ${date.slice(0, 10)}. What did
not run is promised, not proven. A cell counts the tests that passed, then those that failed and those that were skipped, if any.

${table(head, rows)}
The oldest versions that should work:

${table(
  ["runtime", "minimum"],
  minimums.map(({ runtime, minimum }) => [runtime, minimum]),
)}`;
}

function renderCounts(counts: Counts | undefined): string {
  if (counts === undefined) return "–";
  const { passed, failed, skipped } = counts;
  return [`${passed}`, failed > 0 ? `**${failed} failed**` : "", skipped > 0 ? `${skipped} skipped` : ""].filter((one) => one !== "").join(", ");
}
