/**
 * The errors of calls whose child has ended.
 *
 * @module
 */
import type { Batch } from "../batch.ts";
import { WorkerLostError } from "../errors.ts";
import type { Exit } from "../runtime/runtime.ts";

/** The error for a call that was in the hands of a child when it ended. */
export function lost(name: string, exit: Exit, { task, first }: Batch, at: number): WorkerLostError {
  const taskIndex = first === undefined ? undefined : first + at;
  return loss(`Cannot finish task ${JSON.stringify(task.name)} as ${name} ended with ${howOf(exit)} before it delivered the result`, exit, taskIndex);
}

/** The error for calls that no child could begin, of which this was the last. */
export function lostIdle(name: string, exit: Exit): WorkerLostError {
  return loss(`Cannot start ${name} as it ended with ${howOf(exit)} before it began any call, as those before it did`, exit, undefined);
}

function howOf({ signal, code }: Exit): string {
  if (signal !== undefined) return `signal ${signal}`;
  return code === undefined ? "no exit code" : `exit code ${code}`;
}

function loss(message: string, { code, signal, error, stderrTail }: Exit, taskIndex: number | undefined): WorkerLostError {
  return new WorkerLostError(message, { exitCode: code, signal, taskIndex, stderrTail, cause: error });
}
