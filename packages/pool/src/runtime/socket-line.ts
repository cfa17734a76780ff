/**
 * Messages over a socket between two processes.
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
  readonly #socket: Socket;
  /** What the socket had no room for. */
  #waiting: Uint8Array[] = [];
  /** Whether the socket is full. */
  #full = false;
  #unwritten = 0;
  #flushed: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("drain", () => this.#drain());
    // The other process is gone, which its exit tells better.
    socket.on("error", () => {});
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
    const reader = new FrameReader((payload, owned) => {
      let value: unknown;
      try {
        value = codec.decode(payload, { owned });
      } catch (error) {
        unreadable(error);
        return;
      }
      message(value);
    });
    this.#socket.on("data", (piece: Uint8Array) => reader.take(piece));
  }

  /** Calls back once, when the other end is closed and nothing more will come. */
  onEnd(callback: () => void): void {
    let called = false;
    const end = (): void => {
      if (called) return;
      called = true;
      callback();
    };
    this.#socket.on("end", end);
    this.#socket.on("close", end);
  }

  /** Calls back once all that was posted is out. */
  whenFlushed(callback: () => void): void {
    this.#flushed = callback;
    this.#checkFlushed();
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  #write(piece: Uint8Array): void {
    if (this.#socket.destroyed) return;
    this.#unwritten++;
    this.#full = !this.#socket.write(piece, () => {
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
