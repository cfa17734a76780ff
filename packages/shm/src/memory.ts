/**
 * Memory that processes share, for core's objects.
 *
 * @module
 */
import { LAYOUT, type Memory, registerMemoryKind, requireAllocation, type SystemMemoryHandle } from "@interlock/core/base";
import { requireSys } from "./capabilities.ts";
import { type Mapped, mapFile } from "./mapping.ts";
import { Members } from "./members.ts";
import { createFile, generateName, join, requireName, requireSize, sweep } from "./segment.ts";
import { checkHead, idOf, MEMBERS_AT, OBJECTS_AT, writeHead } from "./segment-head.ts";
import type { Descriptor, Sys } from "./sys/sys.ts";
import { FutexWaiter } from "./waiter.ts";

const PAGE_BYTES = 1 << 16;

/** What `Handle.memory.system` says. */
export const SYSTEM = "shm";

/** Shared memory of the operating system as plain data, for another process. */
export interface ShmHandle extends SystemMemoryHandle {
  readonly system: "shm";
  readonly size: number;
  /** Its name, if it has one. */
  readonly name?: string;
  /** A process that has it open, and under which number. */
  readonly pid: number;
  readonly descriptor: number;
}

/** How memory is created. */
export interface MemoryOptions {
  /** The bytes for objects. */
  readonly size: number;
  /**
   * A name, so that processes can attach it that nobody handed a handle to; `true` for one that nobody guesses. Without a name it
   * goes with the last process that has it, cannot be made smaller, and travels in handles.
   */
  readonly name?: string | true;
}

/** The segments that this thread has, by id: pinned until they are closed, so that no address is used twice. */
const MEMORIES: unique symbol = Symbol.for("@interlock/shm/memories") as never;
const global = globalThis as { [MEMORIES]?: Map<string, ShmMemory> };

function memories(): Map<string, ShmMemory> {
  global[MEMORIES] ??= closedAtEnd(new Map());
  return global[MEMORIES];
}

/** What a thread has open would stay so until its process ends. */
function closedAtEnd(open: Map<string, ShmMemory>): Map<string, ShmMemory> {
  if (process.getBuiltinModule("node:worker_threads").isMainThread) return open;
  process.on("exit", () => {
    for (const memory of open.values()) memory.close();
  });
  return open;
}

/** Memory that processes share: all of core's objects work in it. */
export class ShmMemory implements Memory {
  readonly crossProcess = true;
  readonly buffer: SharedArrayBuffer | ArrayBuffer;
  readonly agent: Memory["agent"];
  readonly roster: Memory["roster"];
  readonly waiter: FutexWaiter;
  /** Its name, if it has one. */
  readonly name: string | undefined;
  /** The same in all processes. */
  readonly id: string;
  readonly #members: Members;
  readonly #sys: Sys;
  readonly #descriptor: Descriptor;
  readonly #mapped: Mapped;
  /** First free byte; -1 where the memory belongs to another thread, which alone knows. */
  #next: number;
  #closed = false;

  /** @internal */
  constructor(sys: Sys, descriptor: Descriptor, mapped: Mapped, name: string | undefined, create: boolean) {
    const { buffer, address } = mapped;
    const members = new Members(sys, descriptor, buffer, MEMBERS_AT, create);
    // Last: who attaches it by name meanwhile must not find half of it.
    if (create) writeHead(buffer);
    this.#members = members;
    this.#sys = sys;
    this.#descriptor = descriptor;
    this.#mapped = mapped;
    this.buffer = buffer;
    this.name = name;
    this.roster = members.roster;
    this.agent = members.agent;
    this.id = members.roster.id;
    this.waiter = new FutexWaiter(sys, address);
    this.#next = create ? OBJECTS_AT : -1;
    memories().set(this.id, this);
  }

  /** The bytes that objects have, taken or not. */
  get size(): number {
    return this.buffer.byteLength - OBJECTS_AT;
  }

  get handle(): ShmHandle {
    this.#refuseClosed("give a handle to");
    const { id, name } = this;
    const handle = {
      layout: LAYOUT,
      system: SYSTEM,
      id,
      module: registrar(),
      size: this.buffer.byteLength,
      pid: process.pid,
      descriptor: this.#descriptor,
    } as const;
    return name === undefined ? handle : { ...handle, name };
  }

  allocate(byteLength: number, align = 8): number {
    requireAllocation(byteLength, align);
    this.#refuseClosed(`allocate ${byteLength} bytes in`);
    if (this.#next < 0) throw new RangeError(`Cannot allocate ${byteLength} bytes as this memory is attached: only the thread that created it allocates`);
    const offset = Math.ceil(this.#next / align) * align;
    if (offset + byteLength > this.buffer.byteLength) {
      throw new RangeError(
        `Cannot allocate ${byteLength} bytes as the memory has ${this.buffer.byteLength - this.#next} left of ${this.size}: create it with a larger 'size'`,
      );
    }
    this.#next = offset + byteLength;
    return offset;
  }

  /**
   * Gives the memory up in this thread: objects in it read zeros from now on, and locks that this thread holds in it are abandoned.
   * Others keep it. Idempotent.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    memories().delete(this.id);
    this.#members.leave();
    this.#mapped.release();
    this.#sys.close(this.#descriptor);
  }

  /**
   * Takes its name away: nobody can attach it by name any more, and it goes with the last who has it.
   *
   * @returns false if it has no name any more.
   */
  unlink(): boolean {
    return this.name !== undefined && this.#sys.unlink(this.name);
  }

  #refuseClosed(action: string): void {
    if (this.#closed) throw new TypeError(`Cannot ${action} shared memory as it is closed`);
  }
}

/**
 * Creates memory that processes share. Give it to constructors of core as `{ memory }`; what is made in it travels to processes
 * in arguments, results and queues.
 *
 * @param options Its size, and a name if strangers are to find it.
 * @throws {TypeError} If this system or runtime cannot share memory between processes; says what to install or to allow.
 * @throws {TypeError} If `size` is no number or `name` no name; `RangeError` if `size` is out of its range.
 * @throws {Error} If there is not enough memory, or the name is taken.
 *
 * @example
 * ```ts
 * import { Value } from "@interlock/core";
 * import { Process, task } from "@interlock/pool";
 * import { createMemory } from "@interlock/shm";
 * import assert from "node:assert/strict";
 *
 * export const count = task(import.meta, "count", (counter: Value<"int32">) => {
 *   for (let i = 0; i < 1000; i++) counter.update((n) => n + 1);
 * });
 *
 * if (import.meta.main) {
 *   const memory = createMemory({ size: 4096 });
 *   const counter = new Value("int32", 0, { memory });
 *   const children = [1, 2].map(() => new Process(count, [counter]));
 *   for (const child of children) child.start();
 *   for (const child of children) await child.result();
 *   assert.equal(counter.value, 2000);
 * }
 * ```
 */
export function createMemory({ size, name }: MemoryOptions): ShmMemory {
  const action = "create shared memory";
  const sys = requireSys(action);
  register();
  const bytes = Math.ceil((OBJECTS_AT + requireSize(size, action, OBJECTS_AT)) / PAGE_BYTES) * PAGE_BYTES;
  const wanted = name === undefined || name === true ? name : requireName(name, action);
  if (wanted !== undefined) sweep(sys);
  const known = wanted === true ? generateName() : wanted;
  const descriptor = createFile(sys, known, bytes, action);
  try {
    return new ShmMemory(sys, descriptor, mapFile(sys, descriptor, bytes, action), known, true);
  } catch (error) {
    sys.close(descriptor);
    if (known !== undefined) sys.unlink(known);
    throw error;
  }
}

/**
 * Attaches memory that another process has created. A thread has each memory once, however often it attaches it.
 *
 * @param from The memory's name, or a handle to it.
 * @throws {TypeError} If this system or runtime cannot share memory; if it is another user's, may be opened by others, or holds
 * something else; or the handle is no such.
 * @throws {Error} If there is none.
 *
 * @example
 * ```ts
 * import { attachMemory, createMemory } from "@interlock/shm";
 * import assert from "node:assert/strict";
 *
 * const memory = createMemory({ size: 1024, name: true });
 * try {
 *   assert.equal(attachMemory(memory.name as string), memory);
 * } finally {
 *   memory.unlink();
 * }
 * ```
 */
export function attachMemory(from: string | ShmHandle): ShmMemory {
  const sys = requireSys("attach shared memory");
  register();
  if (typeof from === "string") {
    const name = requireName(from, "attach shared memory");
    const descriptor = sys.openNamed(name);
    if (descriptor === undefined) throw new Error(`Cannot attach shared memory ${JSON.stringify(name)} as there is none of this user's by that name`);
    return open(sys, descriptor, name, undefined);
  }
  return attachHandle(sys, from);
}

/** Makes handles to such memory known to core in this thread. */
export function register(): void {
  registerMemoryKind(SYSTEM, (handle) => attachHandle(requireSys("attach shared memory"), handle as ShmHandle));
}

function attachHandle(sys: Sys, handle: ShmHandle): ShmMemory {
  const { id, name, pid, descriptor } = (handle ?? {}) as Partial<ShmHandle>;
  if (handle?.layout !== LAYOUT || handle.system !== SYSTEM || typeof id !== "string") {
    throw new TypeError(`Cannot attach shared memory as its handle is none, or of another version than ${LAYOUT}`);
  }
  const known = memories().get(id);
  if (known !== undefined) return known;
  let opened: Descriptor | undefined;
  if (name !== undefined) opened = sys.openNamed(requireName(name, "attach shared memory"));
  else if (Number.isInteger(pid) && Number.isInteger(descriptor)) opened = sys.openOf(pid as number, descriptor as number);
  if (opened === undefined) {
    throw new Error(
      `Cannot attach shared memory as ${name === undefined ? `process ${pid}, which had it, is gone or another user's` : `there is none named ${JSON.stringify(name)}`}`,
    );
  }
  return open(sys, opened, name, id);
}

/** Checks what was opened, and maps it. */
function open(sys: Sys, descriptor: Descriptor, name: string | undefined, id: string | undefined): ShmMemory {
  const action = "attach shared memory";
  const what = name === undefined ? "shared memory" : `shared memory ${JSON.stringify(name)}`;
  try {
    const bytes = join(sys, descriptor, what, name !== undefined);
    // Without a name it comes from a process of this user's, and cannot be made smaller under us.
    if (name === undefined && !sys.sealed(descriptor)) throw new TypeError(`Cannot attach ${what} as its size is not sealed: it is none of interlock's`);
    if (bytes < OBJECTS_AT) throw new TypeError(`Cannot attach ${what} as it is too small to be interlock's: received ${bytes} bytes`);
    const mapped = mapFile(sys, descriptor, bytes, action);
    try {
      checkHead(mapped.buffer, bytes, what);
      const there = idOf(mapped.buffer);
      if (id !== undefined && there !== id) throw new TypeError(`Cannot attach ${what} as it is not the one that the handle is of: received ${there}`);
      const known = memories().get(there);
      if (known !== undefined) {
        mapped.release();
        sys.close(descriptor);
        return known;
      }
      return new ShmMemory(sys, descriptor, mapped, name, false);
    } catch (error) {
      mapped.release();
      throw error;
    }
  } catch (error) {
    sys.close(descriptor);
    throw error;
  }
}

/** The module that makes handles known to a thread. */
function registrar(): string {
  const here: string = import.meta.url;
  return new URL(/\.ts(?:$|\?)/.test(here) ? "./register.ts" : "./register.js", here).href;
}
