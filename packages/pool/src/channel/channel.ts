/**
 * The shared memory between a parent and one worker: orders there, replies back, and claims on what is under way.
 *
 * It carries small values without a clone and without a message. Whatever it cannot carry goes by message instead, so both
 * ways are always open, and neither side ever waits for room. What went either way is received in the order in which it was sent.
 *
 * @module
 */
import type { TaskReference } from "../task.ts";
import { CLAIMS_BYTES, Claims } from "./claims.ts";
import { DOORBELL_BYTES, Doorbell } from "./doorbell.ts";
import { COST, COUNT, type Column, FLAGS, FROM, ID, LAST, NO_ROOM, NOTHING, RecordWriter, readColumn, SLOT, TASK } from "./records.ts";
import { FORM, type RingPlace, RingReader, RingWriter, ringBytes } from "./ring.ts";

/** Bytes of each ring. The largest record takes half of one: 16 000 numbers. */
const CAPACITY = 256 * 1024;

/** The first line is left for the parent's bell, of whoever has but one memory for all. */
const WORKER_AT = DOORBELL_BYTES;
/** How many messages were posted to the worker, but for the one that it starts with: one word of a line. */
export const POSTED_AT: number = WORKER_AT + DOORBELL_BYTES;
const CLAIMS_AT = POSTED_AT + 64;
const ORDERS_AT = CLAIMS_AT + CLAIMS_BYTES;

/** The bytes that a channel takes whose rings have this capacity. */
export function channelBytes(capacity: number): number {
  return ORDERS_AT + 2 * ringBytes(capacity);
}

/** Whether something went by the channel; if there was "no room", the next may. */
export type Sent = "sent" | "no room" | "cannot";

/** What a worker needs to open its end. */
export interface ChannelHandle {
  readonly memory: SharedArrayBuffer;
  /** What wakes the parent; all workers of a pool ring the same. */
  readonly bell: SharedArrayBuffer;
}

/** A batch as the worker sees it. */
export interface Order {
  readonly id: number;
  /** Its claims; -1 if it has none. */
  readonly slot: number;
  readonly task: TaskReference;
  /** Whether each item is a list of arguments; else it is the only argument. */
  readonly spread: boolean;
  /** Whether the results are told of one by one, as soon as they are known. */
  readonly eager: boolean;
  readonly items: Column;
}

/** A reply as the parent sees it. */
export interface Reply {
  readonly form: number;
  readonly id: number;
  readonly from: number;
  readonly count: number;
  readonly last: boolean;
  /** Milliseconds that each call took. */
  readonly cost: number;
  readonly values: Column;
}

const SPREAD = 1;
const EAGER = 2;
/** The task is new to the worker: the column is its module, its name, and the items. */
const INTRODUCES = 4;
/** Above the flags: how many batches went beside the channel before this one, by message. */
const BESIDE_SHIFT = 3;

/** Where the two rings lie, of which each takes half of what is left. */
function ringsOf(buffer: SharedArrayBuffer): { readonly orders: RingPlace; readonly replies: RingPlace } {
  const bytes = (buffer.byteLength - ORDERS_AT) / 2;
  const capacity = bytes - ringBytes(0);
  return { orders: { buffer, offset: ORDERS_AT, capacity }, replies: { buffer, offset: ORDERS_AT + bytes, capacity } };
}

/** The parent's end. */
export class ParentChannel {
  readonly handle: ChannelHandle;
  readonly claims: Claims;
  readonly #worker: Doorbell;
  readonly #orders: RingWriter;
  readonly #records: RecordWriter;
  readonly #replies: RingReader;
  readonly #floats: Float32Array;
  readonly #tasks = new Map<TaskReference, number>();
  readonly #posted: Int32Array;
  #beside = 0;

  /** @param knock Sends the worker what ends its rest; absent if it sleeps on its bell. */
  constructor(bell: SharedArrayBuffer, knock?: () => void, memory: SharedArrayBuffer = new SharedArrayBuffer(channelBytes(CAPACITY))) {
    const { orders, replies } = ringsOf(memory);
    this.handle = { memory, bell };
    this.claims = new Claims(memory, CLAIMS_AT);
    this.#worker = new Doorbell(memory, WORKER_AT, knock);
    this.#orders = new RingWriter(orders);
    this.#records = new RecordWriter(this.#orders);
    this.#replies = new RingReader(replies);
    this.#floats = new Float32Array(memory);
    this.#posted = new Int32Array(memory, POSTED_AT, 1);
  }

  /** Whether the worker sees what comes through the channel sooner than what comes by message. */
  get attended(): boolean {
    return this.#worker.attended;
  }

  /** Whether a reply waits. */
  get hasReply(): boolean {
    return !this.#replies.empty;
  }

  /** Says that a batch went by message. What is sent from now on is not received before the worker says that it came. */
  wentBeside(): void {
    this.#beside++;
    this.posted();
  }

  /** Says that a message was posted: a worker that dozes looks for it. */
  posted(): void {
    Atomics.add(this.#posted, 0, 1);
    this.#worker.rouse();
  }

  /** Sends a batch. The worker sees it at the latest when it is woken. */
  send({ id, slot, task, spread, eager, items }: Order): Sent {
    const known = this.#tasks.get(task);
    const at = this.#records.column(known === undefined ? [task.module, task.name, items] : items);
    if (at < 0) return at === NO_ROOM ? "no room" : "cannot";
    const number = known ?? this.#tasks.size;
    if (known === undefined) this.#tasks.set(task, number);
    const { words } = this.#orders;
    words[at + ID] = id;
    words[at + SLOT] = slot;
    words[at + COUNT] = items.length;
    words[at + TASK] = number;
    words[at + FLAGS] = (spread ? SPREAD : 0) | (eager ? EAGER : 0) | (known === undefined ? INTRODUCES : 0) | (this.#beside << BESIDE_SHIFT);
    this.#records.commit();
    return "sent";
  }

  /** Wakes the worker if it sleeps. */
  wake(): void {
    this.#worker.ring();
  }

  /**
   * The next reply; undefined if there is none.
   *
   * @throws If it cannot be read. It is gone then.
   */
  receive(): Reply | undefined {
    const ring = this.#replies;
    const at = ring.peek();
    if (at < 0) return undefined;
    const { words } = ring;
    try {
      return {
        form: words[at + FORM] as number,
        id: words[at + ID] as number,
        from: words[at + FROM] as number,
        count: words[at + COUNT] as number,
        last: words[at + LAST] === 1,
        cost: this.#floats[at + COST] as number,
        values: readColumn(ring, at),
      };
    } finally {
      ring.release();
    }
  }
}

/** The worker's end. */
export class WorkerChannel {
  readonly claims: Claims;
  readonly bell: Doorbell;
  readonly #parent: Doorbell;
  readonly #orders: RingReader;
  readonly #replies: RingWriter;
  readonly #records: RecordWriter;
  readonly #floats: Float32Array;
  readonly #tasks: TaskReference[] = [];
  readonly #posted: Int32Array;
  #beside = 0;
  #came = 0;

  /** @param knock Sends the parent what ends its rest; absent if it sleeps on its bell. */
  constructor({ memory, bell }: ChannelHandle, knock?: () => void) {
    const { orders, replies } = ringsOf(memory);
    this.claims = new Claims(memory, CLAIMS_AT);
    this.bell = new Doorbell(memory, WORKER_AT);
    this.#parent = new Doorbell(bell, 0, knock);
    this.#orders = new RingReader(orders);
    this.#replies = new RingWriter(replies);
    this.#records = new RecordWriter(this.#replies);
    this.#floats = new Float32Array(memory);
    this.#posted = new Int32Array(memory, POSTED_AT, 1);
  }

  /** Whether a message was posted that has not come. */
  get misses(): boolean {
    // A message may come before its sender has counted it.
    return ((Atomics.load(this.#posted, 0) - this.#came) | 0) > 0;
  }

  /** Says that a batch came by message. */
  cameBeside(): void {
    this.#beside++;
    this.messageCame();
  }

  /** Says that a message came. */
  messageCame(): void {
    this.#came = (this.#came + 1) | 0;
  }

  /** Whether an order waits, and all that were sent by message before it have come. */
  get hasOrder(): boolean {
    const at = this.#orders.peek();
    return at >= 0 && this.#isDue(this.#orders.words[at + FLAGS] as number);
  }

  /** The next order; undefined if there is none, or one by message is to come first. */
  receive(): Order | undefined {
    const ring = this.#orders;
    const at = ring.peek();
    if (at < 0) return undefined;
    const { words } = ring;
    const flags = words[at + FLAGS] as number;
    if (!this.#isDue(flags)) return undefined;
    const number = words[at + TASK] as number;
    let items = readColumn(ring, at);
    if ((flags & INTRODUCES) !== 0) {
      const [module, name, given] = items as readonly [string, string, Column];
      this.#tasks[number] = { module, name };
      items = given;
    }
    const order: Order = {
      id: words[at + ID] as number,
      slot: words[at + SLOT] as number,
      task: this.#tasks[number] as TaskReference,
      spread: (flags & SPREAD) !== 0,
      eager: (flags & EAGER) !== 0,
      items,
    };
    ring.release();
    return order;
  }

  /** The count has 29 bits, and starts again after the last. */
  #isDue(flags: number): boolean {
    return (this.#beside - (flags >>> BESIDE_SHIFT)) << BESIDE_SHIFT >= 0;
  }

  /**
   * Tells of some calls of a batch.
   *
   * @param form VALUES, OUTCOMES or NOTHING; with the last, `count` calls are told of.
   */
  send(form: number, id: number, from: number, values: Column, count: number, last: boolean, cost: number): Sent {
    const at = form === NOTHING ? this.#records.nothing() : this.#records.column(values, form);
    if (at < 0) return at === NO_ROOM ? "no room" : "cannot";
    const { words } = this.#replies;
    words[at + ID] = id;
    words[at + FROM] = from;
    words[at + COUNT] = count;
    words[at + LAST] = last ? 1 : 0;
    this.#floats[at + COST] = cost;
    this.#records.commit();
    return "sent";
  }

  /** Wakes the parent if it sleeps. */
  wake(): void {
    this.#parent.ring();
  }
}
