/**
 * The arguments of a batch on their way: core objects become handles, and what cannot travel is refused by its path.
 *
 * @module
 */
import { dehydrate } from "@interlock/core";
import type { Batch } from "../batch.ts";
import { blame, type Inspection, isBoundToProcess, isClonable, isCode } from "./clonable.ts";

/** Where arguments go. */
export interface Receiver {
  /** What to call it in errors. */
  readonly name: string;
  /** Whether it is another process. */
  readonly crossProcess: boolean;
}

/** The arguments of a batch as data that can be posted. */
export interface Packed {
  readonly batch: Batch;
  readonly calls: readonly (readonly unknown[])[];
}

/**
 * Packs the arguments of a batch.
 *
 * @throws {TypeError} If the receiver is another process, and something in them cannot be shared with it or sent to it.
 */
export function pack(batch: Batch, receiver: Receiver): Packed {
  const { crossProcess } = receiver;
  const calls = batch.calls.map((args, i) => {
    const [name, given] = asGiven(batch, args, i);
    const value = dehydrate(given, [], { crossProcess, name });
    return batch.first === undefined ? (value as readonly unknown[]) : [value];
  });
  const packed = { batch, calls };
  if (crossProcess) refuse(packed, receiver, isBoundToProcess);
  return packed;
}

/** Refuses what is plainly no data before a child is started for it; the rest is found when it is posted. */
export function refuseCode(packed: Packed, receiver: Receiver): void {
  refuse(packed, receiver, isCode);
}

/** The error for arguments that could not be posted: names the part to blame, if there is one. */
export function packError(packed: Packed, receiver: Receiver, transfer: readonly unknown[], cause: unknown): TypeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return (
    find(packed, receiver, (part) => !transfer.includes(part) && !isClonable(part), cause) ??
    new TypeError(`Cannot send the arguments of task ${JSON.stringify(packed.batch.task.name)} to ${receiver.name} as they cannot be cloned: ${reason}`, {
      cause,
    })
  );
}

function refuse(packed: Packed, receiver: Receiver, bad: Inspection["bad"]): void {
  const error = find(packed, receiver, bad);
  if (error !== undefined) throw error;
}

function find({ batch, calls }: Packed, receiver: Receiver, bad: Inspection["bad"], cause?: unknown): TypeError | undefined {
  for (const [i, args] of calls.entries()) {
    const [name, value] = asGiven(batch, args, i);
    const error = blame(value, { name, action: (path) => `send ${path} to ${receiver.name}`, bad, cause });
    if (error !== undefined) return error;
  }
  return undefined;
}

/** What the caller passed for a call, and what it is called there: the arguments, or one of many items. */
function asGiven({ first }: Batch, args: readonly unknown[], i: number): [name: string, value: unknown] {
  return first === undefined ? ["arguments", args] : [`items[${first + i}]`, args[0]];
}
