import { Pool } from "@interlock/pool";
import { type ProgressBarOptions, progressBar } from "@interlock/pool/progress";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakePipe, FakeTerminal } from "./fixtures/fake-terminal.ts";
import { squareButThree } from "./fixtures/pool-tasks.ts";
import { runProgram } from "./fixtures/run-program.ts";
import { sleep, square } from "./fixtures/tasks.ts";

const pool = new Pool({ size: 2 });
afterAll(() => pool.terminate());

beforeEach(() => {
  // Where a person may look: integration servers see no bars.
  vi.stubEnv("CI", undefined);
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const HALF = { done: 500, total: 1000, rate: 250, eta: 2 };

/** The only line of a bar that got these reports. */
function lineOf(options: ProgressBarOptions, ...reports: Parameters<ReturnType<typeof progressBar>>[0][]): string {
  const stream = new FakeTerminal();
  const bar = progressBar({ ...options, stream });
  for (const report of reports) bar(report);
  return stream.rows.join("\n");
}

describe("a progress bar", () => {
  it("shows how far a map has come", () => {
    expect(lineOf({ label: "squares" }, HALF)).toMatch(/^\S squares {2}█{15}░{15} {3}50 % {3}500\/1000 {2}250\/s {2}2\.0 s left$/);
  });

  it("shows how many items are done while nobody knows how many there are", () => {
    expect(lineOf({ label: "pages", unit: "pages" }, { done: 12_345, total: undefined, rate: 1234.5, eta: undefined })).toMatch(
      /^\S pages {2}12345 {2}1\.23K pages\/s {2}10 s$/,
    );
  });

  it("takes the total from its options where the map has none", () => {
    const report = { done: 30, total: undefined, rate: 10, eta: undefined };
    expect(lineOf({ total: 40 }, report)).toMatch(/75 % {2}30\/40 {2}10\/s {2}1\.0 s left$/);
    expect(lineOf({ total: 20 }, report)).toMatch(/^\S 30 {2}10\/s {2}3\.0 s$/);
  });

  it("says what failed", () => {
    expect(lineOf({}, { ...HALF, failed: 3 })).toContain("500/1000  3 failed  250/s");
  });

  it.each([
    [0.04, "0.0 s"],
    [9.96, "10 s"],
    [59.4, "59 s"],
    [59.6, "1:00"],
    [754, "12:34"],
    [3599.7, "1:00:00"],
    [90_061, "25:01:01"],
  ])("writes %f seconds as %s", (eta, text) => {
    expect(lineOf({}, { ...HALF, eta })).toContain(`  ${text} left`);
  });

  it("shrinks and then leaves things out where the terminal is narrow, and never takes two lines", () => {
    for (let columns = 12; columns < 100; columns++) {
      const stream = new FakeTerminal();
      stream.columns = columns;
      const bar = progressBar({ label: "squares", stream });
      for (let done = 0; done < 1000; done += 90) bar({ ...HALF, done });
      expect(stream.rows.length).toBe(1);
      const row = stream.rows[0] as string;
      expect(row.length).toBeLessThan(columns);
      expect(row).toContain("squares");
      if (columns > 27) expect(row).toContain("990/1000");
    }
  });

  it("draws no bar wider than it is told", () => {
    expect(lineOf({ width: 10 }, HALF)).toMatch(/ █{5}░{5} /);
  });

  it("draws nothing on a terminal that has no columns, and does not hang there", () => {
    const stream = new FakeTerminal();
    stream.columns = 0;
    const bar = progressBar({ stream });
    bar(HALF);
    bar({ ...HALF, done: 600 });
    expect(stream.written).toBe("");
  });

  it("ends at 100 %, on a line that stays", () => {
    const stream = new FakeTerminal();
    const bar = progressBar({ label: "squares", stream });
    bar(HALF);
    bar({ done: 1000, total: 1000, rate: 250, eta: 0 });
    expect(stream.rows).toEqual([expect.stringMatching(/^[✔√] squares {2}█{30} {2}100 % {2}1000\/1000 {2}250\/s {2}in 4\.0 s$/), ""]);
    expect(stream.cursor).toEqual({ row: 1, column: 0 });
  });

  it("ends where the map did, marked as a failure", () => {
    const stream = new FakeTerminal();
    progressBar({ stream })({ ...HALF, ended: true });
    expect(stream.rows).toEqual([expect.stringMatching(/^[✖×] █{15}░{15} {3}50 % {3}500\/1000 {2}250\/s {2}stopped after 2\.0 s$/), ""]);
  });

  it("is marked as a failure if an item failed", () => {
    expect(lineOf({}, { done: 4, failed: 1, total: 4, rate: 1, eta: 0, ended: true })).toMatch(/^[✖×] .*100 %.*1 failed/);
  });

  it("leaves nothing if it is told so", () => {
    const stream = new FakeTerminal();
    const bar = progressBar({ clear: true, stream });
    bar(HALF);
    bar({ ...HALF, done: 1000 });
    expect(stream.rows).toEqual([""]);
    expect(stream.cursor).toEqual({ row: 0, column: 0 });
  });

  it("begins anew after its end", () => {
    const stream = new FakeTerminal();
    const bar = progressBar({ stream });
    for (const done of [1, 2, 1, 2]) bar({ done, total: 2, rate: 1, eta: undefined });
    expect(stream.rows).toEqual([expect.stringContaining("2/2"), expect.stringContaining("2/2"), ""]);
  });

  it("can be stopped, once and for all", () => {
    const stream = new FakeTerminal();
    const bar = progressBar({ stream });
    bar(HALF);
    bar.stop();
    const { written } = stream;
    expect(stream.rows).toEqual([expect.stringContaining("stopped after 2.0 s"), ""]);
    bar[Symbol.dispose]();
    bar(HALF);
    expect(stream.written).toBe(written);
  });

  it("that never began leaves nothing when it is stopped", () => {
    const stream = new FakeTerminal();
    progressBar({ stream }).stop();
    expect(stream.written).toBe("");
  });

  it("lets the one that began last be shown, where there are several", () => {
    const stream = new FakeTerminal();
    const [one, two] = ["one", "two"].map((label) => progressBar({ label, stream })) as [ReturnType<typeof progressBar>, ReturnType<typeof progressBar>];
    one(HALF);
    two(HALF);
    one({ ...HALF, done: 600 });
    expect(stream.rows).toEqual([expect.stringMatching(/two.*500\/1000/)]);
    one({ ...HALF, done: 1000 });
    expect(stream.rows).toEqual([expect.stringMatching(/one.*1000\/1000/), expect.stringMatching(/two.*500\/1000/)]);
    const three = progressBar({ label: "three", stream });
    three(HALF);
    two({ ...HALF, done: 600 });
    three({ ...HALF, done: 1000 });
    expect(stream.rows).toEqual([expect.stringMatching(/one/), expect.stringMatching(/three.*1000\/1000/), expect.stringMatching(/two.*600\/1000/)]);
    two({ ...HALF, done: 1000 });
    expect(stream.rows.slice(2)).toEqual([expect.stringMatching(/two.*1000\/1000/), ""]);
  });

  it("erases nothing that others write meanwhile", () => {
    const stream = new FakeTerminal();
    const bar = progressBar({ stream });
    bar(HALF);
    stream.write("a warning\n");
    bar({ ...HALF, done: 600 });
    expect(stream.rows).toEqual([expect.stringMatching(/500\/1000.*a warning$/), expect.stringContaining("600/1000")]);
  });

  it("writes nothing where there is no terminal, nor in continuous integration, nor on a dumb terminal", () => {
    const streams = [new FakePipe(), new FakeTerminal(), new FakeTerminal()] as const;
    const bars = [progressBar({ stream: streams[0] })];
    vi.stubEnv("CI", "true");
    bars.push(progressBar({ stream: streams[1] }));
    vi.stubEnv("CI", undefined);
    vi.stubEnv("TERM", "dumb");
    bars.push(progressBar({ stream: streams[2] }));
    for (const bar of bars) {
      bar(HALF);
      bar({ ...HALF, done: 1000 });
      bar(HALF);
      bar.stop();
    }
    expect(streams.map(({ written }) => written)).toEqual(["", "", ""]);
  });

  it.each([
    [{ label: 3 }, TypeError, "Cannot create progress bar as 'label' must be a string: received 3"],
    [{ unit: null }, TypeError, "Cannot create progress bar as 'unit' must be a string: received null"],
    [{ width: 0 }, RangeError, "Cannot create progress bar as 'width' must be an integer >= 1: received 0"],
    [{ total: -1 }, RangeError, "Cannot create progress bar as 'total' must be an integer >= 0: received -1"],
    [{ clear: 1 }, TypeError, "Cannot create progress bar as 'clear' must be a boolean: received 1"],
    [{ stream: "stderr" }, TypeError, "Cannot create progress bar as 'stream' must be a stream: received \"stderr\""],
  ])("refuses %o", (options, Kind, message) => {
    expect(() => progressBar(options as never)).toThrow(new Kind(message));
  });
});

describe("a progress bar of a pool", () => {
  it("shows a map from its beginning to its end", async () => {
    const stream = new FakeTerminal();
    const onProgress = progressBar({ label: "squares", stream });
    const running = pool.map(sleep, Array(20).fill(10), { onProgress, chunkSize: 1 });
    expect(stream.rows).toEqual([expect.stringMatching(/ 0 % {3}0\/20$/)]);
    await running;
    expect(stream.rows).toEqual([expect.stringMatching(/^[✔√] squares {2}█{30} {2}100 % {2}20\/20 .* in [\d.]+ s$/), ""]);
  });

  it("ends at 100 % with a generator", async () => {
    function* numbers(): Generator<number> {
      for (let n = 0; n < 10; n++) yield n;
    }
    const stream = new FakeTerminal();
    for await (const _ of pool.imap(square, numbers(), { onProgress: progressBar({ stream }) }));
    expect(stream.rows).toEqual([expect.stringMatching(/100 % {2}10\/10 /), ""]);
  });

  it("leaves the terminal as it should be when the map fails or is aborted", async () => {
    const stream = new FakeTerminal();
    const bar = (label: string) => ({ onProgress: progressBar({ label, stream }) });
    await expect(pool.map(squareButThree, [1, 2, 3], bar("late"))).rejects.toThrow("three");
    await expect(pool.map(squareButThree, [3], { ...bar("fast"), failFast: true })).rejects.toThrow("three");
    await expect(pool.map(sleep, Array(1000).fill(10), { ...bar("aborted"), signal: AbortSignal.timeout(50) })).rejects.toThrow();
    for await (const _ of pool.imap(sleep, Array(1000).fill(5), bar("left"))) break;
    const [late, fast, aborted, left, end] = stream.rows;
    expect(late).toMatch(/^[✖×] late .*100 % {2}3\/3 {2}1 failed/);
    expect(fast).toMatch(/^[✖×] fast .*1\/1 {2}1 failed/);
    expect(aborted).toMatch(/^[✖×] aborted .*\/1000/);
    expect(left).toMatch(/^[✖×] left .*\/1000/);
    expect(end).toBe("");
    expect(stream.cursor).toEqual({ row: 4, column: 0 });
    // Whoever never hides the cursor need not show it.
    expect(stream.written).not.toContain("\u001b[?25");
  });
});

describe("a program with a progress bar", () => {
  it("writes nothing if its standard error is no terminal", async () => {
    expect(await runProgram("progress-bar", { CI: "" })).toEqual({ status: 0, stdout: "[1,4,9]", stderr: "" });
  });

  it("ends although an imap was left halfway, and its bar with it", async () => {
    const { status, stdout } = await runProgram("progress-bar", { HOW: "left" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/0\/3/);
  });

  it.each([
    ["coloured", { NO_COLOR: "", FORCE_COLOR: "1" }, true],
    ["colourless if NO_COLOR says so", { NO_COLOR: "1" }, false],
  ])("is %s", async (_, env, coloured) => {
    const { stdout } = await runProgram("progress-bar", { HOW: "shown", ...env });
    expect(stdout).toContain("100 %");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are such
    expect(/\u001b\[\d+m/.test(stdout)).toBe(coloured);
  });
});
