/**
 * Calls of all kinds to a pool whose workers die in them, and the check of what came of each.
 *
 * @module
 */
import { type Pool, WorkerLostError } from "@interlock/pool";
import { type Fates, MOST } from "./fates.ts";
import { callLater, callMessage, callNumber, callRecord, EXITS, IS_BUSY, IS_KILLED, resultOf, THROWS } from "./pool-tasks.ts";
import type { Random } from "./random.ts";
import { expect } from "./scenario.ts";

/** So many numbers are mapped in shared memory. */
const MANY = 4200;
const FEW = 40;

const SINGLE_DOOM = 0.06;
const MANY_DOOM = 0.3;

const ABORTED = new Error("aborted on purpose");

/** What came of one use of the pool. */
export type End = "served" | "lost" | "aborted";

/** Makes calls and checks them. */
export class Caller {
  readonly #pool: Pool;
  readonly #fates: Fates;
  readonly #random: Random;
  readonly #ofProcesses: boolean;
  #next = 0;

  /** @param fates What the pool's workers know. */
  constructor(random: Random, pool: Pool, fates: Fates, ofProcesses: boolean) {
    this.#random = random;
    this.#pool = pool;
    this.#fates = fates;
    this.#ofProcesses = ofProcesses;
  }

  /** Whether there are numbers left for more calls. */
  get exhausted(): boolean {
    return this.#next + MANY > MOST;
  }

  /** Uses the pool in some way. Rejects if anything is wrong with what comes of it. */
  async call(): Promise<End> {
    const random = this.#random;
    const kind = random.below(8);
    const ids = this.#take(kind < 4 ? 1 : kind === 7 ? MANY : FEW);
    const abort = this.#doom(ids, ids.length === 1 ? SINGLE_DOOM : MANY_DOOM);
    const options = { ...(abort === undefined ? {} : { signal: abort.signal }) };
    let results: readonly unknown[];
    try {
      results = await this.#use(kind, ids, options);
    } catch (error) {
      this.#fates.look();
      for (const id of ids) expect(this.#runs(id) <= 1, () => `Call ${id} ran ${this.#runs(id)} times`);
      expect(error instanceof WorkerLostError || error === ABORTED, () => `A call was rejected with ${error}`);
      return error === ABORTED ? "aborted" : "lost";
    }
    this.#check(ids, results);
    return "served";
  }

  /** Uses the pool when nobody is to die any more. */
  async callSafely(): Promise<void> {
    const ids = this.#take(FEW);
    this.#check(ids, await this.#pool.map(callNumber, ids));
  }

  /** That no call ran a second time, in the end. */
  checkRuns(): void {
    this.#fates.look();
    for (let id = 0; id < this.#next; id++) expect(this.#runs(id) <= 1, () => `Call ${id} ran ${this.#runs(id)} times`);
  }

  /** That calls were served. */
  #check(ids: readonly number[], results: readonly unknown[]): void {
    expect(results.length === ids.length, () => `${ids.length} calls gave ${results.length} results`);
    this.#fates.look();
    ids.forEach((id, i) => {
      expect(results[i] === resultOf(id), () => `Call ${id} gave ${results[i]}`);
      expect(this.#runs(id) === 1, () => `Call ${id} was served and ran ${this.#runs(id)} times`);
    });
  }

  #runs(id: number): number {
    return this.#fates.runsOf(id);
  }

  #take(count: number): number[] {
    const first = this.#next;
    this.#next += count;
    return Array.from({ length: count }, (_, i) => first + i);
  }

  /** Lets one of the calls kill its worker, now and then; what aborts it, if it is to be aborted. */
  #doom(ids: readonly number[], share: number): AbortController | undefined {
    const random = this.#random;
    if (!random.chance(share)) return undefined;
    const doom = random.pick([EXITS, this.#ofProcesses ? IS_KILLED : EXITS, THROWS, IS_BUSY]);
    this.#fates.setDoom(random.pick(ids), doom);
    if (doom !== IS_BUSY) return undefined;
    const abort = new AbortController();
    setTimeout(() => abort.abort(ABORTED), random.below(60));
    return abort;
  }

  async #use(kind: number, ids: readonly number[], options: { readonly signal?: AbortSignal }): Promise<readonly unknown[]> {
    const pool = this.#pool;
    const [id] = ids as [number];
    switch (kind) {
      case 0:
        return [await pool.apply(callNumber, [id], "signal" in options ? options : undefined)];
      case 1:
        return [await pool.apply(callLater, [id], options)];
      case 2: {
        const { id: result, text } = await pool.apply(callRecord, [{ id, text: `call ${id}` }], options);
        expect(text === `CALL ${id}`, () => `Call ${id} gave ${text}`);
        return [result];
      }
      case 3: {
        const { id: result, size } = await pool.apply(callMessage, [id, this.#ofProcesses ? new ArrayBuffer(8) : new SharedArrayBuffer(8)], options);
        expect(size === 8, () => `Call ${id} gave memory of ${size} bytes`);
        return [result];
      }
      case 4: {
        const records = ids.map((id) => ({ id, text: `item ${id}` }));
        const results = await pool.map(callRecord, records, options);
        return (results as readonly { readonly id: number }[]).map(({ id }) => id);
      }
      case 5: {
        const results: unknown[] = [];
        for await (const result of pool.imap(callNumber, ids, options)) results.push(result);
        return results;
      }
      case 6: {
        const results: number[] = [];
        for await (const result of pool.imapUnordered(callLater, ids, { ...options, chunkSize: 4 })) results.push(result);
        return results.sort((a, b) => a - b);
      }
      default:
        return (await pool.map(callNumber, ids, options)) as readonly unknown[];
    }
  }
}
