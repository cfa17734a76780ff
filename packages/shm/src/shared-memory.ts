/**
 * Named bytes that processes share, Python's among them: `multiprocessing.shared_memory.SharedMemory`.
 *
 * @module
 */
import { requireSys } from "./capabilities.ts";
import { type Mapped, mapFile } from "./mapping.ts";
import { createFile, generateName, join, requireName, requireSize, sweep } from "./segment.ts";
import type { Descriptor, Sys } from "./sys/sys.ts";

/** How shared memory is created. */
export interface SharedMemoryOptions {
  /** Its size in bytes. */
  readonly size: number;
  /** Its name; one that nobody guesses if absent. */
  readonly name?: string;
}

/**
 * Named bytes that processes share, as Python's `SharedMemory`, with which it shares names and contents: byte 0 is yours.
 *
 * - **Lifetime**: it outlives the program until somebody calls `unlink`. One with a generated name goes, too, once nobody has it
 *   and a program of this user creates another.
 * - **Python**: before 3.13, a Python program that attaches it takes it away when it ends, unless it calls
 *   `resource_tracker.unregister`; later ones need `track=False`.
 * - **Memory**: plain access is not synchronized: share a lock, or use `Atomics`.
 *
 * @example
 * ```ts
 * import { SharedMemory } from "@interlock/shm";
 * import assert from "node:assert/strict";
 *
 * const mine = SharedMemory.create({ size: 16 });
 * const yours = SharedMemory.attach(mine.name);
 * new Float64Array(mine.buffer)[1] = 2.5;
 * assert.equal(new Float64Array(yours.buffer)[1], 2.5);
 * mine.unlink();
 * mine.close();
 * yours.close();
 * ```
 */
export class SharedMemory {
  /** Its name, by which other processes attach it. */
  readonly name: string;
  /** Its size in bytes. */
  readonly size: number;
  readonly #sys: Sys;
  readonly #descriptor: Descriptor;
  readonly #mapped: Mapped;
  #closed = false;

  private constructor(sys: Sys, descriptor: Descriptor, name: string, size: number, action: string) {
    this.#sys = sys;
    this.#descriptor = descriptor;
    this.name = name;
    this.size = size;
    this.#mapped = mapFile(sys, descriptor, size, action);
  }

  /**
   * Creates shared memory, zeroed.
   *
   * @throws {TypeError} If this system or runtime cannot share memory, with what to install or to allow; if `size` is no number, or
   * `name` no name.
   * @throws {RangeError} If `size` is not an integer from 1 to 4 GiB.
   * @throws {Error} If the name is taken, or there is not enough memory.
   */
  static create({ size, name }: SharedMemoryOptions): SharedMemory {
    const action = "create SharedMemory";
    const sys = requireSys(action);
    const bytes = requireSize(size, action);
    sweep(sys);
    const known = name === undefined ? generateName() : requireName(name, action);
    const descriptor = createFile(sys, known, bytes, action);
    try {
      return new SharedMemory(sys, descriptor, known, bytes, action);
    } catch (error) {
      sys.close(descriptor);
      sys.unlink(known);
      throw error;
    }
  }

  /**
   * Attaches shared memory by name.
   *
   * @throws {TypeError} As `create`; or if it is another user's, or others may open it.
   * @throws {Error} If there is none of that name, or it is empty.
   */
  static attach(name: string): SharedMemory {
    const action = "attach SharedMemory";
    const sys = requireSys(action);
    const known = requireName(name, action);
    const descriptor = sys.openNamed(known);
    if (descriptor === undefined) throw new Error(`Cannot ${action} as there is none of this user's named ${JSON.stringify(known)}`);
    try {
      const size = join(sys, descriptor, `SharedMemory ${JSON.stringify(known)}`, true);
      if (size === 0) throw new Error(`Cannot ${action} ${JSON.stringify(known)} as it is empty: its creator has not given it a size yet`);
      return new SharedMemory(sys, descriptor, known, size, action);
    } catch (error) {
      sys.close(descriptor);
      throw error;
    }
  }

  /**
   * The bytes, which threads of this process share when it is posted. Longer than `size` if that is no multiple of 64 KiB; what
   * follows belongs to this process alone.
   *
   * @throws {TypeError} After `close`.
   */
  get buffer(): SharedArrayBuffer | ArrayBuffer {
    if (this.#closed) throw new TypeError(`Cannot use SharedMemory ${JSON.stringify(this.name)} as it is closed`);
    return this.#mapped.buffer;
  }

  /**
   * The bytes of it, and no others.
   *
   * @throws {TypeError} After `close`.
   */
  get bytes(): Uint8Array {
    return new Uint8Array(this.buffer, 0, this.size);
  }

  /** Gives it up in this thread: views of it read zeros from now on. Others keep it. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#mapped.release();
    this.#sys.close(this.#descriptor);
  }

  /**
   * Takes its name away: nobody can attach it any more, and it goes with the last who has it.
   *
   * @throws {Error} If it has no name any more.
   */
  unlink(): void {
    if (!this.#sys.unlink(this.name)) throw new Error(`Cannot unlink SharedMemory ${JSON.stringify(this.name)} as there is none of that name any more`);
  }
}
