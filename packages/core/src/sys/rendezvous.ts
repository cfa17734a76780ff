/**
 * The words of a barrier, and their algorithm.
 *
 * | word   | name     | meaning                                                            |
 * | ------ | -------- | ------------------------------------------------------------------ |
 * | 0      | STATE    | generation << 15, RESETTING (bit 14), BROKEN (bit 13), count (0-12) |
 * | 1      | PARTIES  | how many must arrive                                               |
 * | 2      | TIMEOUT  | the default timeout in milliseconds; -1 for none                   |
 * | 3 - 5  | POINT    | where the parties sleep                                            |
 * | 6 - 13 | BROKE    | generations that a reset ended, as generation + 1, each at generation % 8 |
 *
 * | state of a generation | next                              | by                                        |
 * | --------------------- | --------------------------------- | ----------------------------------------- |
 * | count < parties - 1   | count + 1                         | a party that arrives, and then sleeps     |
 * | count = parties - 1   | next generation, count 0          | the last party, without an action         |
 * |                       | count = parties (FULL)            | the last party; runs its action next      |
 * | FULL                  | next generation, count 0          | the last party, after its action          |
 * | any of these          | BROKEN                            | a timeout, abort, throwing or dead action |
 * | any, also BROKEN      | RESETTING                         | reset                                     |
 * | RESETTING             | next generation, after its number is written in BROKE | whoever sees it       |
 *
 * One word decides everything, so a thread that dies leaves no half-made step, but for FULL: there the owner of ACTOR, a
 * mutex in the second line, tells whether the action still runs.
 *
 * A party may sleep through several generations, if there are more threads than parties. That its own was reset it then
 * learns from BROKE; if another reset has overwritten that, it reports its own as broken, too.
 *
 * Source of the all-or-none breakage model: Doug Lea's `CyclicBarrier` in java.util.concurrent.
 *
 * @module
 */
import { BrokenBarrierError } from "../errors.ts";
import { LINE, type Place, wordsOf } from "../memory.ts";
import { Mutex } from "./mutex.ts";
import { initMutex } from "./mutex-word.ts";
import { POINT_WORDS, WaitPoint } from "./wait-point.ts";

/** The bytes of a barrier: its words, and a mutex. */
export const RENDEZVOUS_BYTES: number = 2 * LINE;

const PARTIES = 1;
const TIMEOUT = 2;
const POINT = 3;
const BROKE: number = POINT + POINT_WORDS;
const ACTOR: number = LINE / 4;

const COUNT = 0x1fff;
const BROKEN = 0x2000;
const RESETTING = 0x4000;
const GENERATION_SHIFT = 15;

/** The most parties there can be. */
export const MOST_PARTIES: number = COUNT;

/** Sets up the words of a barrier; `at` is the first. */
export function initRendezvous(words: Int32Array, at: number, parties: number, timeout: number): void {
  words[at + PARTIES] = parties;
  words[at + TIMEOUT] = timeout;
  initMutex(words, at + ACTOR, "release");
}

/** A party that has arrived. */
export interface Arrival {
  /** How many had arrived before it. */
  readonly index: number;
  readonly generation: number;
  /** What stood in the generation's place in BROKE. */
  readonly broke: number;
  /** What the last party does next: go, or run its action and complete the generation. The others wait. */
  readonly next: "wait" | "go" | "act";
}

/** The algorithm on the words. */
export class Rendezvous {
  /** Where parties sleep until their generation ends. */
  readonly point: WaitPoint;
  readonly parties: number;
  /** The default timeout. */
  readonly timeout: number;
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #actor: Mutex;

  constructor({ memory, offset }: Place) {
    this.#words = wordsOf(memory);
    this.#at = offset >>> 2;
    this.parties = this.#words[this.#at + PARTIES] as number;
    if (this.parties < 1 || this.parties > MOST_PARTIES) {
      throw new RangeError(`Cannot attach Barrier as its parties must be 1 to ${MOST_PARTIES}: received ${this.parties}`);
    }
    const timeout = this.#words[this.#at + TIMEOUT] as number;
    this.timeout = timeout < 0 ? Infinity : timeout;
    this.point = new WaitPoint(memory, this.#at + POINT);
    this.#actor = new Mutex({ memory, offset: offset + LINE }, "Barrier");
  }

  /** How many have arrived and wait. */
  get waiting(): number {
    const state = this.#state();
    return (state & (BROKEN | RESETTING)) === 0 ? state & COUNT : 0;
  }

  get broken(): boolean {
    return (this.#state() & BROKEN) !== 0;
  }

  /**
   * Arrives. Returns undefined while the action of the last party runs: sleep, and try again.
   *
   * @param acts Whether the caller has an action to run if it is the last.
   */
  arrive(acts: boolean): Arrival | undefined {
    for (;;) {
      const state = this.#state();
      if ((state & RESETTING) !== 0) {
        this.#finishReset(state);
        continue;
      }
      if ((state & BROKEN) !== 0) throw brokenError();
      const index = state & COUNT;
      const generation = generationOf(state);
      const broke = Atomics.load(this.#words, this.#brokeAt(generation));
      if (index === 0 && broke === generation + 1) {
        // What is left of a reset before the numbers came round: pass over this one, or it would seem broken.
        this.#end(state);
        continue;
      }
      if (index === this.parties) {
        if (!this.#checkActor(state)) return undefined;
      } else if (index < this.parties - 1) {
        if (this.#change(state, state + 1)) return { index, generation, broke, next: "wait" };
      } else if (!acts) {
        if (this.#end(state)) return { index, generation, broke, next: "go" };
      } else {
        if (!this.#actor.tryLock()) return undefined;
        if (this.#change(state, state + 1)) return { index, generation, broke, next: "act" };
        // If another is complete by now, ACTOR came to us from the dead: nobody else can tell any more.
        const full = this.#state();
        if ((full & (BROKEN | RESETTING)) === 0 && (full & COUNT) === this.parties) this.#breakFrom(full);
        this.#dismissActor();
      }
    }
  }

  /** Whether a party's generation has ended well. Throws `BrokenBarrierError` if it was broken. */
  ended({ generation, broke }: Arrival): boolean {
    const state = this.#state();
    if (generationOf(state) === generation) {
      if ((state & (BROKEN | RESETTING)) !== 0) throw brokenError();
      if ((state & COUNT) === this.parties && this.#checkActor(state)) throw brokenError();
      return false;
    }
    const now = Atomics.load(this.#words, this.#brokeAt(generation));
    if (now === broke && now !== generation + 1) return true;
    throw brokenError();
  }

  /** Ends the generation after its action. Throws `BrokenBarrierError` if it was broken meanwhile. */
  complete({ generation }: Arrival): void {
    const ended = this.#end((generation << GENERATION_SHIFT) | this.parties | 0);
    this.#dismissActor();
    if (!ended) throw brokenError();
  }

  /** The action threw: breaks the generation. */
  fail({ generation }: Arrival): void {
    this.break(generation);
    this.#dismissActor();
  }

  /** Breaks a generation, the current one if none is named. Returns false if that has ended or is broken. */
  break(generation?: number): boolean {
    for (;;) {
      const state = this.#state();
      if ((state & (BROKEN | RESETTING)) !== 0 || (generation !== undefined && generationOf(state) !== generation)) return false;
      if (this.#breakFrom(state)) return true;
    }
  }

  /** A party gives up that has not arrived: the others wait in vain, unless they are complete without it. */
  breakIncomplete(): void {
    const state = this.#state();
    if ((state & COUNT) !== this.parties) this.break(generationOf(state));
  }

  /** Starts a new generation; whoever waits in the current one finds it broken. */
  reset(): void {
    for (;;) {
      const state = this.#state();
      if ((state & (BROKEN | RESETTING | COUNT)) === 0) return;
      const resetting = state | RESETTING;
      if (state !== resetting && !this.#change(state, resetting)) continue;
      this.#finishReset(resetting);
      return;
    }
  }

  /** Any thread may do this, and several at once. */
  #finishReset(state: number): void {
    const generation = generationOf(state);
    const at = this.#brokeAt(generation);
    const before = Atomics.load(this.#words, at);
    // Still resetting: so `before` is not from a later generation, and a thread that comes late overwrites nothing.
    if (this.#state() !== state) return;
    Atomics.compareExchange(this.#words, at, before, generation + 1);
    this.#end(state);
  }

  /** Breaks a FULL generation whose action died. Returns whether it did. */
  #checkActor(state: number): boolean {
    return this.#actor.orphaned && this.#breakFrom(state);
  }

  #breakFrom(state: number): boolean {
    if (!this.#change(state, state | BROKEN)) return false;
    this.point.wake(Infinity);
    return true;
  }

  /** Starts the next generation. */
  #end(state: number): boolean {
    if (!this.#change(state, (generationOf(state) + 1) << GENERATION_SHIFT)) return false;
    this.point.wake(Infinity);
    return true;
  }

  /** Whoever found ACTOR taken must try again. */
  #dismissActor(): void {
    this.#actor.unlock();
    this.point.wake(Infinity);
  }

  #state(): number {
    return Atomics.load(this.#words, this.#at);
  }

  #change(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, this.#at, from, to) === from;
  }

  #brokeAt(generation: number): number {
    return this.#at + BROKE + (generation % 8);
  }
}

function generationOf(state: number): number {
  return state >>> GENERATION_SHIFT;
}

function brokenError(): BrokenBarrierError {
  return new BrokenBarrierError(
    "Cannot pass Barrier as it is broken: a party timed out or aborted, its action failed, or it was reset; call reset() to use it again",
  );
}
