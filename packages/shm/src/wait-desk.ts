/**
 * Asynchronous waits on words of other processes: a thread that sleeps on behalf of this one, and tells it in memory that both
 * share. It starts with the first wait, and never keeps the program alive, but that a program which ends waits for its start.
 *
 * Word 0 of the desk, the bell, counts what was asked. Word 1 says whose duty it is to answer:
 *
 * | DUTY | means | left by |
 * |---|---|---|
 * | ASKERS | the thread starts, which takes tens of milliseconds: the asker looks at the words itself | sleeper |
 * | OFFERED | the thread has started, and does nothing yet | asker |
 * | SLEEPERS | it answers | nobody |
 *
 * So no question is ever answered by two. Then eight words for each of 127 questions:
 *
 * | word | written by | means |
 * |---|---|---|
 * | STATE | both | 0: nothing is asked; 1: asked; 2: the word has changed, or somebody was woken; 3: it is too late; 4: the asker has woken the word |
 * | LOW, HIGH | asker | the address of the word |
 * | EXPECTED | asker | what it holds as long as nothing has happened |
 * | UNTIL | asker | how many milliseconds to wait |
 *
 * The asker writes the rest before it makes STATE 1, and takes the place back when it finds 2 or 3. A wake that changes nothing is
 * lost while the other is not asleep, in between two sleeps; so of those of its own thread it is told.
 *
 * @module
 */
import type { Worker } from "node:worker_threads";
import { futex, type WaitResult } from "@interlock/core/base";
import { MOST_WATCHED, type Sys } from "./sys/sys.ts";

export const BELL = 0;
export const DUTY = 1;
export const FIRST = 8;
export const STRIDE = 8;
export const PLACES: number = MOST_WATCHED - 1;
export const STATE = 0;
export const LOW = 1;
export const HIGH = 2;
export const EXPECTED = 3;
export const UNTIL = 4;

export const FREE = 0;
export const ASKED = 1;
export const CHANGED = 2;
export const LATE = 3;
export const TOLD = 4;

export const ASKERS = 0;
export const OFFERED = 1;
export const SLEEPERS = 2;

const WORDS = FIRST + PLACES * STRIDE;

/** What was asked. */
interface Question {
  readonly address: number;
  readonly expected: number;
  readonly deadline: number;
}

/** Where nobody sleeps for a word, it is looked at so often. */
const LOOK_MS = 2;

/** And so long, before the asker has to ask again: wakes that change nothing go unnoticed. */
const LOOKING_MS = 50;

/** How long a program that ends waits at most for a sleeper that starts. */
const STARTING_MS = 5000;

/** The desk of a thread. */
export class WaitDesk {
  readonly #sys: Sys;
  readonly #words: Int32Array = new Int32Array(new SharedArrayBuffer(WORDS * 4));
  readonly #bellAddress: number;
  readonly #free: number[] = Array.from({ length: PLACES }, (_, i) => FIRST + i * STRIDE);
  /** What is asked, by place. */
  readonly #asked = new Map<number, Question>();
  #sleeper: Worker | undefined;
  /** Whether the sleeper has ended, which it does only for a reason of its own. */
  #gone = false;
  /** Whether this thread looks at the words, as the sleeper starts. */
  #standsIn = false;

  constructor(sys: Sys) {
    this.#sys = sys;
    this.#bellAddress = sys.address(new Uint8Array(this.#words.buffer));
  }

  /** Waits until the word at an address is no longer as expected, or somebody is woken there. */
  async wait(address: number, expected: number, milliseconds: number): Promise<WaitResult> {
    const place = this.#gone ? undefined : this.#free.pop();
    if (place === undefined) return this.#look(address, expected, Math.min(milliseconds, LOOKING_MS));
    const words = this.#words;
    words[place + LOW] = (address % 2 ** 32) | 0;
    words[place + HIGH] = Math.floor(address / 2 ** 32);
    words[place + EXPECTED] = expected;
    words[place + UNTIL] = untilOf(milliseconds);
    Atomics.store(words, place + STATE, ASKED);
    this.#asked.set(place, { address, expected, deadline: performance.now() + milliseconds });
    this.#ring();
    // Without a timeout, of which Node keeps a timer although the wait has ended. Somebody answers: the sleeper, or who hears of its end.
    await futex.waitAsync(words, place + STATE, ASKED, Infinity);
    this.#asked.delete(place);
    const late = Atomics.exchange(words, place + STATE, FREE) === LATE;
    this.#free.push(place);
    return late ? "timed-out" : "ok";
  }

  /** Says that this thread has woken whoever sleeps at an address. */
  tell(address: number): void {
    let told = false;
    for (const [place, asked] of this.#asked) {
      if (asked.address === address && Atomics.compareExchange(this.#words, place + STATE, ASKED, TOLD) === ASKED) told = true;
    }
    if (told) this.#ring();
  }

  #ring(): void {
    this.#sleeper ??= this.#hire();
    if (!this.#standsIn && Atomics.load(this.#words, DUTY) !== SLEEPERS) void this.#standIn();
    Atomics.add(this.#words, BELL, 1);
    // It sleeps in one way while nothing is asked, and in another else.
    futex.notify(this.#words, BELL, 1);
    this.#sys.wake(this.#bellAddress, 1);
  }

  #hire(): Worker {
    const { Worker } = process.getBuiltinModule("node:worker_threads");
    // A variable, so that bundlers leave it alone.
    const here: string = import.meta.url;
    const entry = new URL(/\.ts(?:$|\?)/.test(here) ? "./wait-sleeper.ts" : "./wait-sleeper.js", here);
    // Threads begin with files alone: JSR's modules, which Deno has by URL, are imported by one that is written out.
    const startable = entry.protocol === "file:" ? entry : new URL(`data:text/javascript,import ${encodeURIComponent(JSON.stringify(entry.href))}`);
    const sleeper = new Worker(startable, {
      name: "interlock-sleeper",
      workerData: this.#words.buffer,
    });
    sleeper.unref();
    // Whatever ends it, waits go on, if slower.
    sleeper.on("error", () => {});
    sleeper.once("exit", () => this.#answerAll());
    // Node ends threads with the program, and a thread that is ended as it loads koffi aborts it.
    process.once("exit", () => {
      if (!this.#gone) futex.wait(this.#words, DUTY, ASKERS, STARTING_MS);
    });
    return sleeper;
  }

  /** Answers, as long as anything is asked and the sleeper has not started. */
  async #standIn(): Promise<void> {
    this.#standsIn = true;
    while (this.#asked.size > 0 && Atomics.load(this.#words, DUTY) === ASKERS) {
      for (const [place, { address, expected, deadline }] of this.#asked) {
        const state = Atomics.load(this.#words, place + STATE);
        // Its answer is under way.
        if (state !== ASKED && state !== TOLD) continue;
        if (state === TOLD || !this.#sys.equals(address, expected)) this.#answer(place, CHANGED);
        else if (performance.now() >= deadline) this.#answer(place, LATE);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    this.#standsIn = false;
    // Some of their time is over.
    for (const [place, { deadline }] of this.#asked) this.#words[place + UNTIL] = untilOf(deadline - performance.now());
    if (Atomics.compareExchange(this.#words, DUTY, OFFERED, SLEEPERS) === OFFERED) futex.notify(this.#words, DUTY, 1);
  }

  /** Nobody else will. */
  #answerAll(): void {
    this.#gone = true;
    for (const place of this.#asked.keys()) this.#answer(place, LATE);
  }

  #answer(place: number, state: number): void {
    Atomics.store(this.#words, place + STATE, state);
    futex.notify(this.#words, place + STATE, 1);
  }

  async #look(address: number, expected: number, milliseconds: number): Promise<WaitResult> {
    const deadline = performance.now() + milliseconds;
    while (this.#sys.equals(address, expected)) {
      if (performance.now() >= deadline) return "timed-out";
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return "ok";
  }
}

/** As the word says it. */
function untilOf(milliseconds: number): number {
  return Math.max(0, Math.min(2 ** 31 - 1, Math.ceil(milliseconds)));
}
