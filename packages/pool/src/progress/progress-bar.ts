/**
 * A progress bar for maps: `@interlock/pool/progress`.
 *
 * @module
 */
import process from "node:process";
import { requireCount } from "../checks.ts";
import { describe } from "../describe.ts";
import type { ProgressReport } from "../dispatch/progress.ts";
import { Line, type TerminalStream } from "./line.ts";
import { type Shown, textOf } from "./text.ts";

export type { TerminalStream } from "./line.ts";

const ACTION = "create progress bar";

/** How a progress bar looks. */
export interface ProgressBarOptions {
  /** What stands before the bar. */
  readonly label?: string;
  /** How many items there are, >= 0, where the map does not know, as for the items of a generator. */
  readonly total?: number;
  /** What items are called beside the rate: `"pages"` says `12 pages/s`; `12/s` if absent. */
  readonly unit?: string;
  /** How many columns the bar takes, >= 1; 30 if absent. Fewer where the terminal is narrow. */
  readonly width?: number;
  /** Whether nothing is left of it at the end; false if absent: the last line stays. */
  readonly clear?: boolean;
  /** Where it is drawn; standard error if absent. */
  readonly stream?: TerminalStream;
}

/** What a bar needs to know: a `ProgressReport`, or the numbers of one. */
export type BarReport = Pick<ProgressReport, "done" | "total" | "rate" | "eta"> & Partial<ProgressReport>;

/** A progress bar: pass it as `onProgress`. */
export interface ProgressBar {
  /** Draws it. The last report ends it; one after that begins it anew, on a line of its own. */
  (report: BarReport): void;
  /** Ends it as it is, and ignores what is reported from then on. Idempotent. */
  stop(): void;
  /** Stops, at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/**
 * Makes a bar that shows on a terminal how far a `map` has come.
 *
 * ```text
 * ⠹ squares  ███████████████░░░░░░░░░░░░░░░   50 %   500/1000  249/s  2.0 s left
 * ```
 *
 * It ends by itself, also if the map fails or is aborted, and leaves its last line there. While nobody knows how many items
 * there are it shows how many are done. Where standard error is no terminal, and in continuous integration, nothing is
 * written at all; with the environment variable `NO_COLOR` nothing is coloured. It keeps no program alive, and never hides the
 * cursor. Of several bars on one terminal, the one that began last is shown.
 *
 * An `imap` that is left without `return()`, by hand or by a loop that an error ended although `failFast` is false, never
 * ends: `stop()` its bar.
 *
 * @param options See `ProgressBarOptions`.
 * @returns What to pass as `onProgress`, of one map at a time.
 * @throws {TypeError} If an option is of another type.
 * @throws {RangeError} If `width` or `total` is no such integer.
 *
 * @example
 * ```ts
 * import { Pool, task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const square = task(import.meta, "square", (n: number) => n * n);
 *
 * if (import.meta.main) {
 *   const { progressBar } = await import("@interlock/pool/progress"); // here, so that workers need not load it
 *   const pool = new Pool({ size: 2 });
 *   assert.deepEqual(await pool.map(square, [1, 2, 3], { onProgress: progressBar({ label: "squares" }) }), [1, 4, 9]);
 *   await pool.terminate();
 * }
 * ```
 */
export function progressBar(options: ProgressBarOptions = {}): ProgressBar {
  const { label = "", total, unit = "", width = 30, clear = false, stream = process.stderr } = options;
  requireThat(typeof label === "string", label, "label", "a string");
  requireThat(typeof unit === "string", unit, "unit", "a string");
  requireCount(width, "width", ACTION);
  if (total !== undefined && !(Number.isInteger(total) && total >= 0)) {
    const Kind = typeof total === "number" ? RangeError : TypeError;
    throw new Kind(`Cannot ${ACTION} as 'total' must be an integer >= 0: received ${describe(total)}`);
  }
  requireThat(typeof clear === "boolean", clear, "clear", "a boolean");
  requireThat(typeof (stream as Partial<TerminalStream> | null)?.write === "function", stream, "stream", "a stream");

  const line = new Line(stream);
  let last: Shown | undefined;
  let stopped = false;

  const show = (shown: Shown): void => {
    last = shown.ended ? undefined : shown;
    if (!line.visible) return;
    const text = textOf(shown, { label, unit, width, room: line.room });
    if (!shown.ended) line.draw(text);
    else if (clear) line.erase();
    else line.keep(text, shown.done === shown.total && shown.failed === 0);
  };
  const bar = (report: BarReport): void => {
    if (!stopped) show(complete(report, total));
  };
  const stop = (): void => {
    stopped = true;
    if (last !== undefined) show({ ...last, ended: true });
  };
  return Object.assign(bar, { stop, [Symbol.dispose]: stop });
}

/** What a report does not tell, if the total is known from elsewhere. */
function complete({ done, failed = 0, rate, ...report }: BarReport, promised: number | undefined): Shown {
  const expected = report.total ?? promised;
  const total = expected !== undefined && expected >= done ? expected : undefined;
  const eta = report.eta ?? (total === undefined || rate === 0 ? undefined : (total - done) / rate);
  return { done, failed, total, rate, eta, ended: report.ended ?? done === total };
}

function requireThat(holds: boolean, value: unknown, name: string, kind: string): void {
  if (!holds) throw new TypeError(`Cannot ${ACTION} as '${name}' must be ${kind}: received ${describe(value)}`);
}
