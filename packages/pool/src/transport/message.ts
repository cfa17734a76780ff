/**
 * What parents and children post to each other. User code may post on the same lines, so ours are marked.
 *
 * @module
 */
import type { AgentHandle } from "@interlock/core";
import type { ChannelHandle, Order } from "../channel/channel.ts";
import type { Column } from "../channel/records.ts";
import type { PipeMessage } from "../connection/bridge.ts";
import type { TaskReference } from "../task.ts";
import type { ErrorData } from "./error-data.ts";

/** What a worker is to run before anything else. */
export interface Initializer {
  readonly task: TaskReference;
  readonly args: unknown;
  /** Whether core objects or connections are among them. */
  readonly packed: boolean;
}

/** Who started a child. */
export interface Introduction {
  readonly name: string;
  readonly id: number;
  readonly pid: number | undefined;
}

/** What a child is. */
export interface Start {
  readonly name: string;
  readonly daemon: boolean;
  readonly parent: Introduction;
  /** Its seat among the threads that share memory; a process has none. */
  readonly agent: AgentHandle | undefined;
  /** The seat of its parent, as a number; absent if they share no memory. */
  readonly parentSeat?: number | undefined;
  readonly crossProcess: boolean;
  readonly workerId: number;
  /** How many calls run at once. */
  readonly concurrency: number;
  readonly channel?: ChannelHandle | undefined;
  readonly initializer?: Initializer | undefined;
  /** Whether it tells how much memory it uses. */
  readonly tellsMemory?: boolean | undefined;
}

/** A batch that travels by message. */
export interface RunMessage extends Omit<Order, "items"> {
  readonly kind: "run";
  readonly items: unknown;
  /** How many calls. */
  readonly count: number;
  /** Whether the parent is told when the call begins. */
  readonly timed: boolean;
  readonly place?: unknown;
  /** Whether core objects or connections are among the arguments. */
  readonly packed: boolean;
}

/** From the parent to a child, besides batches. */
export type ToChild =
  /** First of all: who the child is. */
  | ({ readonly kind: "start" } & Start)
  /** Nobody waits for this batch any more. */
  | { readonly kind: "abort"; readonly id: number; readonly reason: ErrorData }
  | PipeMessage
  /** End once nothing keeps you. */
  | { readonly kind: "finish" }
  /** End now. */
  | { readonly kind: "leave" };

/** What some calls of a batch came to: values if all succeeded. */
export interface ResultMessage {
  readonly kind: "result";
  readonly id: number;
  readonly form: number;
  readonly from: number;
  readonly count: number;
  readonly values: Column;
  /** Whether core objects or connections are among the values. */
  readonly packed: boolean;
  readonly last: boolean;
  readonly cost: number;
}

/** From a child to its parent, besides results. */
export type FromChild =
  | { readonly kind: "ready" }
  /** The initializer threw, so the child ends. */
  | { readonly kind: "failed"; readonly error: ErrorData }
  | { readonly kind: "begun"; readonly id: number }
  | { readonly kind: "report"; readonly id: number; readonly at: number; readonly value: unknown; readonly packed: boolean }
  | PipeMessage
  | { readonly kind: "memory"; readonly bytes: number }
  /** It has started processes, and this one is to be dismissed when the thread has ended. */
  | { readonly kind: "watcher"; readonly pid: number }
  /** It is about to end with this code. */
  | { readonly kind: "leaving"; readonly code: number }
  /** A message of the parent's could not be turned into values. */
  | { readonly kind: "unreadable" };

const MARK = "@interlock";

/** Says nothing but that the receiver is to look into the channel. */
export const KNOCK: string = MARK;

/** Marks a message as ours. */
export function seal(message: ToChild | FromChild): unknown {
  return { [MARK]: message };
}

/** The message, if it is ours. */
export function unseal<M extends ToChild | FromChild>(raw: unknown): M | undefined {
  return (raw as { [MARK]?: M } | null | undefined)?.[MARK];
}

// Batches and their results are lists: engines clone those faster than objects with names, and flat ones the fastest.
const RUN = 0;
const RESULT = 1;

/** Knows the tasks that went over a line before: they travel as numbers. */
export class TaskNumbers {
  readonly #numbers = new Map<TaskReference, number>();
  readonly #tasks: TaskReference[] = [];

  /** Sender: the number of a task, and whether the receiver knows it. */
  numberOf(task: TaskReference): { readonly number: number; readonly known: boolean } {
    const known = this.#numbers.get(task);
    return { number: known ?? this.#numbers.size, known: known !== undefined };
  }

  /** Sender: a message with this task is on its way. Those that cannot be posted introduce nothing. */
  went(task: TaskReference): void {
    if (!this.#numbers.has(task)) this.#numbers.set(task, this.#numbers.size);
  }

  /** Receiver: the task of a number. */
  taskOf(number: number, introduced: readonly [string, string] | null): TaskReference {
    if (introduced !== null) this.#tasks[number] = { module: introduced[0], name: introduced[1] };
    return this.#tasks[number] as TaskReference;
  }
}

const SPREAD = 1;
const EAGER = 2;
const TIMED = 4;
const PACKED = 8;
/** There is one item, and it stands by itself. */
const SINGLE = 16;

/** A batch as a list. */
export function sealRun(message: RunMessage, numbers: TaskNumbers): unknown {
  const { id, slot, task, spread, eager, timed, packed, count, items, place } = message;
  const { number, known } = numbers.numberOf(task);
  const single = count === 1 && place === undefined;
  const flags = (spread ? SPREAD : 0) | (eager ? EAGER : 0) | (timed ? TIMED : 0) | (packed ? PACKED : 0) | (single ? SINGLE : 0);
  return [MARK, RUN, id, slot, number, known ? null : [task.module, task.name], flags, count, single ? (items as Column)[0] : items, place];
}

/** Results as a list. */
export function sealResult({ id, form, from, count, values, packed, last, cost }: ResultMessage): unknown {
  const single = count === 1 && values.length === 1;
  return [MARK, RESULT, id, form, from, count, (packed ? PACKED : 0) | (single ? SINGLE : 0), last, cost, single ? values[0] : values];
}

/** The batch, if this is one. */
export function unsealRun(raw: unknown, numbers: TaskNumbers): RunMessage | undefined {
  if (!isList(raw, RUN)) return undefined;
  const [, , id, slot, number, introduced, flags, count, given, place] = raw as [
    0,
    0,
    number,
    number,
    number,
    [string, string] | null,
    number,
    number,
    unknown,
    unknown,
  ];
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const task = numbers.taskOf(number, introduced);
  const items = has(SINGLE) ? [given] : given;
  return { kind: "run", id, slot, task, spread: has(SPREAD), eager: has(EAGER), timed: has(TIMED), packed: has(PACKED), count, items, place };
}

/** The results, if these are some. */
export function unsealResult(raw: unknown): ResultMessage | undefined {
  if (!isList(raw, RESULT)) return undefined;
  const [, , id, form, from, count, flags, last, cost, given] = raw as [0, 0, number, number, number, number, number, boolean, number, unknown];
  const values = (flags & SINGLE) !== 0 ? [given] : (given as Column);
  return { kind: "result", id, form, from, count, values, packed: (flags & PACKED) !== 0, last, cost };
}

function isList(raw: unknown, kind: number): boolean {
  return Array.isArray(raw) && raw[0] === MARK && raw[1] === kind;
}
