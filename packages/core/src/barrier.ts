/**
 * A point that threads pass together.
 *
 * @module
 */
import { type Handle, Shareable } from "./handle.ts";
import type { Memory, Place } from "./memory.ts";
import { type Inspection, unowned } from "./sys/inspection.ts";
import { type AbortSignalLike, type AsyncWaitOptions, timeoutOf, type WaitOptions } from "./sys/options.ts";
import { Party } from "./sys/party.ts";
import { initRendezvous, MOST_PARTIES, RENDEZVOUS_BYTES, Rendezvous } from "./sys/rendezvous.ts";
import { createTagged, openTagged } from "./tagged.ts";

/** What a thread does at a barrier. */
export interface BarrierAttachOptions {
  /**
   * Run by the last party to arrive, before the others go on; only where this very object waits. What it returns is
   * awaited by `waitAsync`.
   */
  readonly action?: (() => unknown) | undefined;
}

/** How a barrier is made. */
export interface BarrierOptions extends BarrierAttachOptions {
  /** How long a party waits if it names no timeout, in whole milliseconds; for ever if absent. */
  readonly timeout?: number | undefined;
  /** Where it lies; in this thread's default memory if absent. */
  readonly memory?: Memory | undefined;
}

function create(parties: number, options: BarrierOptions | undefined): Place {
  if (typeof parties !== "number") throw new TypeError(`Cannot create Barrier as 'parties' must be an integer >= 1: received ${typeof parties}`);
  if (!Number.isInteger(parties) || parties < 1 || parties > MOST_PARTIES) {
    const domain = parties > MOST_PARTIES ? `at most ${MOST_PARTIES}` : "an integer >= 1";
    throw new RangeError(`Cannot create Barrier as 'parties' must be ${domain}: received ${parties}`);
  }
  const timeout = timeoutOf(options, Infinity, "create Barrier");
  const shared = timeout < 2 ** 31 ? Math.max(0, Math.ceil(timeout)) : -1;
  return createTagged("Barrier", options?.memory, RENDEZVOUS_BYTES, (words, at) => initRendezvous(words, at, parties, shared));
}

/**
 * A point that a fixed number of threads pass together: each waits there until all have arrived. It can be passed again
 * and again.
 *
 * All or none: when a party gives up, because its timeout passes or its signal aborts, or when the action throws, all get
 * a `BrokenBarrierError`, and so does whoever arrives later, until `reset()`.
 *
 * - **Order**: parties are numbered as they arrive; the first gets 0.
 * - **Memory**: everything a party wrote before it arrived is visible to the action, and to all once they have passed.
 * - **Failure**: a party that dies before it arrives never does: only a timeout helps the others. One that dies after it
 *   arrived counts as arrived. If the last dies in its action, the barrier breaks.
 * - **Deadlock**: fewer threads than parties wait for ever; each blocking party needs a thread of its own.
 *
 * Costs 128 bytes of shared memory.
 *
 * @example Two parties
 * ```ts
 * import { Barrier } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * let phases = 0;
 * const barrier = new Barrier(2, { action: () => phases++ });
 * const indices = await Promise.all([barrier.waitAsync(), barrier.waitAsync()]); // in two threads, say
 * assert.deepEqual(indices, [0, 1]);
 * assert.equal(phases, 1);
 * ```
 */
export class Barrier extends Shareable {
  readonly #rendezvous: Rendezvous;
  readonly #action: (() => unknown) | undefined;

  /**
   * @param parties How many must arrive: an integer >= 1.
   * @throws {TypeError} If `parties` is no number.
   * @throws {RangeError} If it is less than 1, a fraction or above 8191, `timeout` is NaN, or `memory` has no room.
   */
  constructor(parties: number, options?: BarrierOptions);
  /** @internal */
  constructor(parties: number, options: BarrierOptions | undefined, at: Place);
  constructor(parties: number, options?: BarrierOptions, at: Place = create(parties, options)) {
    super(at);
    this.#rendezvous = new Rendezvous(at);
    this.#action = options?.action;
  }

  /**
   * The barrier of a handle, in this thread. Throws as `Lock.attach`.
   *
   * @param options The action that this thread runs when it is the last.
   */
  static attach(handle: Handle, options?: BarrierAttachOptions): Barrier {
    return new Barrier(0, options, openTagged("Barrier", handle, RENDEZVOUS_BYTES));
  }

  protected override get kind(): "Barrier" {
    return "Barrier";
  }

  /** How many must arrive. */
  get parties(): number {
    return this.#rendezvous.parties;
  }

  /** How many have arrived and wait; 0 when broken. */
  get waiting(): number {
    return this.#rendezvous.waiting;
  }

  /** Whether it is broken: nobody passes until `reset()`. */
  get broken(): boolean {
    return this.#rendezvous.broken;
  }

  /**
   * Blocks until all parties have arrived.
   *
   * @param options How long to wait; as the constructor says if absent.
   * @returns How many had arrived before: exactly one party gets 0.
   * @throws {BrokenBarrierError} If it is broken, or breaks meanwhile: also if this party's own `timeout` passes.
   * @throws What the action throws, in the party that runs it.
   * @throws {TypeError} If it would have to wait on a thread that may not block, such as a page's main thread.
   * @throws {RangeError} If `timeout` is NaN.
   *
   * @example Give up after 5 ms
   * ```ts
   * import { Barrier, BrokenBarrierError } from "@interlock/core";
   * import assert from "node:assert/strict";
   *
   * const barrier = new Barrier(2);
   * assert.throws(() => barrier.wait({ timeout: 5 }), BrokenBarrierError); // nobody else came
   * assert.equal(barrier.broken, true);
   * barrier.reset();
   * assert.equal(barrier.broken, false);
   * ```
   */
  wait(options?: WaitOptions): number {
    const timeout = timeoutOf(options, this.#rendezvous.timeout, "wait for Barrier");
    // The last party never sleeps.
    if (!this.broken && this.waiting < this.parties - 1) this.#rendezvous.point.requireBlocking("Barrier.wait");
    const party = new Party(this.#rendezvous, this.#action !== undefined);
    if (!this.#pass(party, timeout)) return party.giveUp();
    if (party.acts) party.finish(() => this.#action?.());
    return party.index;
  }

  /**
   * As {@linkcode Barrier.wait}, without blocking the thread; keeps the program alive meanwhile.
   *
   * @throws {BrokenBarrierError} Also if `signal` aborts: its reason is then the cause.
   */
  async waitAsync(options?: AsyncWaitOptions): Promise<number> {
    const timeout = timeoutOf(options, this.#rendezvous.timeout, "wait for Barrier");
    const party = new Party(this.#rendezvous, this.#action !== undefined);
    if (!(await this.#passAsync(party, timeout, options?.signal))) return party.giveUp();
    if (party.acts) await party.finishAsync(() => this.#action?.());
    return party.index;
  }

  /** Breaks it: whoever waits, or arrives later, gets a `BrokenBarrierError`. */
  abort(): void {
    this.#rendezvous.break();
  }

  /** Makes it as new; whoever waits gets a `BrokenBarrierError`. */
  reset(): void {
    this.#rendezvous.reset();
  }

  /** @internal What `inspect` shows. */
  inspectState(): Inspection {
    return unowned(this.#rendezvous.point.waiters);
  }

  #pass(party: Party, timeout: number): boolean {
    if (party.passes()) return true;
    try {
      return this.#rendezvous.point.wait(party.passes, timeout, "Barrier.wait");
    } catch (error) {
      // This party does not wait, yet it may have arrived.
      if (!party.failed) party.abandon();
      throw error;
    }
  }

  async #passAsync(party: Party, timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    if (party.passes()) return true;
    try {
      if (signal?.aborted) throw signal.reason;
      return timeout > 0 && (await this.#rendezvous.point.waitAsync(party.passes, timeout, signal, 0));
    } catch (reason) {
      if (party.failed) throw reason;
      party.giveUp(reason);
      return true;
    }
  }
}
