/**
 * Two words that one thread sleeps on and others ring, so that work is announced by one wake and only to a sleeper.
 *
 * | word | value | means | left by |
 * |---|---|---|---|
 * | BELL | AWAKE | the thread will look for work before it sleeps | the thread: to ASLEEP |
 * | BELL | ASLEEP | the thread sleeps, or is about to look for the last time before it does | whoever rings, or the thread: to AWAKE |
 * | POST | AWAY | the thread is not at its post, or about to leave and to look for the last time: BELL counts | the thread: to AT_WORK |
 * | POST | AT_WORK | the thread will look for work before it dozes or leaves | the thread: to DOZING or AWAY |
 * | POST | DOZING | the thread is blocked, or is about to look for the last time before it is | whoever rings, or the thread: to AT_WORK |
 *
 * Whoever has work for the thread first makes it visible, then looks at the words; the thread first writes a word, then
 * looks for work. So one of the two sees the other.
 *
 * A sleeper is woken in its memory, or by a knock: a message, which wakes some event loops sooner.
 *
 * A thread that dies between a word's change and the wake loses the wake: `sleep` and `doze` are bounded for that, and whoever
 * lies down must be told of the death.
 *
 * @module
 */
import { futex } from "@interlock/core/base";

const BELL = 0;
const AWAKE = 0;
const ASLEEP = 1;

const POST = 1;
const AWAY = 0;
const DOZING = 1;
const AT_WORK = 2;

/** The bytes that a doorbell takes: a cache line of its own. */
export const DOORBELL_BYTES = 64;

/** A thread's doorbell. */
export class Doorbell {
  readonly #words: Int32Array;
  readonly #knock: (() => void) | undefined;

  /** @param knock For those who ring: wakes a thread that lies down, by a message. Absent if it sleeps. */
  constructor(buffer: SharedArrayBuffer, offset: number = 0, knock?: () => void) {
    this.#words = new Int32Array(buffer, offset, 2);
    this.#knock = knock;
  }

  /** Wakes the thread if it sleeps or dozes. Call it once the work is there to be seen. */
  ring(): void {
    if (this.rouse() || !this.#turn(BELL, ASLEEP, AWAKE)) return;
    if (this.#knock === undefined) futex.notify(this.#words, BELL, Infinity);
    else this.#knock();
  }

  /** As {@linkcode Doorbell.ring}, but lets it sleep that is not at its post. Returns whether it is. */
  rouse(): boolean {
    if (this.#turn(POST, DOZING, AT_WORK)) futex.notify(this.#words, POST, Infinity);
    return this.attended;
  }

  /** Whether the thread is at its post: it sees soon what it is sent, without a turn of its event loop. */
  get attended(): boolean {
    return Atomics.load(this.#words, POST) !== AWAY;
  }

  /**
   * Sleeps until somebody rings, unless there is work already. Does not keep the program alive.
   *
   * @param hasWork Looks for work; called after the thread has counted as asleep.
   * @param milliseconds How long at most.
   * @returns Whether it slept.
   */
  async sleep(hasWork: () => boolean, milliseconds: number): Promise<boolean> {
    const slept = this.lieDown(hasWork) && (await futex.waitAsync(this.#words, BELL, ASLEEP, milliseconds)) !== "not-equal";
    this.rise();
    return slept;
  }

  /**
   * From now on whoever rings knocks, unless there is work already.
   *
   * @returns Whether there was none.
   */
  lieDown(hasWork: () => boolean): boolean {
    Atomics.store(this.#words, BELL, ASLEEP);
    if (!hasWork()) return true;
    this.rise();
    return false;
  }

  /** The thread is awake: somebody knocked, or died and perhaps would have. */
  rise(): void {
    Atomics.store(this.#words, BELL, AWAKE);
  }

  /** Goes to the post: whoever rings from now on need not wake anybody. */
  attend(): void {
    Atomics.store(this.#words, POST, AT_WORK);
  }

  /**
   * As {@linkcode Doorbell.sleep}, but at the post: blocks the thread.
   *
   * @returns Whether there may be work.
   */
  doze(hasWork: () => boolean, milliseconds: number): boolean {
    Atomics.store(this.#words, POST, DOZING);
    if (!hasWork()) futex.wait(this.#words, POST, DOZING, milliseconds);
    return Atomics.exchange(this.#words, POST, AT_WORK) === AT_WORK || hasWork();
  }

  /** Leaves the post. Look for work afterwards: who rang before did not wake anybody. */
  leave(): void {
    Atomics.store(this.#words, POST, AWAY);
  }

  /** Changes a word, if nobody else has. */
  #turn(word: number, from: number, to: number): boolean {
    return Atomics.load(this.#words, word) === from && Atomics.compareExchange(this.#words, word, from, to) === from;
  }
}
