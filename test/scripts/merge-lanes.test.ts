import { describe, expect, it } from "vitest";
import type { LaneResult } from "../../scripts/lane-result.ts";
import type { Lane } from "../../scripts/lanes.ts";
import { type Matrix, type MatrixLane, mergeLanes, renderMatrix } from "../../scripts/merge-lanes.ts";

const DATE = "2026-01-02T03:04:05.000Z";
const promised: readonly Lane[] = [
  { id: "node24-linux", suite: "node24", runtime: "Node 24", os: "linux" },
  { id: "node24-macos", suite: "node24", runtime: "Node 24", os: "macos", note: "a remark" },
];

/** A lane that has passed, but for what is changed. */
const result = (change: Partial<LaneResult> = {}): LaneResult => ({
  lane: "node24-linux",
  runtime: "node24",
  version: "24.21.0",
  os: "linux",
  arch: "x64",
  date: DATE,
  commit: "this",
  edited: false,
  packages: { core: { passed: 3, failed: 0, skipped: 1 }, pool: { passed: 2, failed: 0, skipped: 0 } },
  passed: true,
  ...change,
});

const merge = (...results: LaneResult[]): Matrix => mergeLanes(promised, results, "this", DATE);
const first = (...results: LaneResult[]): MatrixLane => merge(...results).lanes[0] as MatrixLane;
const rowOf = (matrix: Matrix, system: string): string | undefined =>
  renderMatrix(matrix)
    .split("\n")
    .find((line) => line.includes(`| ${system}`));

describe("merging lanes", () => {
  it("takes what a lane counted", () => {
    const matrix = merge(result());
    const { packages } = result();
    expect(matrix).toMatchObject({ date: DATE, commit: "this" });
    expect(matrix.lanes[0]).toEqual({ id: "node24-linux", runtime: "Node 24", version: "24.21.0", os: "linux", arch: "x64", status: "passed", packages });
    expect(rowOf(matrix, "Linux")).toBe("| Node 24 | 24.21.0 | Linux x64 | passed | 3, 1 skipped | 2 | – | – | – |  |");
  });

  it("keeps a lane that is missing, as one that did not run", () => {
    const matrix = merge(result());
    expect(matrix.lanes.map(({ id }) => id)).toEqual(["node24-linux", "node24-macos"]);
    expect(matrix.lanes[1]).toMatchObject({ status: "not run", packages: null, version: null, note: "a remark" });
    expect(rowOf(matrix, "macOS")).toBe("| Node 24 | – | macOS | not run | – | – | – | – | – | a remark |");
    expect(renderMatrix(matrix)).toContain("Of 2 lanes 1 passed, 0 failed, and 1 did not run");
  });

  it("shows a lane that failed, whatever else passed", () => {
    const packages = { core: { passed: 30, failed: 0, skipped: 0 }, pool: { passed: 29, failed: 1, skipped: 0 } };
    // Even if the run claims to have ended well.
    for (const passed of [true, false]) {
      const matrix = merge(result({ packages, passed }));
      expect(matrix.lanes[0]).toMatchObject({ status: "failed", packages });
      expect(rowOf(matrix, "Linux")).toContain("| **failed** | 30 | 29, **1 failed** |");
    }
  });

  it("shows a lane as failed that ended badly, or before it told anything, or that ran no test", () => {
    expect(first(result({ passed: false })).status).toBe("failed");
    expect(first(result({ passed: false, packages: {}, runtime: undefined, version: undefined }))).toMatchObject({ status: "failed", version: null });
    expect(first(result({ packages: {} })).status).toBe("failed");
    expect(first(result({ packages: { core: { passed: 0, failed: 0, skipped: 9 } } })).status).toBe("failed");
  });

  it("takes no result of another commit", () => {
    const stale = result({ commit: "another" });
    expect(first(stale)).toMatchObject({ status: "not run", packages: null, version: null, arch: null });
    const failing = result({ passed: false });
    for (const results of [
      [stale, failing],
      [failing, stale],
    ])
      expect(first(...results).status).toBe("failed");
  });

  it("says where edits were not committed", () => {
    expect(first(result({ edited: true })).note).toBe("with edits that are not committed");
  });

  it("shows a lane that nobody promised", () => {
    const { lanes } = merge(result({ lane: "other-linux" }));
    expect(lanes.map(({ id, status }) => [id, status])).toEqual([
      ["node24-linux", "not run"],
      ["node24-macos", "not run"],
      ["other-linux", "passed"],
    ]);
    expect(lanes[2]?.note).toBe("not promised");
  });
});
