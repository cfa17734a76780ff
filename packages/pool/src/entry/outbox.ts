/**
 * How a worker tells its parent what came of the calls of a batch: by the channel if it can, else by message.
 *
 * @module
 */
import { dehydrate } from "@interlock/core/base";
import type { Outcome } from "../batch.ts";
import type { WorkerChannel } from "../channel/channel.ts";
import { type Column, doublesOf, isTypedArray, NOTHING, OUTCOMES, VALUES } from "../channel/records.ts";
import { Freight } from "../connection/freight.ts";
import type { Destination } from "../connection/journey.ts";
import type { ParentPort } from "../runtime/runtime.ts";
import type { TaskReference } from "../task.ts";
import { Transferred } from "../transfer.ts";
import { blame, type Inspection, isBoundToProcess, isCarried, isClonable, requireBuffers } from "../transport/clonable.ts";
import { toErrorData } from "../transport/error-data.ts";
import { type FromChild, type ResultMessage, seal, sealResult } from "../transport/message.ts";
import { Route } from "../transport/route.ts";

/** Calls of one batch that are told of together. */
export interface Parcel {
  readonly id: number;
  /** Whether the batch came through the channel: only then does the parent look for its results there. */
  readonly byChannel: boolean;
  readonly task: TaskReference;
  readonly from: number;
  readonly last: boolean;
  readonly cost: number;
}

/** The way back to the parent. */
export class Outbox {
  readonly #parent: ParentPort;
  readonly #crossProcess: boolean;
  readonly #channel: WorkerChannel | undefined;
  readonly #destination: Destination;
  readonly #route = new Route();

  constructor(parent: ParentPort, channel: WorkerChannel | undefined, crossProcess: boolean, destination: Destination) {
    this.#parent = parent;
    this.#destination = destination;
    this.#channel = channel;
    this.#crossProcess = crossProcess;
  }

  /** Whether a result of a batch that came through the channel is best told of at once: it costs no message. */
  eager(task: TaskReference, value: unknown): boolean {
    return !(value instanceof Transferred) && this.#route.open(task);
  }

  /** Tells of results. */
  values(parcel: Parcel, values: Column): void {
    const moves = hasTransfers(values);
    if (!moves && this.#byChannel(VALUES, parcel, values, values.length)) return;
    const singly = (): void =>
      this.outcomes(
        parcel,
        Array.from(values, (value): Outcome => ({ ok: true, value })),
      );
    if (moves) {
      singly();
      return;
    }
    try {
      if (this.#crossProcess) {
        this.#post(VALUES, parcel, doublesOf(values) ?? values, false, new Freight());
        return;
      }
      const given = isTypedArray(values) ? values : Array.from(values);
      const freight = new Freight();
      const data = dehydrate(given, [], { carry: freight.carry }) as Column;
      this.#post(VALUES, parcel, data, data !== given, freight);
    } catch {
      singly();
    }
  }

  /** Tells of results and errors. */
  outcomes(parcel: Parcel, outcomes: readonly Outcome[]): void {
    if (!outcomes.some((one) => one.ok && one.value instanceof Transferred) && this.#byChannel(OUTCOMES, parcel, outcomes, outcomes.length)) return;
    const freight = new Freight();
    const packed = outcomes.map((one) => this.#pack(one, parcel.task, freight));
    const objects = packed.some((one, i) => one.ok && one !== outcomes[i]);
    try {
      this.#post(OUTCOMES, parcel, packed, objects, freight);
    } catch {
      // What is in results that cannot be posted is not moved.
      const rest = new Freight();
      const posted = packed.map((one, i) => {
        const checked = this.#clonable(one, parcel.task, freight.transfer);
        return checked === one ? this.#pack(outcomes[i] as Outcome, parcel.task, rest) : checked;
      });
      try {
        this.#post(OUTCOMES, parcel, posted, objects, rest);
      } catch (cause) {
        this.#unmoved(parcel, outcomes, cause);
      }
    }
  }

  /** Something that was to be moved cannot be: tells of each outcome by itself, to find out which is to blame. */
  #unmoved(parcel: Parcel, outcomes: readonly Outcome[], cause: unknown): void {
    if (outcomes.length > 1)
      outcomes.forEach((one, i) => void this.outcomes({ ...parcel, from: parcel.from + i, last: parcel.last && i === outcomes.length - 1 }, [one]));
    else this.#post(OUTCOMES, parcel, [{ ok: false, error: toErrorData(unmovable(parcel.task, cause)) }], false, new Freight());
  }

  /** Tells that results are where they belong, or with a `count` of 0 only that the batch is done. */
  stored(parcel: Parcel, count: number): void {
    if (!this.#byChannel(NOTHING, parcel, [], count)) this.#post(NOTHING, parcel, [], false, new Freight(), count);
  }

  /**
   * Sends what a call reports on itself.
   *
   * @throws {TypeError} If it cannot be cloned; names its path.
   */
  report(id: number, task: TaskReference, at: number, value: unknown): void {
    const freight = new Freight();
    const packed = dehydrate(value, [], { crossProcess: this.#crossProcess, name: "value", carry: freight.carry });
    const how: Inspection = { name: "value", action: (path) => `report ${path} from task ${JSON.stringify(task.name)}`, bad: isBoundToProcess };
    const error = this.#crossProcess ? blame(packed, how) : undefined;
    if (error !== undefined) throw error;
    try {
      const message = seal({ kind: "report", id, at, value: packed, packed: packed !== value } satisfies FromChild);
      freight.ship(this.#destination, () => this.#parent.post(message, freight.transfer));
    } catch (cause) {
      throw blame(packed, { ...how, bad: (part) => !freight.transfer.includes(part) && !this.#travels(part), cause }) ?? cause;
    }
  }

  /** Sends anything else. */
  send(message: FromChild): void {
    this.#parent.post(seal(message));
  }

  /** Makes sure that the parent looks into the channel. */
  wake(): void {
    this.#channel?.wake();
  }

  #byChannel(form: number, { id, task, from, last, cost, byChannel }: Parcel, values: Column, count: number): boolean {
    if (!byChannel || this.#channel === undefined || (form !== NOTHING && !this.#route.open(task))) return false;
    const sent = this.#channel.send(form, id, from, values, count, last, cost);
    if (form !== NOTHING) this.#route.went(task, sent);
    return sent === "sent";
  }

  #post(form: number, { id, from, last, cost }: Parcel, values: Column, packed: boolean, freight: Freight, count: number = values.length): void {
    const message: ResultMessage = { kind: "result", id, form, from, count, values, packed, last, cost };
    freight.ship(this.#destination, () => this.#parent.post(sealResult(message), freight.transfer));
  }

  #pack(outcome: Outcome, task: TaskReference, freight: Freight): Outcome {
    if (!outcome.ok) return outcome;
    try {
      const { value, list } = outcome.value instanceof Transferred ? outcome.value : { value: outcome.value, list: [] };
      if (this.#crossProcess) requireMovable(list, task);
      const packed = dehydrate(value, [], { crossProcess: this.#crossProcess, name: "result", carry: freight.carry });
      const error = this.#crossProcess ? blame(packed, inspection(task, isBoundToProcess)) : undefined;
      if (error !== undefined) return { ok: false, error: toErrorData(error) };
      // Nothing moves to another process: it gets a copy.
      if (!this.#crossProcess) freight.add(list);
      return packed === outcome.value ? outcome : { ok: true, value: packed };
    } catch (error) {
      return { ok: false, error: toErrorData(error) };
    }
  }

  /** Replaces a result that cannot be posted by the reason. */
  #clonable(outcome: Outcome, task: TaskReference, moved: readonly unknown[]): Outcome {
    if (!outcome.ok) return outcome;
    // A view moves with its buffer, which some runtimes take away although the rest could not be moved.
    const isMoved = (part: unknown): boolean => moved.includes(part) || (ArrayBuffer.isView(part) && moved.includes(part.buffer));
    const how = inspection(task, (part) => !isMoved(part) && !this.#travels(part));
    const error = blame(outcome.value, how);
    if (error !== undefined) return { ok: false, error: toErrorData(error) };
    if (moved.length > 0 || this.#travels(outcome.value)) return outcome;
    // All parts can be cloned: the whole is to blame.
    return { ok: false, error: toErrorData(new TypeError(`Cannot ${how.action("result")} as it cannot be cloned`)) };
  }

  #travels(value: unknown): boolean {
    return this.#crossProcess ? isCarried(value) : isClonable(value);
  }
}

/** Whether something is to be moved, which only messages do: to the channel, the mark is an object like others. */
function hasTransfers(values: Column): boolean {
  if (isTypedArray(values)) return false;
  for (let i = 0; i < values.length; i++) if (typeof values[i] === "object" && values[i] instanceof Transferred) return true;
  return false;
}

function requireMovable(list: readonly unknown[], task: TaskReference): void {
  try {
    requireBuffers(list);
  } catch (cause) {
    throw unmovable(task, cause);
  }
}

function unmovable({ name }: TaskReference, cause: unknown): TypeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TypeError(`Cannot return result from task ${JSON.stringify(name)} as what goes with it cannot be moved: ${reason}`, { cause });
}

function inspection(task: TaskReference, bad: Inspection["bad"]): Inspection {
  return { name: "result", action: (path) => `return ${path} from task ${JSON.stringify(task.name)}`, bad };
}
