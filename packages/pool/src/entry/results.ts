/**
 * What came of the calls of a batch: keeps results where they belong, and tells the parent of them.
 *
 * @module
 */
import type { Outcome } from "../batch.ts";
import { toErrorData } from "../transport/error-data.ts";
import type { Assignment } from "./assignment.ts";
import { holdsBigInts } from "./loops.ts";
import type { Outbox, Parcel } from "./outbox.ts";
import type { Numbers } from "./place.ts";

/** The results of one batch. Eager ones are told of one by one, others together. */
export class Results {
  /** Those that are told of together, and not in their place. */
  list: unknown[];
  readonly #outbox: Outbox;
  readonly #assignment: Assignment;
  #inPlace: boolean;
  /** Errors of calls whose results are told of together. */
  #errors: Map<number, unknown> | undefined;
  /** Outcomes that go by message, and the index of the first. */
  #pending: Outcome[] = [];
  #pendingFrom = 0;
  #byChannel: boolean;

  constructor(assignment: Assignment, outbox: Outbox) {
    const { count, eager, numbers, elements, byChannel } = assignment;
    this.#assignment = assignment;
    this.#outbox = outbox;
    this.#byChannel = byChannel;
    this.#inPlace = numbers !== undefined || elements !== undefined;
    this.list = eager || this.#inPlace ? [] : new Array(count);
  }

  /** Whether all results so far are where they belong. */
  get inPlace(): boolean {
    return this.#inPlace;
  }

  /** Keeps all results from the channel: reports are messages, which those would overtake. */
  leaveChannel(): void {
    this.#byChannel = false;
  }

  /**
   * A call returned a value.
   *
   * @param begun How many calls have begun.
   */
  succeed(i: number, value: unknown, begun: number): void {
    const { eager, task, elements, numbers, count } = this.#assignment;
    if (elements !== undefined) {
      try {
        elements.set(i, value);
      } catch (error) {
        this.fail(i, error);
      }
    } else if (eager) {
      // A call alone is told of when the batch is done, which is now.
      if (this.#byChannel && count > 1 && this.#outbox.eager(task, value)) this.#outbox.values(this.#parcel(i), [value]);
      else this.#later(i, { ok: true, value });
    } else if (this.#inPlace && numbers !== undefined && isNumeric(value, numbers)) (numbers.output as Float64Array)[i] = value as number;
    else {
      this.#leavePlace(begun);
      this.list[i] = value;
    }
  }

  /** A call threw an error. */
  fail(i: number, error: unknown): void {
    if (this.#assignment.eager) this.#later(i, { ok: false, error: toErrorData(error) });
    else {
      this.#errors ??= new Map();
      this.#errors.set(i, error);
    }
  }

  /** Tells of what need not wait for others. */
  flush(): void {
    this.#sendPending();
    this.#outbox.wake();
  }

  /** Tells of calls, from one to the last, that will not begin. */
  drop(from: number, reason: unknown): void {
    const error = toErrorData(reason);
    const dropped = Array.from({ length: this.#assignment.count - from }, (): Outcome => ({ ok: false, error }));
    this.#outbox.outcomes(this.#parcel(from), dropped);
  }

  /**
   * Tells that the batch is done, and of all that was not told of.
   *
   * @param begun How many calls have begun.
   * @param cost The milliseconds that each took.
   */
  end(begun: number, cost: number): void {
    if (!this.#assignment.eager) this.#tellAll(begun, cost);
    else if (this.#pending.length > 0) this.#sendPending(cost);
    else this.#outbox.stored(this.#parcel(0, cost), 0);
    this.#outbox.wake();
    this.list = [];
    this.#errors = undefined;
  }

  /** A result does not fit where the others are: from now on all of the batch are kept here. */
  #leavePlace(begun: number): void {
    if (!this.#inPlace) return;
    this.#inPlace = false;
    const { output } = this.#assignment.numbers as Numbers;
    for (let i = 0; i < begun; i++) this.list[i] = output[i];
  }

  /** Outcomes that follow each other go together. */
  #later(i: number, outcome: Outcome): void {
    if (this.#pendingFrom + this.#pending.length !== i) this.#sendPending();
    if (this.#pending.length === 0) this.#pendingFrom = i;
    this.#pending.push(outcome);
  }

  #sendPending(cost?: number): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    const parcel = this.#parcel(this.#pendingFrom, cost);
    if (pending.every((one) => one.ok)) {
      this.#outbox.values(
        parcel,
        pending.map((one) => (one.ok ? one.value : undefined)),
      );
    } else this.#outbox.outcomes(parcel, pending);
  }

  #tellAll(begun: number, cost: number): void {
    const parcel = this.#parcel(0, cost);
    if (this.#errors !== undefined) this.#outbox.outcomes(parcel, this.#outcomes(begun));
    else if (this.#inPlace) this.#outbox.stored(parcel, begun);
    else this.#outbox.values(parcel, begun === this.list.length ? this.list : this.list.slice(0, begun));
  }

  #outcomes(count: number): Outcome[] {
    const { elements, numbers } = this.#assignment;
    return Array.from({ length: count }, (_, i) => {
      if (this.#errors?.has(i)) return { ok: false, error: toErrorData(this.#errors.get(i)) };
      if (elements !== undefined) return { ok: true, value: elements.get(i) };
      return { ok: true, value: this.#inPlace && numbers !== undefined ? numbers.output[i] : this.list[i] };
    });
  }

  /** @param cost Absent if more is told of the batch. */
  #parcel(from: number, cost?: number): Parcel {
    const { id, task } = this.#assignment;
    return { id, task, byChannel: this.#byChannel, from, last: cost !== undefined, cost: cost ?? 0 };
  }
}

/** Whether a result is one of the numbers that a typed array holds. */
function isNumeric(value: unknown, { output }: Numbers): boolean {
  return holdsBigInts(output) ? typeof value === "bigint" : typeof value === "number";
}
