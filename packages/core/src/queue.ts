/**
 * Values handed from thread to thread.
 *
 * @module
 */
import { attach } from "./attach.ts";
import type { CodecOptions } from "./codec/options.ts";
import { decodeFrom, encodeScratch, recycle, type Scratch } from "./codec/scratch.ts";
import { QueueClosedError, TimeoutError } from "./errors.ts";
import { type Handle, Shareable } from "./handle.ts";
import { type Memory, type Place, wordsOf } from "./memory.ts";
import { globalize, localize } from "./queue-handles.ts";
import { type AsyncWaitOptions, throwIfAborted, timeoutOf, type WaitOptions } from "./sys/options.ts";
import { HEADER_BYTES, initRing, isRing, LEAST_CAPACITY, MOST_CAPACITY, MOST_RECORDS, type PutOutcome, Ring } from "./sys/ring.ts";
import { createTagged, openTagged } from "./tagged.ts";

/** How much a queue holds. */
export interface QueueOptions {
  /** The most items at a time; no limit but the capacity if 0 or absent. */
  readonly maxSize?: number | undefined;
  /** The bytes that all items have together, rounded up to a power of two; 65536 if absent. */
  readonly capacityBytes?: number | undefined;
  /** Where it lies; in this thread's default memory if absent. */
  readonly memory?: Memory | undefined;
}

type QueueKind = "Queue" | "JoinableQueue";

function createQueuePlace(kind: QueueKind, options: QueueOptions | undefined): Place {
  const { maxSize = 0, capacityBytes = 65536, memory } = options ?? {};
  checkInteger(kind, "maxSize", maxSize, 0, MOST_RECORDS);
  checkInteger(kind, "capacityBytes", capacityBytes, 1, MOST_CAPACITY);
  const capacity = Math.max(LEAST_CAPACITY, 2 ** Math.ceil(Math.log2(capacityBytes)));
  return createTagged(kind, memory, HEADER_BYTES + capacity, (words, at) => initRing(words, at, capacity, maxSize || MOST_RECORDS));
}

function checkInteger(kind: QueueKind, name: string, value: unknown, least: number, most: number): void {
  const domain = `Cannot create ${kind} as '${name}' must be an integer from ${least} to ${most}: received`;
  if (typeof value !== "number") throw new TypeError(`${domain} ${typeof value}`);
  if (!Number.isInteger(value) || value < least || value > most) throw new RangeError(`${domain} ${value}`);
}

function openQueuePlace(kind: QueueKind, handle: Handle): Place {
  const at = openTagged(kind, handle, HEADER_BYTES);
  if (!isRing(wordsOf(at.memory), at.offset >>> 2, at.memory.buffer.byteLength - at.offset)) {
    throw new RangeError(`Cannot attach ${kind} as its header at offset ${at.offset} is damaged: it does not describe a ring within its memory`);
  }
  return at;
}

/**
 * A bounded queue: any thread puts, any thread gets, each item reaches one of them.
 *
 * Items travel by value, as bytes in shared memory: `null`, `undefined`, booleans, numbers, bigints, strings, arrays, plain
 * objects, `Date`, `RegExp`, `Map`, `Set`, errors, buffers and typed arrays, cycles included; what else `put` is given, it
 * refuses, naming the path. Core objects travel as themselves if they lie in the queue's memory: create them with
 * `{ memory: queue.memory }`.
 *
 * It is full when it has `maxSize` items or no room for the bytes of one more. There is no feeder thread as in Python: when
 * `put` has returned, the item can be got.
 *
 * - **Order**: first in, first out. Which of several waiting threads is served is not promised; a long item may be
 *   overtaken by short ones that find room earlier.
 * - **Memory**: everything a thread wrote before its put is visible to whoever gets the item.
 * - **Failure**: after a throw, nothing was put or got; but an item that cannot be read, as it holds an object in memory of a kind that
 *   this thread does not know, is gone. A thread that dies while it puts loses that item only; one that
 *   dies while it gets leaves the item, or has taken it.
 * - **Deadlock**: a `get` of the only thread that would put waits for ever, as does a `put` beyond what fits.
 *
 * Costs 192 bytes of shared memory, and its capacity. An item costs its bytes and up to 7 more.
 *
 * @typeParam T What the items are. Nothing checks that at run time.
 *
 * @example Hand over
 * ```ts
 * import { Queue } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const queue = new Queue<{ id: number }>({ maxSize: 2 });
 * queue.put({ id: 1 });
 * await queue.putAsync({ id: 2 });
 * assert.equal(queue.tryPut({ id: 3 }), false);
 * assert.deepEqual(queue.get(), { id: 1 });
 * queue.close();
 * for await (const item of queue) assert.deepEqual(item, { id: 2 });
 * ```
 */
export class Queue<T = unknown> extends Shareable {
  readonly #ring: Ring;
  readonly #put: CodecOptions;
  readonly #get: CodecOptions;

  /**
   * @throws {TypeError} If an option is of another type.
   * @throws {RangeError} If an option is out of its domain, or `memory` has no room.
   */
  constructor(options?: QueueOptions);
  /** @internal */
  constructor(options: QueueOptions | undefined, kind: QueueKind, at?: Place);
  constructor(options?: QueueOptions, kind: QueueKind = "Queue", at: Place = createQueuePlace(kind, options)) {
    super(at);
    this.#ring = new Ring(at, kind);
    this.#put = { action: "put", name: "item", dehydrate: (object, path) => localize(object.handle, path, this) };
    this.#get = { action: "get", name: "item", hydrate: (data) => attach(globalize(data as Handle, this)) };
  }

  /**
   * The queue of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or no queue lies there.
   * @throws {RangeError} If it points outside its memory, or the queue does.
   */
  static attach<T = unknown>(handle: Handle): Queue<T> {
    return new Queue(undefined, "Queue", openQueuePlace("Queue", handle));
  }

  protected override get kind(): QueueKind {
    return "Queue";
  }

  /** @internal */
  protected get ring(): Ring {
    return this.#ring;
  }

  /** How many items are in it. May be outdated by the time it is read. */
  get size(): number {
    return this.#ring.size;
  }

  /** Whether no item is in it. May be outdated by the time it is read. */
  get empty(): boolean {
    return this.size === 0;
  }

  /** Whether it has `maxSize` items, or no room for even the shortest. May be outdated by the time it is read. */
  get full(): boolean {
    return this.#ring.full;
  }

  /** The most items at a time; 0 if only the capacity limits them. */
  get maxSize(): number {
    return this.#ring.max === MOST_RECORDS ? 0 : this.#ring.max;
  }

  /** The bytes of all items together. */
  get capacityBytes(): number {
    return this.#ring.capacity;
  }

  /** Whether it was closed. */
  get closed(): boolean {
    return this.#ring.closed;
  }

  /**
   * Puts an item, blocking while there is no room.
   *
   * @param item What to put; copied before this returns.
   * @param options How long to wait for room; for ever if absent.
   * @throws {TimeoutError} If `timeout` passes first.
   * @throws {QueueClosedError} If the queue is closed, before or while it waits.
   * @throws {TypeError} If something in the item cannot travel; names its path. Or if it would have to wait on a thread that
   * may not block.
   * @throws {RangeError} If the item has more bytes than the queue, or `timeout` is NaN.
   */
  put(item: T, options?: WaitOptions): void {
    if (!this.#putWithin(item, this.#timeout(options, Infinity, "put into"))) throw this.#timeoutError("put into", options);
  }

  /**
   * Puts an item if there is room in time.
   *
   * @param options How long to wait for room; without a timeout it does not wait.
   * @returns Whether it was put.
   * @throws As {@linkcode Queue.put}, but for `TimeoutError`.
   */
  tryPut(item: T, options?: WaitOptions): boolean {
    return this.#putWithin(item, this.#timeout(options, 0, "put into"));
  }

  /**
   * As {@linkcode Queue.put}, without blocking the thread; keeps the program alive meanwhile.
   *
   * @param options How long to wait, and what ends the wait early.
   * @throws As {@linkcode Queue.put}; and `signal.reason`, if `signal` aborts first.
   */
  async putAsync(item: T, options?: AsyncWaitOptions): Promise<void> {
    const timeout = this.#timeout(options, Infinity, "put into");
    throwIfAborted(options?.signal);
    const record = this.#encode(item);
    let outcome: PutOutcome = this.#ring.put(record);
    const attempt = (): boolean => {
      outcome = this.#ring.put(record);
      return outcome !== "full";
    };
    try {
      // Items differ in length: that one finds no room says nothing of the next.
      if (outcome === "full" && timeout > 0) await this.#ring.space.waitAsync(attempt, timeout, options?.signal, 0);
    } finally {
      recycle(record);
    }
    if (!this.#judge(outcome)) throw this.#timeoutError("put into", options);
  }

  /**
   * Takes the item that was put first, blocking while there is none.
   *
   * @param options How long to wait for one; for ever if absent.
   * @throws {TimeoutError} If `timeout` passes first.
   * @throws {QueueClosedError} If the queue is closed, before or while it waits, and nothing is left.
   * @throws {TypeError} If it would have to wait on a thread that may not block, or the queue's memory is damaged.
   * @throws {RangeError} If `timeout` is NaN.
   */
  get(options?: WaitOptions): T {
    const found = this.#getWithin(this.#timeout(options, Infinity, "get from"));
    if (found === undefined) throw this.#timeoutError("get from", options);
    return found.value;
  }

  /**
   * Takes the item that was put first, if there is one in time.
   *
   * @param options How long to wait for one; without a timeout it does not wait.
   * @returns The item as `value`, or undefined.
   * @throws As {@linkcode Queue.get}, but for `TimeoutError`.
   */
  tryGet(options?: WaitOptions): { value: T } | undefined {
    return this.#getWithin(this.#timeout(options, 0, "get from"));
  }

  /**
   * As {@linkcode Queue.get}, without blocking the thread; keeps the program alive meanwhile.
   *
   * @param options How long to wait, and what ends the wait early; then no item was taken.
   * @throws As {@linkcode Queue.get}; and `signal.reason`, if `signal` aborts first.
   */
  async getAsync(options?: AsyncWaitOptions): Promise<T> {
    const timeout = this.#timeout(options, Infinity, "get from");
    throwIfAborted(options?.signal);
    let found = this.#take();
    const attempt = (): boolean => {
      found = this.#take();
      return found !== undefined;
    };
    if (found === undefined && timeout > 0) await this.#ring.items.waitAsync(attempt, timeout, options?.signal);
    if (found === undefined) throw this.#timeoutError("get from", options);
    return found.value;
  }

  /** The items as they come, each taken from the queue, until it is closed and nothing is left. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      let item: T;
      try {
        item = await this.getAsync();
      } catch (error) {
        if (error instanceof QueueClosedError) return;
        throw error;
      }
      yield item;
    }
  }

  /**
   * Closes it for every thread: nothing more can be put, and what is in it can still be got. Whoever waits to put gets
   * `QueueClosedError`, as does whoever waits to get once nothing is left. Closing again does nothing.
   */
  close(): void {
    this.#ring.close();
  }

  #putWithin(item: T, timeout: number): boolean {
    const record = this.#encode(item);
    try {
      const outcome = this.#ring.put(record);
      return this.#judge(outcome === "full" && timeout > 0 ? this.#putWaiting(record, timeout) : outcome);
    } finally {
      recycle(record);
    }
  }

  #putWaiting(record: Scratch, timeout: number): PutOutcome {
    let outcome: PutOutcome = "full";
    const attempt = (): boolean => {
      outcome = this.#ring.put(record);
      return outcome !== "full";
    };
    this.#ring.space.wait(attempt, timeout, `${this.kind}.put`);
    return outcome;
  }

  #getWithin(timeout: number): { value: T } | undefined {
    const found = this.#take();
    return found === undefined && timeout > 0 ? this.#getWaiting(timeout) : found;
  }

  #getWaiting(timeout: number): { value: T } | undefined {
    let found: { value: T } | undefined;
    const attempt = (): boolean => {
      found = this.#take();
      return found !== undefined;
    };
    this.#ring.items.wait(attempt, timeout, `${this.kind}.get`);
    return found;
  }

  /** Makes no text for an error that is rare. */
  #timeout(options: AsyncWaitOptions | undefined, absent: number, action: string): number {
    return options === undefined ? absent : timeoutOf(options, absent, `${action} ${this.kind}`);
  }

  #encode(item: T): Scratch {
    const record = encodeScratch(item, this.#put);
    if (record.length <= this.#ring.longest) return record;
    recycle(record);
    throw new RangeError(`Cannot put item as it has ${record.length} bytes, and ${this.kind} has ${this.#ring.longest}: create it with a larger capacityBytes`);
  }

  #judge(outcome: PutOutcome): boolean {
    if (outcome === "closed") throw new QueueClosedError(`Cannot put into ${this.kind} as it is closed`);
    return outcome === "put";
  }

  #take(): { value: T } | undefined {
    // Before looking: what was put before the close must be found.
    const { closed } = this.#ring;
    const record = this.#ring.take();
    if (record !== undefined) return { value: decodeFrom(record.bytes, record.length, this.#get) as T };
    if (closed) throw new QueueClosedError(`Cannot get from ${this.kind} as it is closed and nothing is left in it`);
    return undefined;
  }

  #timeoutError(action: string, options: WaitOptions | undefined): TimeoutError {
    return new TimeoutError(`Cannot ${action} ${this.kind} as ${options?.timeout} ms passed`);
  }
}

/**
 * A queue that knows when everything that was put is done with: whoever got an item calls `taskDone` after it.
 *
 * - **Failure**: the item of a thread that died before its `taskDone` stays unfinished; give `join` a timeout where that
 *   may happen.
 *
 * @example
 * ```ts
 * import { JoinableQueue } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const jobs = new JoinableQueue<string>();
 * jobs.put("sweep");
 * assert.equal(jobs.get(), "sweep");
 * assert.equal(jobs.unfinished, 1);
 * jobs.taskDone();
 * jobs.join();
 * assert.equal(jobs.unfinished, 0);
 * ```
 */
export class JoinableQueue<T = unknown> extends Queue<T> {
  /** As `Queue`. */
  constructor(options?: QueueOptions);
  /** @internal */
  constructor(options: QueueOptions | undefined, kind: QueueKind, at?: Place);
  // As that of `Queue`, so that code may be given either class.
  constructor(options?: QueueOptions, _kind: QueueKind = "JoinableQueue", at: Place = createQueuePlace("JoinableQueue", options)) {
    super(options, "JoinableQueue", at);
  }

  /** As {@linkcode Queue.attach}. */
  static override attach<T = unknown>(handle: Handle): JoinableQueue<T> {
    return new JoinableQueue(undefined, "JoinableQueue", openQueuePlace("JoinableQueue", handle));
  }

  protected override get kind(): QueueKind {
    return "JoinableQueue";
  }

  /** How many items were put and are not done with. May be outdated by the time it is read. */
  get unfinished(): number {
    return this.ring.unfinished;
  }

  /**
   * Says that one item that was got is done with.
   *
   * @throws {RangeError} If that is once more than items were put.
   */
  taskDone(): void {
    if (!this.ring.finish()) throw new RangeError("Cannot finish a task of JoinableQueue as all are done: taskDone() was called too many times");
  }

  /**
   * Blocks until everything that was put is done with.
   *
   * @param options How long to wait; for ever if absent.
   * @throws {TimeoutError} If `timeout` passes first.
   * @throws {TypeError} If it would have to wait on a thread that may not block.
   */
  join(options?: WaitOptions): void {
    const timeout = timeoutOf(options, Infinity, "join JoinableQueue");
    if (!this.ring.finished.wait(() => this.unfinished === 0, timeout, "JoinableQueue.join")) throw this.#late(options);
  }

  /**
   * As {@linkcode JoinableQueue.join}, without blocking the thread; keeps the program alive meanwhile.
   *
   * @param options How long to wait, and what ends the wait early.
   * @throws As {@linkcode JoinableQueue.join}; and `signal.reason`, if `signal` aborts first.
   */
  async joinAsync(options?: AsyncWaitOptions): Promise<void> {
    const timeout = timeoutOf(options, Infinity, "join JoinableQueue");
    throwIfAborted(options?.signal);
    if (this.unfinished === 0) return;
    if (!(await this.ring.finished.waitAsync(() => this.unfinished === 0, timeout, options?.signal))) throw this.#late(options);
  }

  #late(options: WaitOptions | undefined): TimeoutError {
    return new TimeoutError(`Cannot join JoinableQueue as ${options?.timeout} ms passed with ${this.unfinished} items unfinished`);
  }
}
