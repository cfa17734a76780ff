/**
 * How the controller and one worker take turns, in shared memory: one of the two always sleeps.
 *
 * @module
 */
import { real } from "../shim.ts";

// Commands, for the worker.
export const START = 1;
export const GO = 2;
/** Leave the stack: the schedule ends here. */
export const UNWIND_NOW = 3;
export const QUIT = 4;

// Reports, for the controller.
/** About to do an operation. */
export const ARRIVED = 1;
/** In a wait whose word had the expected value. */
export const SLEEPS = 2;
/** The thread's function is off the stack, after it returned or as it was told to leave. */
export const ENDED = 3;
/** An assertion failed, or something was thrown; says which. */
export const FAILED = 4;

/** What the controller must know of an operation. */
export const KINDS = ["memory", "wait", "notify", "alive", "assertion", "error"] as const;
export type Kind = (typeof KINDS)[number];

const TURN = 0;
const COMMAND = 1;
const REPORT = 2;
const KIND = 3;
const ADDRESS = 4;
const CHANGED = 5;
const TEXT_LENGTH = 6;
const ARGUMENT = 4;
const RESULT = 5;
const CLOCK = 6;
const TEXT = 64;
const TEXT_BYTES = 1024;

/** A worker that answers no sooner is lost. */
const PATIENCE_MS = 10_000;

export class Channel {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(TEXT + TEXT_BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, 8);
    this.#numbers = new Float64Array(buffer, 0, 8);
  }

  // The controller's side.

  /** Lets the worker go on, and waits for its report. `result` is what the operation that it announced returns, if the worker cannot know. */
  command(command: number, clock: number, result = 0): number {
    this.#words[COMMAND] = command;
    this.#numbers[CLOCK] = clock;
    this.#numbers[RESULT] = result;
    this.#pass(0, 1, PATIENCE_MS);
    return this.#words[REPORT] as number;
  }

  /** Ends the worker, and waits for nothing. */
  quit(): void {
    this.#words[COMMAND] = QUIT;
    real.store(this.#words as never, TURN, 1);
    real.notify(this.#words as never, TURN);
  }

  get kind(): Kind {
    return KINDS[this.#words[KIND] as number] as Kind;
  }

  get address(): number {
    return this.#words[ADDRESS] as number;
  }

  /** A timeout, or how many to wake. */
  get argument(): number {
    return this.#numbers[ARGUMENT] as number;
  }

  /** Whether the last operation changed memory. */
  get changed(): boolean {
    return this.#words[CHANGED] === 1;
  }

  get text(): string {
    return new TextDecoder().decode(new Uint8Array(this.buffer, TEXT, this.#words[TEXT_LENGTH]).slice());
  }

  // The worker's side.

  /** Waits for the first command. */
  listen(): number {
    while (real.load(this.#words as never, TURN) !== 1) real.wait(this.#words as never, TURN, 0);
    return this.#words[COMMAND] as number;
  }

  /** Says what this thread is about to do, and waits for a command. */
  report(report: number, kind: Kind, address: number, argument: number): number {
    this.#words[REPORT] = report;
    this.#words[KIND] = KINDS.indexOf(kind);
    this.#words[ADDRESS] = address;
    this.#numbers[ARGUMENT] = argument;
    this.#pass(1, 0, Infinity);
    return this.#words[COMMAND] as number;
  }

  get result(): number {
    return this.#numbers[RESULT] as number;
  }

  get clock(): number {
    return this.#numbers[CLOCK] as number;
  }

  set changed(changed: boolean) {
    this.#words[CHANGED] = changed ? 1 : 0;
  }

  set text(text: string) {
    const { written } = new TextEncoder().encodeInto(text, new Uint8Array(TEXT_BYTES));
    const bytes = new TextEncoder().encode(text).subarray(0, written);
    new Uint8Array(this.buffer, TEXT, TEXT_BYTES).set(bytes);
    this.#words[TEXT_LENGTH] = bytes.length;
  }

  #pass(from: number, to: number, patience: number): void {
    const words = this.#words as never;
    real.store(words, TURN, to);
    real.notify(words, TURN);
    while (real.load(words, TURN) !== from) {
      if (real.wait(words, TURN, to, patience) === "timed-out") throw new Error(`Cannot go on as a worker has been silent for ${patience} ms`);
    }
  }
}
