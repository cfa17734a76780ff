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
 * Source of the idea, readers that announce themselves each in a place of their own: W. C. Hsieh and W. E. Weihl,
 * "Scalable Reader-Writer Locks for Parallel Systems" (1992).
 *
 * @module
 */
import { DeadlockError, LockStateError } from "../errors.ts";
import { LINE, type Place } from "../memory.ts";
import { Mutex } from "./mutex.ts";
import type { AbortSignalLike } from "./options.ts";
import { MOST_READS, READERS_BYTES, Readers } from "./readers.ts";
import { POINT_WORDS, WaitPoint } from "./wait-point.ts";

/** The bytes of a read-write lock. */
export const SHARED_MUTEX_BYTES: number = 2 * LINE + READERS_BYTES;

/** The depth of WRITER once its holder has seen the readers leave. */
const DRAINED = 1;

/** The algorithm on the words. */
export class SharedMutex {
  readonly writer: Mutex;
  readonly readers: Readers;
  /** Where readers sleep. */
  readonly gate: WaitPoint;
  readonly #drain: WaitPoint;
  readonly #now: () => number;

  constructor({ memory, offset }: Place) {
    const gate = (offset + LINE) >>> 2;
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

  /** Whether this thread writes, and no longer waits for readers to leave. */
  get writes(): boolean {
    return this.writer.held && this.writer.depth === DRAINED;
  }

  /** Takes the lock to write, blocking at most `timeout` milliseconds. */
  write(timeout: number): boolean {
    // A try must not keep readers out that it cannot wait for.
    if (timeout <= 0) return !this.readers.any() && this.writer.tryLock() && (this.#took() || this.#giveUp());
    const deadline = timeout === Infinity ? Infinity : this.#now() + timeout;
    if (!this.writer.tryFree()) {
      if (this.readers.own > 0) throw this.#deadlock("reads already");
      if (!this.writer.lock(timeout)) return false;
    }
    return this.#took() || this.#drainUntil(deadline);
  }

  /** As {@linkcode SharedMutex.write}, without blocking the thread. */
  async writeAsync(timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    if (timeout <= 0) return this.write(0);
    const { writer } = this;
    const deadline = this.#now() + timeout;
    // Nothing of an earlier writer may show while this one waits for readers.
    const take = (): boolean => writer.attempt() && this.#enter();
    const taken = !writer.queued && writer.tryLock() && this.#enter();
    if (!taken && !(await writer.lockAsync(take, timeout, signal))) return false;
    return this.#took() || this.#drainAsync(deadline - this.#now(), signal);
  }

  /** Stops reading once. Throws `LockStateError` unless this thread reads. */
  leave(): void {
    if (this.#uncount() < 0) throw new LockStateError("Cannot release ReadLock as this thread does not hold it");
  }

  /** Stops writing. Throws `LockStateError` unless this thread writes. */
  unlock(): void {
    if (this.writer.held && !this.writes) {
      throw new LockStateError("Cannot release WriteLock as this thread still waits for readers to leave");
    }
    this.#free();
  }

  /** Takes over from a writer that died. Blocks until the readers have left, if it died while it waited for them. */
  recover(): boolean {
    if (!this.#recoverable()) return false;
    if (this.readers.any()) this.#drain.requireBlocking("WriteLock.recover");
    return this.writer.recover() && (this.#took() || this.#drainUntil(Infinity));
  }

  /** As {@linkcode SharedMutex.recover}, without blocking the thread. */
  async recoverAsync(): Promise<boolean> {
    return this.#recoverable() && this.writer.recover() && (this.#took() || this.#drainAsync(Infinity, undefined));
  }

  #recoverable(): boolean {
    if (!this.writer.orphaned) return false;
    if (this.readers.own > 0) throw this.#deadlock("reads already");
    return true;
  }

  /** Waits until the readers have left; this thread holds WRITER, and gives it up if that takes too long. */
  #drainUntil(deadline: number): boolean {
    try {
      if (this.readers.own > 0) throw this.#deadlock("reads already");
      const left = deadline === Infinity ? Infinity : deadline - this.#now();
      return this.#drain.wait(this.#took, left, "WriteLock.acquire") || this.#giveUp();
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  async #drainAsync(left: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    try {
      return (left > 0 && (await this.#drain.waitAsync(this.#took, left, signal))) || this.#giveUp();
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  #enter(): true {
    this.writer.depth = 0;
    return true;
  }

  /** Whether no reader is left: then this thread, which holds WRITER, writes. */
  readonly #took = (): boolean => {
    const drained = !this.readers.sweep();
    this.writer.depth = drained ? DRAINED : 0;
    return drained;
  };

  #free(): void {
    this.writer.unlock();
    this.gate.wake(Infinity);
  }

  readonly #tryRead = (): boolean => {
    if (!this.writer.passable()) return false;
    this.#count(this.readers.own);
    if (!this.writer.locked) return true;
    this.#uncount();
    return false;
  };

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
    this.#free();
    return false;
  }

  #deadlock(reason: string): DeadlockError {
    return new DeadlockError(`Cannot acquire RWLock as this thread ${reason}: blocking would never end; release that first, or use acquireAsync()`);
  }
}
