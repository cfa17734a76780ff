/**
 * The algorithm of a read-write lock: many readers, or one writer.
 *
 * | line   | name    | meaning                                                                    |
 * | ------ | ------- | -------------------------------------------------------------------------- |
 * | 0      | WRITER  | a mutex: whoever holds it writes, or waits for the readers to leave          |
 * | 1      | GATE    | where readers sleep while WRITER is held                                    |
 * |        | DRAIN   | where the holder of WRITER sleeps until the readers have left                |
 * | 2 -    | READERS | who reads; see `readers`                                                    |
 *
 * A reader counts itself, then looks at WRITER: if that is held, it takes itself back and waits. A writer takes WRITER,
 * then looks at the counts. All these accesses have one order, so one of the two sees the other. Since a writer that
 * waits holds WRITER already, new readers cannot starve it.
 *
 * @module
 */
import { DeadlockError, LockStateError } from "../errors.ts";
import { LINE, type Place } from "../memory.ts";
import { Mutex } from "./mutex.ts";
import { initMutex, type OnOwnerDeath } from "./mutex-word.ts";
import type { AbortSignalLike } from "./options.ts";
import { MOST_READS, READERS_BYTES, Readers } from "./readers.ts";
import { POINT_WORDS, WaitPoint } from "./wait-point.ts";

/** The bytes of a read-write lock. */
export const SHARED_MUTEX_BYTES: number = 2 * LINE + READERS_BYTES;

/** Sets up the words of a read-write lock; `at` is the first. */
export function initSharedMutex(words: Int32Array, at: number, onOwnerDeath: OnOwnerDeath): void {
  initMutex(words, at, onOwnerDeath);
}

/** The algorithm on the words. */
export class SharedMutex {
  readonly writer: Mutex;
  readonly readers: Readers;
  /** Where readers sleep. */
  readonly gate: WaitPoint;
  readonly #drain: WaitPoint;
  readonly #now: () => number;

  constructor({ memory, offset }: Place) {
    const gate = (offset + LINE) >> 2;
    this.writer = new Mutex({ memory, offset }, "RWLock");
    this.gate = new WaitPoint(memory, gate);
    this.#drain = new WaitPoint(memory, gate + POINT_WORDS);
    this.readers = new Readers({ memory, offset: offset + 2 * LINE });
    this.#now = () => memory.agent.now();
  }

  /** Takes the lock to read, blocking at most `timeout` milliseconds. A thread that reads already enters again at once. */
  read(timeout: number): boolean {
    const { own } = this.readers;
    this.#count(own);
    if (own > 0 || !this.writer.locked) return true;
    this.#uncount();
    if (this.#tryRead()) return true;
    if (timeout <= 0) return false;
    if (this.writer.held) throw this.#deadlock("writes already, or waits to write");
    return this.gate.wait(this.#tryRead, timeout, "ReadLock.acquire");
  }

  /** As {@linkcode SharedMutex.read}, without blocking the thread. Does not enter again past a writer that waits. */
  async readAsync(timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    return this.#tryRead() || (timeout > 0 && this.gate.waitAsync(this.#tryRead, timeout, signal));
  }

  /** Takes the lock to write, blocking at most `timeout` milliseconds. */
  write(timeout: number): boolean {
    if (this.writer.tryFree() && (this.#drained() || this.#giveUp())) return true;
    return this.#writeSlow(timeout);
  }

  #writeSlow(timeout: number): boolean {
    if (timeout <= 0) return this.writer.tryLock() && (this.#drained() || this.#giveUp());
    if (this.readers.own > 0) throw this.#deadlock("reads already");
    const deadline = this.#now() + timeout;
    if (!this.writer.lock(timeout)) return false;
    if (this.#drained()) return true;
    try {
      return this.#drain.wait(this.#drained, deadline - this.#now(), "WriteLock.acquire") || this.#giveUp();
    } catch (error) {
      this.#giveUp();
      throw error;
    }
  }

  /** As {@linkcode SharedMutex.write}, without blocking the thread. */
  async writeAsync(timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    const { writer } = this;
    const deadline = this.#now() + timeout;
    if (!writer.tryLock() && !(timeout > 0 && (await writer.lockAsync(() => writer.attempt(), timeout, signal)))) return false;
    if (this.#drained()) return true;
    const left = deadline - this.#now();
    try {
      return (left > 0 && (await this.#drain.waitAsync(this.#drained, left, signal))) || this.#giveUp();
    } catch (error) {
      this.#giveUp();
      throw error;
    }
  }

  /** Stops reading once. Throws `LockStateError` unless this thread reads. */
  leave(): void {
    if (this.#uncount() < 0) throw new LockStateError("Cannot release ReadLock as this thread does not hold it");
  }

  /** Stops writing. Throws `LockStateError` unless this thread holds WRITER. */
  unlock(): void {
    this.writer.unlock();
    this.gate.wake(Infinity);
  }

  /** Takes over from a writer that died. Blocks until the readers have left, if it died while it waited for them. */
  recover(): boolean {
    if (!this.writer.recover()) return false;
    if (!this.#drained()) this.#drain.wait(this.#drained, Infinity, "WriteLock.acquire");
    return true;
  }

  readonly #tryRead = (): boolean => {
    if (this.writer.locked) {
      // Held by the living, or by the dead: then this throws, or takes it over to let everybody in.
      if (!this.writer.tryLock()) return false;
      this.unlock();
    }
    this.#count(this.readers.own);
    if (!this.writer.locked) return true;
    this.#uncount();
    return false;
  };

  readonly #drained = (): boolean => !this.readers.sweep();

  #count(own: number): void {
    if (this.readers.add(own)) return;
    throw new RangeError(`Cannot acquire ReadLock as one thread can hold it at most ${MOST_READS} times`);
  }

  /** Takes a count back. Returns how many are left; -1 if there was none. */
  #uncount(): number {
    const left = this.readers.remove();
    // The last read lock of this thread is gone: a writer may wait for that.
    if (left === 0 && this.writer.locked) this.#drain.wake(Infinity);
    return left;
  }

  #giveUp(): false {
    this.unlock();
    return false;
  }

  #deadlock(reason: string): DeadlockError {
    return new DeadlockError(`Cannot acquire RWLock as this thread ${reason}: blocking would never end; release that first, or use acquireAsync()`);
  }
}
