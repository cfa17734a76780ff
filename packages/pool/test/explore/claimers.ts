/**
 * What a worker that claims calls and a parent that takes them back do, and what must hold: each call is run by one of them.
 *
 * @module
 */
import type { Context, Scenario } from "@interlock/explore";
import { CLAIMS_BYTES, Claims } from "../../src/channel/claims.ts";

/** As claims, or with a mistake. */
export type AnyClaims = Pick<Claims, "offer" | "cut" | "claim" | "progress" | "words">;

/** How a thread opens its claims. */
export type Open = (buffer: SharedArrayBuffer) => AnyClaims;

const realClaims: Open = (buffer) => new Claims(buffer, 0);

/** The words behind the claims: what the threads of a scenario tell each other beside them. */
const ORDER = CLAIMS_BYTES / 4;
const LAST = ORDER + 1;
const TOLD = ORDER + 2;
const BYTES = CLAIMS_BYTES + 64;

/** Not any slot in particular. */
const SLOT = 5;
const OTHER = 63;

/** Somebody runs a call, which takes its time. */
function run(c: Context, call: number): void {
  const before = c.get(call);
  c.mark();
  c.set(call, before + 1);
}

/** A worker's loop: claims up to `most` calls at a time. */
function work(c: Context, claims: AnyClaims, slot: number, most: number, first: number, count: number, told?: () => void): void {
  const at = Claims.progressAt(slot);
  let next = 0;
  for (let claimed = claims.claim(slot, most); claimed > 0; claimed = claims.claim(slot, most)) {
    for (const end = next + claimed; next < end; next++) {
      c.assert(next < count, `call ${next} of ${count} was claimed`);
      c.mark();
      claims.words[at] = next + 1;
      c.mark();
      run(c, first + next);
      told?.();
    }
  }
}

/** Takes calls back once for each of `keeps`, and runs them itself; returns the limit. */
function takeBack(c: Context, claims: AnyClaims, slot: number, keeps: readonly number[], first: number, count: number): number {
  let limit = count;
  for (const keep of keeps) {
    const now = claims.cut(slot, keep);
    c.assert(now <= limit, `the limit grew from ${limit} to ${now}`);
    for (let call = now; call < limit; call++) run(c, first + call);
    limit = now;
  }
  return limit;
}

function once(c: Parameters<NonNullable<Scenario["final"]>>[0], calls: number): void {
  for (let call = 0; call < calls; call++) c.assert(c.get(call) === 1, `call ${call} ran ${c.get(call)} times`);
}

/** Sleeps until a word has come to a value. */
function reached(words: Int32Array, word: number, value: number): void {
  for (let seen = Atomics.load(words, word); seen < value; seen = Atomics.load(words, word)) Atomics.wait(words, word, seen);
}

function reach(words: Int32Array, word: number): void {
  Atomics.add(words, word, 1);
  Atomics.notify(words, word);
}

/** What is cut, and how. */
export interface Cutting {
  readonly count: number;
  /** How many calls the worker claims at once. */
  readonly most: number;
  /** How many calls the worker keeps at each cut. */
  readonly keeps: readonly number[];
  readonly open?: Open;
}

/** One batch, of which the parent takes calls back while the worker claims them. */
export function cutting({ count, most, keeps, open = realClaims }: Cutting): Scenario {
  return {
    threads: 2,
    bytes: BYTES,
    setup: ({ buffer }) => open(buffer).offer(SLOT, count),
    thread(c) {
      const claims = open(c.buffer);
      if (c.id === 0) takeBack(c, claims, SLOT, keeps, 0, count);
      else work(c, claims, SLOT, most, 0, count);
    },
    final: (c) => once(c, count),
  };
}

/** What was taken back from one worker is another's, from which it is taken back again. */
export function passingOn({ count, most, keeps, open = realClaims }: Cutting): Scenario {
  const BASE = count;
  return {
    threads: 3,
    bytes: BYTES,
    setup: ({ buffer }) => open(buffer).offer(SLOT, count),
    thread(c) {
      const claims = open(c.buffer);
      const words = new Int32Array(c.buffer);
      if (c.id === 1) {
        work(c, claims, SLOT, most, 0, count);
      } else if (c.id === 2) {
        reached(words, ORDER, 1);
        const base = c.get(BASE);
        work(c, claims, OTHER, most, base, count - base);
      } else {
        const base = claims.cut(SLOT, 0);
        c.set(BASE, base);
        if (base < count) claims.offer(OTHER, count - base);
        reach(words, ORDER);
        if (base < count) takeBack(c, claims, OTHER, keeps, base, count - base);
      }
    },
    final: (c) => once(c, count),
  };
}

/**
 * One slot for several batches, one after the other.
 *
 * @param patient Whether the parent waits until the worker is done with a batch, and not only until all its calls are.
 */
export function reusing({ count, most, keeps, open = realClaims }: Cutting, patient: boolean): Scenario {
  const rounds = 2;
  return {
    threads: 2,
    bytes: BYTES,
    thread(c) {
      const claims = open(c.buffer);
      const words = new Int32Array(c.buffer);
      let told = 0;
      for (let round = 0; round < rounds; round++) {
        const first = round * count;
        if (c.id === 0) {
          claims.offer(SLOT, count);
          reach(words, ORDER);
          told += takeBack(c, claims, SLOT, keeps, first, count);
          if (patient) reached(words, LAST, round + 1);
          else reached(words, TOLD, told);
        } else {
          reached(words, ORDER, round + 1);
          work(c, claims, SLOT, most, first, count, () => reach(words, TOLD));
          reach(words, LAST);
        }
      }
    },
    final: (c) => once(c, rounds * count),
  };
}

/** The worker may die at any step. The parent then hands back what did not begin, and runs it itself. */
export function dying({ count, most, keeps, open = realClaims }: Cutting, work_: typeof work = work): Scenario {
  const PROGRESS = count;
  return {
    threads: 2,
    bytes: BYTES,
    setup: ({ buffer }) => {
      const claims = open(buffer);
      // A slot that was used before.
      claims.words[Claims.progressAt(SLOT)] = count;
      claims.offer(SLOT, count);
    },
    thread(c) {
      const claims = open(c.buffer);
      const words = new Int32Array(c.buffer);
      if (c.id === 1) {
        work_(c, claims, SLOT, most, 0, count);
        reach(words, LAST);
        return;
      }
      const limit = takeBack(c, claims, SLOT, keeps, 0, count);
      while (Atomics.load(words, LAST) === 0 && c.alive(1)) Atomics.wait(words, LAST, 0, 50);
      if (Atomics.load(words, LAST) === 1) return;
      const begun = claims.progress(SLOT);
      c.set(PROGRESS, begun);
      c.assert(begun <= limit, `${begun} calls began of ${limit}`);
      for (let call = begun; call < limit; call++) run(c, call);
    },
    final(c) {
      // The call at which the worker died may have got no further than to say that it begins.
      for (let call = 0; call < count; call++) {
        const times = c.get(call);
        c.assert(times === 1 || (times === 0 && call === c.get(PROGRESS) - 1), `call ${call} ran ${times} times, ${c.get(PROGRESS)} had begun`);
      }
    },
    deaths: { threads: [1], max: 1 },
  };
}

/** A worker that says that a call has begun only once it has ended. */
export const workLate: typeof work = (c, claims, slot, most) => {
  let next = 0;
  for (let claimed = claims.claim(slot, most); claimed > 0; claimed = claims.claim(slot, most)) {
    for (const end = next + claimed; next < end; next++) {
      run(c, next);
      c.mark();
      claims.words[Claims.progressAt(slot)] = next + 1;
    }
  }
};
