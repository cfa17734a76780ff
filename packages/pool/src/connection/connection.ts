/**
 * One end of a pipe.
 *
 * @module
 */
import { type AsyncWaitOptions, dehydrate, timeoutOf } from "@interlock/core/base";
import { describe } from "../describe.ts";
import { BufferTooShortError, ConnectionError, EOFError } from "../errors.ts";
import { blame, isBoundToProcess, isCarried, isClonable } from "../transport/clonable.ts";
import { unpacked } from "../transport/unpack.ts";
import { type Arrival, attach, type End, type OpenEnd } from "./end.ts";
import { Freight } from "./freight.ts";
import { destinationOf } from "./journey.ts";
import { BYTES, type Letter, PACKED, type Parcel, UNREADABLE, VALUE } from "./letter.ts";
import type { Patience } from "./patience.ts";

/** Settings of one `send`. */
export interface SendOptions {
  /** What is moved instead of cloned, as in `postMessage`. Connections always are. */
  readonly transfer?: readonly unknown[];
}

/** Bytes, as `sendBytes` takes them. */
export type Bytes = ArrayBufferLike | ArrayBufferView;

/** Ends that nobody has are closed, so that the others learn of it. */
const dropped = new FinalizationRegistry<End>((end) => end.close());

/**
 * One end of a pipe between threads or processes: Python's `Connection`. `Pipe` makes two.
 *
 * What one end sends, the other receives, in the same order, each message as a whole. Core objects are shared; a connection in a
 * message is moved; everything else is cloned.
 *
 * A connection can be sent: in the arguments, results and reports of tasks, and by another connection. Then whoever receives it
 * has it, with all messages that were not received yet, and the sender's is closed.
 *
 * - **Order**: messages arrive in the order in which they were sent. Those who wait at one end are served in the order of their calls.
 * - **End**: once the other end is closed, or the thread that had it has ended, however that came about, what was sent is
 *   received, and then `recv` rejects with `EOFError`. The end of a thread is noticed within some 200 ms. A connection that is
 *   collected as garbage is closed.
 * - **Backpressure**: there is none. `send` never waits, and messages that nobody receives take memory.
 * - **Program**: a pending `recv`, `poll` or `wait` keeps it alive; an open connection does not.
 *
 * @typeParam In What it receives.
 * @typeParam Out What it sends.
 *
 * @example
 * ```ts
 * import { type Connection, Pipe, task, Thread } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const square = task(import.meta, "square", async (numbers: Connection<number, number>) => {
 *   for await (const n of numbers) numbers.send(n * n);
 * });
 *
 * if (import.meta.main) {
 *   const [here, there] = Pipe<number>();
 *   const thread = new Thread(square, [there]);
 *   thread.start();
 *   here.send(12);
 *   assert.equal(await here.recv(), 144);
 *   here.close();
 *   await thread.join();
 * }
 * ```
 */
export class Connection<In = unknown, Out = unknown> {
  readonly #end: End;

  /** For `Pipe`, and for those that arrive in messages. */
  constructor(end: End) {
    this.#end = end;
    attach(this, end);
    dropped.register(this, end);
    Object.defineProperties(this, MARKS);
  }

  /** Whether it was closed, or sent to another thread. */
  get closed(): boolean {
    return this.#end.over;
  }

  /** Whether it can receive. */
  get readable(): boolean {
    return this.#end.readable;
  }

  /** Whether it can send. */
  get writable(): boolean {
    return this.#end.writable;
  }

  /**
   * Sends a value, at once: nobody needs to receive it.
   *
   * @param value What is to be sent.
   * @throws {ConnectionError} If the connection is closed or read-only.
   * @throws {BrokenPipeError} If the other end is gone.
   * @throws {TypeError} If a part of it cannot be cloned; names its path. Nothing is sent or moved then.
   */
  send(value: Out, { transfer }: SendOptions = {}): void {
    const end = this.#end;
    end.require("send", "writable");
    end.requireReader("send");
    const { foreign } = end.wire;
    // Nothing moves to another process: it gets a copy.
    const freight = new Freight(foreign ? undefined : transfer);
    const data = dehydrate(value, [], { carry: freight.carry, crossProcess: foreign, name: "value" });
    if (freight.has(end)) throw new ConnectionError("Cannot send a connection through its own pipe");
    const inspection = { name: "value", action: (path: string) => `send ${path}` };
    const bound = foreign ? blame(data, { ...inspection, bad: isBoundToProcess }) : undefined;
    if (bound !== undefined) throw bound;
    const moved = freight.transfer.filter((one) => !(one instanceof ArrayBuffer));
    const kind = data === value ? VALUE : PACKED;
    const letter: Letter = freight.transfer.length === 0 && kind === VALUE ? [kind, data] : [kind, data, freight.parcels, moved];
    try {
      freight.ship(destinationOf(end), () => end.wire.post(letter, freight.transfer));
    } catch (cause) {
      if (cause instanceof ConnectionError) throw cause;
      const travels = end.wire.lender === undefined ? isClonable : isCarried;
      throw blame(data, { ...inspection, bad: (part) => !freight.transfer.includes(part) && !travels(part), cause }) ?? cause;
    }
  }

  /**
   * Receives the next message.
   *
   * @param options How long to wait, and what ends the wait early; for ever if absent.
   * @throws {EOFError} If the other end is gone, and all that it sent was received.
   * @throws {ConnectionError} If the connection is closed or write-only, or is closed or sent away meanwhile.
   * @throws {TimeoutError} After the timeout. The message then goes to the next `recv`.
   * @throws `signal.reason` on abort. Neither is a message lost.
   */
  async recv(options?: AsyncWaitOptions): Promise<In> {
    this.#end.require("recv", "readable");
    return this.#end.receive({ action: "recv", open: openLetter as (arrival: Arrival) => Promise<In> }, this.#patience("recv", options));
  }

  /**
   * Sends bytes as a message, without the rest of their buffer.
   *
   * @param bytes A buffer or view, shared or not.
   * @param offset The first byte to be sent.
   * @param size How many; all after `offset` if absent.
   * @throws {TypeError} If `bytes` are none.
   * @throws {RangeError} If `offset` or `size` is negative, no integer, or beyond the end.
   * @throws As `send`.
   */
  sendBytes(bytes: Bytes, offset: number = 0, size?: number): void {
    this.#end.require("sendBytes", "writable");
    const whole = bytesOf(bytes, "sendBytes", "bytes");
    const from = requireWithin(offset, whole.length, "sendBytes", "offset");
    const length = size === undefined ? whole.length - from : requireWithin(size, whole.length - from, "sendBytes", "size");
    this.#end.requireReader("sendBytes");
    // Not slice(): that of Node's Buffer shares memory.
    const copy = new Uint8Array(length);
    copy.set(whole.subarray(from, from + length));
    this.#end.wire.post([BYTES, copy], [copy.buffer]);
  }

  /**
   * Receives a message that the other end sent by `sendBytes`.
   *
   * @param maxLength How many bytes it may have; any number if absent.
   * @throws {ConnectionError} If it is no bytes, or more of them. It stays, for `recv`, or a larger limit.
   * @throws As `recv`.
   */
  async recvBytes(maxLength?: number, options?: AsyncWaitOptions): Promise<Uint8Array<ArrayBuffer>> {
    const most = maxLength === undefined ? Infinity : requireWithin(maxLength, Infinity, "recvBytes", "maxLength");
    return this.#receiveBytes("recvBytes", options, (bytes) => bytes, most);
  }

  /**
   * Receives a message that the other end sent by `sendBytes` into memory that is there already.
   *
   * @param buffer A buffer or view, shared or not.
   * @param offset Where in it the first byte goes, in bytes.
   * @returns How many bytes came.
   * @throws {BufferTooShortError} If there is no room for them. They are in the error.
   * @throws {RangeError} If `offset` is negative, no integer, or beyond the end.
   * @throws As `recvBytes`.
   */
  async recvBytesInto(buffer: Bytes, offset: number = 0, options?: AsyncWaitOptions): Promise<number> {
    const room = bytesOf(buffer, "recvBytesInto", "buffer");
    const from = requireWithin(offset, room.length, "recvBytesInto", "offset");
    return this.#receiveBytes("recvBytesInto", options, (bytes) => {
      const space = room.length - from;
      if (bytes.length > space) {
        throw new BufferTooShortError(`Cannot recvBytesInto as the buffer has room for ${space} bytes: received ${bytes.length}`, bytes);
      }
      room.set(bytes, from);
      return bytes.length;
    });
  }

  /**
   * Whether there is something to receive, or the other end is gone.
   *
   * What the other end sent before this was called counts, also if it is still on its way from another thread.
   *
   * @param options Milliseconds to wait for it, or these as `timeout`, and what ends the wait early. 0 if absent; `Infinity` waits for ever.
   * @throws {ConnectionError} If the connection is closed or write-only, or is closed or sent away meanwhile.
   * @throws `signal.reason` on abort.
   */
  async poll(options?: number | AsyncWaitOptions): Promise<boolean> {
    this.#end.require("poll", "readable");
    const wait = typeof options === "number" ? { timeout: options } : options;
    return this.#end.poll("poll", this.#patience("poll", wait, 0));
  }

  /** Closes it. The other end receives what was sent, and then `EOFError`. Does nothing if it is closed. */
  close(): void {
    this.#end.close();
  }

  /** Closes it, at the end of a `using` block. Where the engine lacks `Symbol.dispose`, call `close`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Receives one message after the other, until the other end is gone. Leaving the loop does not close the connection. */
  async *[Symbol.asyncIterator](): AsyncGenerator<In, void, undefined> {
    for (;;) {
      let value: In;
      try {
        value = await this.recv();
      } catch (error) {
        if (error instanceof EOFError) return;
        throw error;
      }
      yield value;
    }
  }

  async #receiveBytes<R>(
    action: string,
    options: AsyncWaitOptions | undefined,
    use: (bytes: Uint8Array<ArrayBuffer>) => R,
    most: number = Infinity,
  ): Promise<R> {
    this.#end.require(action, "readable");
    const refuse = ([kind, data]: Letter): Error | undefined => {
      if (kind === VALUE || kind === PACKED) return new ConnectionError(`Cannot ${action} as the message is a value: call recv`);
      const length = kind === BYTES ? (data as Uint8Array).length : 0;
      return length > most ? new ConnectionError(`Cannot ${action} as the message may have at most ${most} bytes: received ${length}`) : undefined;
    };
    const open = ({ letter: [kind, data] }: Arrival): R => {
      if (kind === UNREADABLE) throw data;
      return use(data as Uint8Array<ArrayBuffer>);
    };
    return this.#end.receive({ action, refuse, open }, this.#patience(action, options));
  }

  #patience(action: string, options: AsyncWaitOptions | undefined, absent: number = Infinity): Patience {
    return { timeout: timeoutOf(options, absent, action), signal: options?.signal, holder: this };
  }
}

const MARKS: PropertyDescriptorMap = {
  [Symbol.for("@interlock/carried")]: {
    value: "it is a Connection, which is moved and not copied: pass it to a task, return or report it from one, or send it by another connection",
  },
  // An own enumerable getter that structured clone trips over: without it, a posted connection would arrive as an empty object.
  postMessage: {
    enumerable: true,
    get(): never {
      throw new TypeError(
        "Cannot post Connection as only tasks and connections can carry it: pass it to a task, return or report it from one, or send it by another connection",
      );
    },
  },
};

/** What makes connections of the parcels in a message. */
export function uncarryBy(open: OpenEnd): (parcel: unknown) => Connection {
  return (parcel) => new Connection(open(parcel as Parcel).hold());
}

/** What a message stands for. */
function openLetter({ letter, ends }: Arrival): unknown {
  const [kind, data, cargo = []] = letter;
  if (kind === UNREADABLE) throw data;
  if (kind !== PACKED) return data;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  void unpacked(true, data, resolve, reject, (parcel) => {
    const end = ends[cargo.indexOf(parcel as Parcel)];
    if (end === undefined) throw new TypeError("Cannot recv as the message was tampered with");
    return new Connection(end.hold());
  });
  return promise;
}

function bytesOf(bytes: Bytes, action: string, name: string): Uint8Array {
  if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (/^(?:Shared)?ArrayBuffer$/.test(describe(bytes))) return new Uint8Array(bytes);
  throw new TypeError(`Cannot ${action} as '${name}' must be a buffer or a view of one: received ${describe(bytes)}`);
}

/** An integer from 0 to `most`. */
function requireWithin(value: unknown, most: number, action: string, name: string): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most) return value as number;
  const Kind = typeof value === "number" ? RangeError : TypeError;
  const limits = most === Infinity ? ">= 0" : `from 0 to ${most}`;
  throw new Kind(`Cannot ${action} as '${name}' must be an integer ${limits}: received ${describe(value)}`);
}
