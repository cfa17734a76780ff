/**
 * Calls of all kinds to a pool whose workers die in them, and the check of what came of each.
 *
 * @module
 */
import { TimeoutError } from "@interlock/core";
import { type Pool, WorkerLostError } from "@interlock/pool";
import { callLater, callMessage, callNumber, callOf, callRecord, type Doom, IS_BUSY, IS_SLOW, LIVES, resultOf } from "./pool-tasks.ts";
import type { Random } from "./random.ts";
import type { Runs } from "./runs.ts";
import { expect } from "./scenario.ts";

/** How many calls there can be. */
export const MOST_CALLS: number = 1 << 23;
/** So many numbers are mapped in shared memory. */
const MANY = 4200;
const FEW = 40;

/** How many of the uses with one call, and with many, cost a worker. */
const SINGLE_DOOM = 0.06;
const MANY_DOOM = 0.3;

const SLOW_MS = 50;

const ABORTED = new Error("aborted on purpose");

/** What came of one use of the pool. */
export type End = "served" | "lost" | "aborted" | "late";

/** What makes the calls of backends differ. */
export interface Ways {
  readonly runs: Runs;
  /** How many more uses cost a worker than usual. */
  readonly violence: number;
  /** What may become of a worker, each as often as it is in the list. */
  readonly dooms: readonly Doom[];
  /** An argument that goes by message. */
  readonly memory: () => SharedArrayBuffer | Uint8Array;
}

interface Call {
  readonly id: number;
  /** What the worker is told. */
  readonly call: number;
}

interface Options {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
}

/** Makes calls and checks them. */
export class Caller {
  readonly #pool: Pool;
  readonly #random: Random;
  readonly #ways: Ways;
  #next = 0;

  constructor(pool: Pool, random: Random, ways: Ways) {
    this.#pool = pool;
    this.#random = random;
    this.#ways = ways;
  }

  /** Whether there are numbers left for more calls. */
  get exhausted(): boolean {
    return this.#next + MANY > MOST_CALLS;
  }

  /** Uses the pool in some way. Rejects if anything is wrong with what comes of it. */
  async call(): Promise<End> {
    const random = this.#random;
    const kind = random.below(8);
    const count = kind < 4 ? 1 : kind === 7 ? MANY : FEW;
    const { violence, dooms } = this.#ways;
    const doom = random.chance((count === 1 ? SINGLE_DOOM : MANY_DOOM) * violence) ? random.pick(dooms) : LIVES;
    const calls = this.#take(count, doom);
    let results: readonly unknown[];
    try {
      results = await this.#use(kind, calls, optionsFor(doom, random));
    } catch (error) {
      for (const { id } of calls) this.#expectOnce(id);
      return endOf(error, doom);
    }
    this.#check(calls, results);
    return "served";
  }

  /** Uses the pool when nobody is to die any more. */
  async callSafely(): Promise<void> {
    const calls = this.#take(FEW, LIVES);
    this.#check(
      calls,
      await this.#pool.map(
        callNumber,
        calls.map(({ call }) => call),
      ),
    );
  }

  /** That no call ran a second time, in the end. */
  checkRuns(): void {
    this.#ways.runs.update();
    for (let id = 0; id < this.#next; id++) this.#expectOnce(id);
  }

  /** That calls were served. */
  #check(calls: readonly Call[], results: readonly unknown[]): void {
    expect(results.length === calls.length, () => `${calls.length} calls gave ${results.length} results`);
    calls.forEach(({ id }, i) => {
      expect(results[i] === resultOf(id), () => `Call ${id} gave ${results[i]}`);
      expect(this.#ways.runs.of(id) === 1, () => `Call ${id} was served and ran ${this.#ways.runs.of(id)} times`);
    });
  }

  #expectOnce(id: number): void {
    expect(this.#ways.runs.of(id) <= 1, () => `Call ${id} ran ${this.#ways.runs.of(id)} times`);
  }

  /** @param doom What one of them is to do. */
  #take(count: number, doom: Doom): Call[] {
    const first = this.#next;
    this.#next += count;
    const doomed = first + this.#random.below(count);
    return Array.from({ length: count }, (_, i) => ({ id: first + i, call: callOf(first + i, first + i === doomed ? doom : LIVES) }));
  }

  async #use(kind: number, calls: readonly Call[], options: Options | undefined): Promise<readonly unknown[]> {
    const pool = this.#pool;
    const [{ id, call }] = calls as [Call];
    const numbers = calls.map((one) => one.call);
    // Calls without options may share a job, those with empty ones have their own.
    const own = options ?? {};
    switch (kind) {
      case 0:
        return [await pool.apply(callNumber, [call], options)];
      case 1:
        return [await pool.apply(callLater, [call], own)];
      case 2: {
        const { result, text } = await pool.apply(callRecord, [{ call, text: `call ${id}` }], own);
        expect(text === `CALL ${id}`, () => `Call ${id} gave ${text}`);
        return [result];
      }
      case 3: {
        const memory = this.#ways.memory();
        const { result, size } = await pool.apply(callMessage, [call, memory], own);
        expect(size === memory.byteLength, () => `Call ${id} gave memory of ${size} bytes`);
        return [result];
      }
      case 4: {
        const records = calls.map((one) => ({ call: one.call, text: `item ${one.id}` }));
        const results = await pool.map(callRecord, records, options);
        return (results as readonly { readonly result: number }[]).map(({ result }) => result);
      }
      case 5: {
        const results: unknown[] = [];
        for await (const result of pool.imap(callNumber, numbers, options)) results.push(result);
        return results;
      }
      case 6: {
        const results: number[] = [];
        for await (const result of pool.imapUnordered(callLater, numbers, { ...options, chunkSize: options?.timeout === undefined ? 4 : 1 }))
          results.push(result);
        return results.sort((a, b) => a - b);
      }
      default:
        return (await pool.map(callNumber, numbers, options)) as readonly unknown[];
    }
  }
}

/** What makes the caller of a call that takes too long give up; undefined if nothing does. */
function optionsFor(doom: Doom, random: Random): Options | undefined {
  if (doom === IS_SLOW) return { timeout: SLOW_MS };
  if (doom !== IS_BUSY) return undefined;
  const abort = new AbortController();
  setTimeout(() => abort.abort(ABORTED), random.below(60));
  return { signal: abort.signal };
}

function endOf(error: unknown, doom: Doom): End {
  if (error === ABORTED) return "aborted";
  if (doom === IS_SLOW && error instanceof TimeoutError) return "late";
  expect(error instanceof WorkerLostError, () => `A call was rejected with ${error}`);
  return "lost";
}
