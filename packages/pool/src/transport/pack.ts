/**
 * The arguments of a batch on their way by message: core objects become handles, and what cannot travel is refused by its
 * path.
 *
 * @module
 */
import { dehydrate } from "@interlock/core/base";
import type { Batch, Place } from "../batch.ts";
import { type Column, doublesOf, isTypedArray, viewData } from "../channel/records.ts";
import { Freight } from "../connection/freight.ts";
import { describe } from "../describe.ts";
import { requireTask } from "../task.ts";
import { blame, type Inspection, isBoundToProcess, isCarried, isClonable, isCode } from "./clonable.ts";
import type { Initializer } from "./message.ts";

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
  readonly items: Column;
  readonly place: unknown;
  /** Whether core objects or connections are among them. */
  readonly packed: boolean;
  /** Why the arguments of some calls cannot travel, by call: what a getter threw, or what cannot be shared with the receiver. */
  readonly errors: ReadonlyMap<number, unknown>;
}

const NO_ERRORS: ReadonlyMap<number, unknown> = new Map();

/** Arguments as they are: right for a process, unless something in them cannot be written as it is. */
export function plain(batch: Batch): Packed {
  return { batch, items: doublesOf(batch.items) ?? batch.items, place: undefined, packed: false, errors: NO_ERRORS };
}

/**
 * Packs the arguments of a batch.
 *
 * @param freight Takes on the connections among them.
 */
export function pack(batch: Batch, receiver: Receiver, freight: Freight): Packed {
  const { crossProcess } = receiver;
  const { items, place } = batch;
  const errors = new Map<number, unknown>();
  let objects = place !== undefined && "array" in place;
  const packItem = (item: unknown, i: number): unknown => {
    try {
      const data = dehydrate(item, [], { crossProcess, name: nameOf(batch, i), carry: freight.carry });
      const error = crossProcess ? find(batch, data, i, receiver, isBoundToProcess) : undefined;
      if (error !== undefined) throw error;
      if (data !== item) objects = true;
      return data;
    } catch (error) {
      errors.set(i, error);
      return undefined;
    }
  };
  const data = isTypedArray(items) ? items : Array.from(items, packItem);
  return { batch, items: data, place: place && packPlace(place), packed: objects, errors };
}

/**
 * An initializer on its way to each worker that starts.
 *
 * @throws {TypeError} If it is no task, or its arguments cannot be cloned.
 */
export function initializerOf(fn: unknown, args: readonly unknown[] | undefined, crossProcess: boolean, action: string): Initializer | undefined {
  if (fn === undefined) return undefined;
  const task = requireTask(fn, action);
  if (args === undefined) return { task, args: [], packed: false };
  if (!Array.isArray(args)) throw new TypeError(`Cannot ${action} as 'initArgs' must be an array: received ${describe(args)}`);
  const packed = dehydrate(args, [], { crossProcess, name: "initArgs" });
  const inspection = { name: "initArgs", action: (path: string) => `send ${path} to the workers of a pool` };
  const travels = crossProcess ? isCarried : isClonable;
  const error =
    blame(args, { ...inspection, bad: isCode }) ??
    (crossProcess ? blame(packed, { ...inspection, bad: isBoundToProcess }) : undefined) ??
    (travels(packed) ? undefined : blame(packed, { ...inspection, bad: (part) => !travels(part) }));
  if (error !== undefined) throw error;
  return { task, args: packed, packed: packed !== args };
}

function packPlace(place: Place): unknown {
  if ("array" in place) return dehydrate(place);
  const { input, output, from } = place;
  return { ...(input === output ? {} : { input: viewData(input) }), output: viewData(output), from };
}

/**
 * Refuses what is plainly no data before a child is started for it; the rest is found when it is posted.
 *
 * @throws {TypeError} If there is code among the arguments, or what cannot be shared with the receiver; names the path.
 * @throws What a getter among them throws.
 */
export function refuseBeforehand(batch: Batch, receiver: Receiver): void {
  const { items, errors } = pack(batch, receiver, new Freight());
  for (const error of errors.values()) throw error;
  for (let i = 0; i < items.length; i++) {
    const error = find(batch, items[i], i, receiver, isCode);
    if (error !== undefined) throw error;
  }
}

/** The errors for arguments that could not be posted, by call: each names the part to blame. */
export function packErrors({ batch, items }: Packed, receiver: Receiver, transfer: readonly unknown[], cause: unknown): Map<number, TypeError> {
  const errors = new Map<number, TypeError>();
  const travels = receiver.crossProcess ? isCarried : isClonable;
  for (let i = 0; i < items.length; i++) {
    const error = find(batch, items[i], i, receiver, (part) => !transfer.includes(part) && !travels(part), cause);
    if (error !== undefined) errors.set(i, error);
  }
  return errors;
}

/** The error for arguments that could not be posted, if no part of them is to blame. */
export function packError({ task }: Batch, receiver: Receiver, cause: unknown): TypeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TypeError(`Cannot send the arguments of task ${JSON.stringify(task.name)} to ${receiver.name} as they cannot be cloned: ${reason}`, { cause });
}

function find(batch: Batch, item: unknown, i: number, receiver: Receiver, bad: Inspection["bad"], cause?: unknown): TypeError | undefined {
  return blame(item, { name: nameOf(batch, i), action: (path) => `send ${path} to ${receiver.name}`, bad, cause });
}

/** What is called so in errors: the arguments of a call, the only one of them, or one of many items. */
function nameOf({ first, spread }: Batch, i: number): string {
  if (first !== undefined) return `items[${first + i}]`;
  return spread ? "arguments" : "arguments[0]";
}
