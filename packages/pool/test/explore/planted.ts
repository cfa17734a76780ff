/**
 * The parts of a channel with one mistake each, which explorations must find.
 *
 * @module
 */
import { futex } from "@interlock/core/base";
import { type ParentChannel, POSTED_AT } from "../../src/channel/channel.ts";
import { Claims } from "../../src/channel/claims.ts";
import { Doorbell } from "../../src/channel/doorbell.ts";
import { type RingPlace, RingReader, RingWriter } from "../../src/channel/ring.ts";
import type { AnyClaims } from "./claimers.ts";
import { type Bell, knocking } from "./doorbells.ts";

const AWAKE = 0;
const ASLEEP = 1;

/** A doorbell whose thread looks for work before it says that it sleeps. */
export function bellThatLooksFirst(buffer: SharedArrayBuffer): Bell {
  const words = new Int32Array(buffer);
  return {
    ring(): void {
      if (Atomics.load(words, 0) === ASLEEP && Atomics.compareExchange(words, 0, ASLEEP, AWAKE) === ASLEEP) futex.notify(words, 0, Infinity);
    },
    async sleep(hasWork, milliseconds): Promise<void> {
      if (hasWork()) return;
      Atomics.store(words, 0, ASLEEP);
      await futex.waitAsync(words, 0, ASLEEP, milliseconds);
      Atomics.store(words, 0, AWAKE);
    },
  };
}

/** A doorbell whose thread looks for work before it lies down. */
export function bellThatLooksAndLiesDown(buffer: SharedArrayBuffer): Bell {
  return knocking(buffer, (bell, hasWork) => !hasWork() && bell.lieDown(() => false));
}

/** A doorbell that wakes whoever sleeps, but not one that is about to. */
export function bellThatOnlyNotifies(buffer: SharedArrayBuffer): Bell {
  const words = new Int32Array(buffer);
  return {
    ring: () => void futex.notify(words, 0, Infinity),
    async sleep(hasWork, milliseconds): Promise<void> {
      Atomics.store(words, 0, ASLEEP);
      if (!hasWork()) await futex.waitAsync(words, 0, ASLEEP, milliseconds);
      Atomics.store(words, 0, AWAKE);
    },
  };
}

/** A doorbell whose thread looks for work before it says that it dozes. */
export function bellThatDozesBlindly(buffer: SharedArrayBuffer): Bell {
  const bell = new Doorbell(buffer);
  return {
    ring: () => bell.ring(),
    sleep: (...how) => bell.sleep(...how),
    post: { attend: () => bell.attend(), doze: (hasWork, milliseconds) => hasWork() || bell.doze(() => false, milliseconds), leave: () => bell.leave() },
  };
}

/** Says that a message was posted, and wakes nobody. */
export function postedSilently({ handle }: ParentChannel): void {
  Atomics.add(new Int32Array(handle.memory, POSTED_AT, 1), 0, 1);
}

/** A ring whose reader is told of a record before it is filled. */
export class EarlyWriter extends RingWriter {
  override reserve(bytes: number): number {
    const at = super.reserve(bytes);
    if (at >= 0) super.commit();
    return at;
  }

  override commit(): void {}
}

/** A ring whose reader gives room back when it has found a record, and not when it has read it. */
export class EarlyReader extends RingReader {
  #at = -1;

  override get empty(): boolean {
    return this.#at < 0 && super.empty;
  }

  override peek(): number {
    if (this.#at >= 0) return this.#at;
    this.#at = super.peek();
    if (this.#at >= 0) super.release();
    return this.#at;
  }

  override release(): void {
    this.#at = -1;
  }
}

/** A ring whose writer believes that there is always room. */
export class BoundlessWriter extends RingWriter {
  constructor(place: RingPlace) {
    super(place);
    const { reserve } = this;
    this.reserve = (bytes) => {
      const at = reserve.call(this, bytes);
      if (at >= 0) return at;
      // As if the reader had read all.
      this.control[16] = this.control[0] as number;
      return reserve.call(this, bytes);
    };
  }
}

const SHIFT = 16;
const MASK = 0x7fff;

/** Claims with a method replaced, which is given their words and where CLAIM lies. */
function withMistake(buffer: SharedArrayBuffer, mistake: (words: Int32Array, claims: Claims) => Partial<AnyClaims>): AnyClaims {
  const claims = new Claims(buffer, 0);
  return {
    words: claims.words,
    offer: (slot, count) => claims.offer(slot, count),
    cut: (slot, keep) => claims.cut(slot, keep),
    claim: (slot, most) => claims.claim(slot, most),
    progress: (slot) => claims.progress(slot),
    ...mistake(claims.words, claims),
  };
}

const claimAt = (slot: number): number => Claims.progressAt(slot) - 1;

/** A worker claims by load and store. */
export function claimsByStore(buffer: SharedArrayBuffer): AnyClaims {
  return withMistake(buffer, (words) => ({
    claim(slot, most): number {
      const word = Atomics.load(words, claimAt(slot));
      const claimed = Math.min(most, (word >>> SHIFT) - (word & MASK));
      if (claimed > 0) Atomics.store(words, claimAt(slot), word + claimed);
      return Math.max(0, claimed);
    },
  }));
}

/** The parent cuts by load and store. */
export function cutsByStore(buffer: SharedArrayBuffer): AnyClaims {
  return withMistake(buffer, (words) => ({
    cut(slot, keep): number {
      const word = Atomics.load(words, claimAt(slot));
      const limit = Math.min(word >>> SHIFT, (word & MASK) + keep);
      Atomics.store(words, claimAt(slot), (limit << SHIFT) | (word & MASK));
      return limit;
    },
  }));
}

/** The parent takes back what is claimed, too. */
export function cutsBelowClaimed(buffer: SharedArrayBuffer): AnyClaims {
  return withMistake(buffer, (words) => ({
    cut(slot, keep): number {
      for (;;) {
        const word = Atomics.load(words, claimAt(slot));
        const limit = Math.min(word >>> SHIFT, keep);
        if (Atomics.compareExchange(words, claimAt(slot), word, (limit << SHIFT) | (word & MASK)) === word) return limit;
      }
    },
  }));
}

/** PROGRESS is left from the slot's last batch. */
export function claimsWithOldProgress(buffer: SharedArrayBuffer): AnyClaims {
  return withMistake(buffer, (words, claims) => ({
    offer(slot, count): void {
      const before = words[Claims.progressAt(slot)] as number;
      claims.offer(slot, count);
      words[Claims.progressAt(slot)] = before;
    },
  }));
}
