/**
 * The words of a report.
 *
 * @module
 */
import { DEAD, type Model, type Thread } from "./model.ts";

/** One operation, as a line. */
export function traceLine(thread: number, kind: string, address: number, operands: readonly unknown[], result: unknown): string {
  const where = address >= 0 ? ` @${address}` : "";
  const what = operands.filter((operand) => operand !== undefined).map(String);
  return `thread ${thread}: ${kind}${where}${what.length > 0 ? ` (${what.join(", ")})` : ""}${result === undefined ? "" : ` = ${String(result)}`}`;
}

/** An exception in a sentence. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Why nothing moves any more. */
export function describeDeadlock(model: Model): string {
  const stuck = model.threads.filter((thread) => !thread.ended && thread.state !== DEAD);
  return `nothing can move: ${stuck.map((thread) => `thread ${thread.id} ${whatItWaitsFor(model, thread)}`).join("; ")}`;
}

function whatItWaitsFor(model: Model, thread: Thread): string {
  const waits = model.sleepers.filter((waiter) => waiter.thread === thread);
  if (waits.length === 0) return "has a promise that nothing will settle";
  return waits
    .map(
      ({ index, address, slice }) =>
        `${index < 0 ? "sleeps" : "waits asynchronously"} @${address}${slice ? ", and only the end of the slice would show it a change" : ""}`,
    )
    .join(" and ");
}
