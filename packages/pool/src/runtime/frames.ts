/**
 * Messages on a stream of bytes: each is a frame, a length and what the codec makes of a value.
 *
 * | bytes | mean |
 * |---|---|
 * | 0 to 3 | how many bytes follow the head, little-endian |
 * | 4 to 7 | the same with all bits flipped: what is no frame, such as what a task writes there, is noticed at once |
 * | 8 on | the value, as the codec writes it |
 *
 * The same on every runtime, so processes of different ones understand each other.
 *
 * @module
 */
import { codec } from "@interlock/core/base";

const HEAD_BYTES = 8;

const OPTIONS: codec.CodecOptions = { name: "message", action: "send", headroom: HEAD_BYTES };

/**
 * The frame of a value.
 *
 * @throws {TypeError} If a part of it cannot be carried; names its path.
 */
export function frameOf(value: unknown): Uint8Array {
  const frame = codec.encode(value, OPTIONS);
  const length = frame.length - HEAD_BYTES;
  const head = new DataView(frame.buffer, frame.byteOffset);
  head.setUint32(0, length, true);
  head.setUint32(4, ~length, true);
  return frame;
}

/** What is told of a stream. */
export interface FrameListener {
  /** Is given the bytes of each value; unless they are `owned`, only until it returns. */
  frame(payload: Uint8Array, owned: boolean): void;
  /** Something came that is no frame: where the next one begins, nobody knows. Nothing is told after this. */
  damaged(error: unknown): void;
}

/** Takes a stream apart, however it is cut. */
export class FrameReader {
  readonly #listener: FrameListener;
  readonly #head: Uint8Array = new Uint8Array(HEAD_BYTES);
  #headLength = 0;
  /** What has come of a frame; absent while its length is not known. */
  #payload: Uint8Array | undefined;
  #length = 0;
  #damaged = false;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /** Takes the next piece of the stream. */
  take(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length && !this.#damaged) at = this.#payload === undefined ? this.#takeHead(piece, at) : this.#takePayload(this.#payload, piece, at);
  }

  #takeHead(piece: Uint8Array, from: number): number {
    let at = from;
    while (this.#headLength < HEAD_BYTES && at < piece.length) this.#head[this.#headLength++] = piece[at++] as number;
    if (this.#headLength < HEAD_BYTES) return at;
    this.#headLength = 0;
    const head = new DataView(this.#head.buffer);
    const length = head.getUint32(0, true);
    if (~length >>> 0 !== head.getUint32(4, true)) {
      this.#damaged = true;
      this.#listener.damaged(new TypeError("Cannot read a frame as its head is damaged"));
      return at;
    }
    if (length <= piece.length - at) {
      this.#listener.frame(piece.subarray(at, at + length), false);
      return at + length;
    }
    this.#payload = new Uint8Array(length);
    this.#length = 0;
    return at;
  }

  #takePayload(payload: Uint8Array, piece: Uint8Array, from: number): number {
    const to = Math.min(piece.length, from + payload.length - this.#length);
    payload.set(piece.subarray(from, to), this.#length);
    this.#length += to - from;
    if (this.#length === payload.length) {
      this.#payload = undefined;
      this.#listener.frame(payload, true);
    }
    return to;
  }
}
