/** Where interlock promises to work: one lane for each runtime on each system. What has become of each is in matrix/. */

export type Os = "linux" | "macos" | "windows";

/** What runs the lanes of a system on GitHub. */
export const RUNNERS: Readonly<Record<Os, string>> = { linux: "ubuntu-latest", macos: "macos-latest", windows: "windows-latest" };

/** What systems are called in pages. */
export const SYSTEMS: Readonly<Record<Os, string>> = { linux: "Linux", macos: "macOS", windows: "Windows" };

export interface Lane {
  /** Names its result file. */
  readonly id: string;
  /** What runs it, in suites.ts; none if nothing can yet. */
  readonly suite?: string;
  readonly runtime: string;
  readonly os: Os;
  readonly note?: string;
}

/** The oldest versions of Node: `engines` of the packages that are built, and what runs our sources as they are. */
export const NODE_BUILT = "22.12";
export const NODE_SOURCES = "22.18";

/** The oldest versions that should work; what was tested is in the lanes. */
export const minimums: readonly { readonly runtime: string; readonly minimum: string }[] = [
  { runtime: "Node", minimum: `${NODE_BUILT} for the built packages, ${NODE_SOURCES} for sources` },
  { runtime: "Deno", minimum: "the version that was tested; older ones were not tried" },
  { runtime: "Bun", minimum: "the version that was tested; older ones were not tried" },
  { runtime: "Browsers", minimum: "the versions that were tested; they must have `Atomics.waitAsync` and modules as workers" },
];

interface Promised {
  readonly runtime: string;
  readonly suite?: string;
  readonly on: readonly Os[];
  readonly note?: string;
}

const EVERYWHERE: readonly Os[] = ["linux", "macos", "windows"];
/** Of suites that ask less than Node 24's. */
const BRIEFLY = "without what takes minutes and Node 24 answers for: explorations, conformance, faults and stress";
const PARTLY = "explorations with a quarter of the random schedules";
const PAGES = "the asynchronous calls in a page, and its workers";

const promised: readonly Promised[] = [
  { runtime: "Node 22", suite: "node22", on: EVERYWHERE, note: BRIEFLY },
  { runtime: "Node 24", suite: "node24", on: EVERYWHERE },
  { runtime: "Node 26", suite: "node26", on: EVERYWHERE, note: BRIEFLY },
  { runtime: "Deno", suite: "deno", on: EVERYWHERE, note: PARTLY },
  { runtime: "Bun", suite: "bun", on: EVERYWHERE, note: PARTLY },
  { runtime: "Chromium", suite: "chromium", on: ["linux"], note: PAGES },
  { runtime: "Firefox", suite: "firefox", on: ["linux"], note: PAGES },
  { runtime: "WebKitGTK", suite: "webkit", on: ["linux"], note: `${PAGES}; Safari's engine, but not its handling of headers` },
  { runtime: "Safari", on: ["macos"], note: "nothing drives it yet" },
  { runtime: "Published packages", suite: "consumers", on: ["linux"], note: "as programs of all these servers and pages of Chromium have them" },
  { runtime: "Published packages", suite: "consumers-firefox", on: ["linux"], note: "as pages of Firefox have them" },
  { runtime: "Documentation", suite: "docs", on: ["linux"], note: "every program of its pages, in Chromium" },
  { runtime: "Documentation", suite: "docs-firefox", on: ["linux"], note: "every program of its pages, in Firefox" },
  { runtime: "Documentation", suite: "docs-webkit", on: ["linux"], note: "every program of its pages, in WebKitGTK" },
];

export const lanes: readonly Lane[] = promised.flatMap(({ on, ...lane }) =>
  on.map((os) => ({ id: laneId(lane.suite ?? lane.runtime.toLowerCase(), os), os, ...lane })),
);

export function laneId(suite: string, os: Os): string {
  return `${suite}-${os}`;
}

/** The system that this program runs on. */
export function thisOs(): Os {
  if (process.platform === "win32") return "windows";
  return process.platform === "darwin" ? "macos" : "linux";
}
