/**
 * Messages over two sockets between two processes, one for each direction: whoever writes to a process that is gone loses the
 * socket, and with it what that process had sent before.
 *
 * @module
 */
import type { Socket } from "node:net";
import { codec } from "@interlock/core/base";
import { FrameReader, frameOf } from "./frames.ts";
import type { MessageListener } from "./runtime.ts";

/** More is written piece by piece: Bun copies what is left of a piece each time the other side takes some of it. */
const PIECE_BYTES = 1 << 18;

/** One end of a line. */
export class SocketLine {
  readonly input: Socket;
  readonly #output: Socket;
  /** What the socket had no room for. */
  #waiting: Uint8Array[] = [];
  /** Whether the socket is full. */
  #full = false;
  #unwritten = 0;
  #flushed: (() => void) | undefined;

  constructor(input: Socket, output: Socket) {
    this.input = input;
    this.#output = output;
    output.on("drain", () => this.#drain());
    // The other process is gone, which its exit tells better.
    for (const socket of [input, output]) socket.on("error", () => {});
  }

  /**
   * Sends a message.
   *
   * @throws {TypeError} If a part of it cannot be carried; names its path.
   */
  post(message: unknown): void {
    const frame = frameOf(message);
    if (frame.length <= PIECE_BYTES && !this.#full) {
      this.#write(frame);
      return;
    }
    for (let from = 0; from < frame.length; from += PIECE_BYTES) this.#waiting.push(frame.subarray(from, from + PIECE_BYTES));
    if (!this.#full) this.#drain();
  }

  /** Names the listener. */
  listen({ message, unreadable }: MessageListener): void {
    const reader = new FrameReader({
      frame(payload, owned) {
        let value: unknown;
        try {
          value = codec.decode(payload, { owned });
        } catch (error) {
          unreadable(error);
          return;
        }
        message(value);
      },
      damaged: unreadable,
    });
    this.input.on("data", (piece: Uint8Array) => reader.take(piece));
  }

  /** Calls back once, when the other end is closed and nothing more will come. */
  onEnd(callback: () => void): void {
    once(callback, (end) => {
      this.input.on("end", end);
      this.input.on("close", end);
    });
  }

  /** Calls back once, when one of its sockets is closed. */
  onCut(callback: () => void): void {
    once(callback, (cut) => {
      this.onEnd(cut);
      this.#output.on("close", cut);
    });
  }

  /** Calls back once all that was posted is out. */
  whenFlushed(callback: () => void): void {
    this.#flushed = callback;
    this.#checkFlushed();
  }

  ref(): void {
    for (const socket of [this.input, this.#output]) socket.ref();
  }

  unref(): void {
    for (const socket of [this.input, this.#output]) socket.unref();
  }

  /** Gives up both sockets, read or not. */
  close(): void {
    this.#waiting = [];
    for (const socket of [this.input, this.#output]) socket.destroy();
  }

  #write(piece: Uint8Array): void {
    if (this.#output.destroyed) return;
    this.#unwritten++;
    this.#full = !this.#output.write(piece, () => {
      this.#unwritten--;
      this.#checkFlushed();
    });
  }

  #drain(): void {
    this.#full = false;
    const waiting = this.#waiting;
    let i = 0;
    while (i < waiting.length && !this.#full) this.#write(waiting[i++] as Uint8Array);
    this.#waiting = waiting.slice(i);
  }

  #checkFlushed(): void {
    if (this.#unwritten === 0 && this.#waiting.length === 0) this.#flushed?.();
  }
}

/** Lets something be called only once. */
function once(callback: () => void, use: (callback: () => void) => void): void {
  let called = false;
  use(() => {
    if (called) return;
    called = true;
    callback();
  });
}
