/**
 * One simulated thread of the replay engine: its log, and the life that its function leads at the moment.
 *
 * A thread is suspended by throwing `UNWIND` out of an operation. To resume it, its function runs again from the start, a
 * new life, and is given the results in its log until it comes to where it was.
 *
 * @module
 */
import type { Log } from "./log.ts";
import type { Thread } from "./model.ts";
import type { Random } from "./random.ts";
import type { Context } from "./scenario.ts";

/** Takes a thread off the stack. Code under test may catch it, so every call of that thread throws it again. */
export const UNWIND: object = Object.freeze({ message: "interlock/explore suspends this thread; never handle this" });

export class Coroutine {
  readonly thread: Thread;
  readonly log: Log;
  context!: Context;
  /** The next log entry to replay. */
  cursor = 0;
  /** What it does now happens for the first time. */
  live = false;
  /** It was chosen, so its next operation asks nobody. */
  granted = false;
  unwinding = false;
  /** Its turns leave microtasks behind. */
  async = false;
  /** Its function returned, or its promise is fulfilled. */
  returned = false;
  /** Tells callbacks of earlier lives from those of the present one. */
  life = 0;
  /** The operation before which it was suspended. */
  pendingKind: string | undefined;
  pendingAddress = -1;
  /** What settles each ticket of this life. */
  readonly tickets: ((result: unknown) => void)[] = [];
  /** What each timer of this life calls. */
  readonly timers: (() => void)[] = [];
  /** Made on first use. */
  random: Random | undefined;
  /** Stands for all that it has done and seen, where states are compared. */
  history = 0;

  constructor(thread: Thread, log: Log) {
    this.thread = thread;
    this.log = log;
  }

  reset(): void {
    this.log.length = 0;
    this.live = false;
    this.unwinding = false;
    this.pendingKind = undefined;
    this.history = 0;
  }

  /** Before the function runs anew. */
  rebirth(): void {
    this.life++;
    this.cursor = 0;
    this.granted = true;
    this.unwinding = false;
    this.returned = false;
    // Setting a length costs more than looking at it.
    if (this.tickets.length > 0) this.tickets.length = 0;
    if (this.timers.length > 0) this.timers.length = 0;
    this.random = undefined;
  }
}
