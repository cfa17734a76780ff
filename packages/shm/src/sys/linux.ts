/**
 * Linux, by system calls alone.
 *
 * @module
 */
import type { Ffi } from "./ffi.ts";
import { FUTEX_WAITV, type Numbers, numbersOf } from "./linux-numbers.ts";
import { type Descriptor, type FileFacts, MOST_WATCHED, type Sys, type Watched } from "./sys.ts";

const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const O_RDWR = 2;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_CLOEXEC = 0o2000000;
const OWNER_ONLY = 0o600;
const MFD_CLOEXEC_ALLOW_SEALING = 3;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_SHARED_FIXED = 0x11;
const MAP_PRIVATE_FIXED_ANONYMOUS = 0x32;
const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;
const F_RDLCK = 0;
const F_WRLCK = 1;
const F_UNLCK = 2;
const F_ADD_SEALS = 1033;
const F_GET_SEALS = 1034;
const SEAL_SEAL_SHRINK_GROW = 7;
const SEAL_SHRINK = 2;
const STATX_BASIC = 0x7ff;
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
const FUTEX_CMP_REQUEUE = 4;
const FUTEX_32 = 2;
const CLOCK_MONOTONIC = 1;
const MOST_WOKEN = 0x7fffffff;

const DIRECTORY = "/dev/shm/";

/** Where the parts of the scratch memory are. */
const TEXT_BYTES = 512;
const TIME_AT = TEXT_BYTES;
const LOCK_AT = TIME_AT + 16;
const STAT_AT = LOCK_AT + 32;
const WORDS_AT = STAT_AT + 256;
/** A word that nobody ever changes. */
const TRIAL_AT = WORDS_AT + MOST_WATCHED * 24;
const SCRATCH_BYTES = TRIAL_AT + 8;

const TRIAL_MS = 2;
/** As many trials must sleep, before as many do not: one may take long as its thread was held up, or be cut short by a signal. */
const SLEPT = 4;
const NOT_SLEPT = 2;

/** Where it cannot sleep on several words, it sleeps on the first, and its caller looks at the others so often. */
const LOOK_MS = 2;

/** Linux on one thread: it has memory of its own for what calls are given. */
export class Linux implements Sys {
  readonly uid: number;
  readonly overlays: boolean;
  readonly #ffi: Ffi;
  readonly #numbers: Numbers;
  readonly #scratch: Uint8Array = new Uint8Array(new ArrayBuffer(SCRATCH_BYTES));
  readonly #view: DataView = new DataView(this.#scratch.buffer);
  readonly #time: Int32Array = new Int32Array(this.#scratch.buffer, TIME_AT, 4);
  readonly #at: number;
  /** Unknown until somebody asks. */
  #waitsForMany: boolean | undefined;

  constructor(ffi: Ffi, arch: string) {
    this.#ffi = ffi;
    this.overlays = ffi.overlays;
    this.#numbers = numbersOf(arch);
    this.#at = ffi.address(this.#scratch);
    this.uid = this.#call(this.#numbers.geteuid);
  }

  createAnonymous(label: string): Descriptor | undefined {
    const descriptor = openedOr(this.#call(this.#numbers.memfdCreate, this.#text(label), MFD_CLOEXEC_ALLOW_SEALING));
    // Else whoever may look into /proc of this process could open it.
    if (descriptor !== undefined) this.#call(this.#numbers.fchmod, descriptor, OWNER_ONLY);
    return descriptor;
  }

  createNamed(name: string): Descriptor | undefined {
    const flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | this.#numbers.noFollow;
    return openedOr(this.#call(this.#numbers.openat, AT_FDCWD, this.#text(DIRECTORY + name), flags, OWNER_ONLY));
  }

  openNamed(name: string): Descriptor | undefined {
    return openedOr(this.#call(this.#numbers.openat, AT_FDCWD, this.#text(DIRECTORY + name), O_RDWR | O_CLOEXEC | this.#numbers.noFollow));
  }

  openOf(pid: number, descriptor: Descriptor): Descriptor | undefined {
    return openedOr(this.#call(this.#numbers.openat, AT_FDCWD, this.#text(`/proc/${pid}/fd/${descriptor}`), O_RDWR | O_CLOEXEC));
  }

  unlink(name: string): boolean {
    return this.#call(this.#numbers.unlinkat, AT_FDCWD, this.#text(DIRECTORY + name)) === 0;
  }

  names(prefix: string): string[] {
    try {
      return process
        .getBuiltinModule("node:fs")
        .readdirSync(DIRECTORY)
        .filter((name) => name.startsWith(prefix));
    } catch {
      // Deno without the permission to read: nothing is swept.
      return [];
    }
  }

  allocate(descriptor: Descriptor, byteLength: number): boolean {
    const { ftruncate, fallocate } = this.#numbers;
    // Without the second, memory that is not there ends the program when it is touched.
    return this.#call(ftruncate, descriptor, byteLength) === 0 && this.#call(fallocate, descriptor, 0, 0, byteLength) === 0;
  }

  seal(descriptor: Descriptor): void {
    this.#call(this.#numbers.fcntl, descriptor, F_ADD_SEALS, SEAL_SEAL_SHRINK_GROW);
  }

  sealed(descriptor: Descriptor): boolean {
    const seals = this.#call(this.#numbers.fcntl, descriptor, F_GET_SEALS);
    return seals >= 0 && (seals & SEAL_SHRINK) !== 0;
  }

  facts(descriptor: Descriptor): FileFacts {
    const result = this.#call(this.#numbers.statx, descriptor, this.#text(""), AT_EMPTY_PATH, STATX_BASIC, this.#at + STAT_AT);
    if (result < 0) throw new Error(`Cannot look at shared memory as file ${descriptor} is not open`);
    const view = this.#view;
    return {
      links: view.getUint32(STAT_AT + 16, true),
      uid: view.getUint32(STAT_AT + 20, true),
      mode: view.getUint16(STAT_AT + 28, true) & 0o7777,
      size: Number(view.getBigUint64(STAT_AT + 40, true)),
    };
  }

  close(descriptor: Descriptor): void {
    this.#call(this.#numbers.close, descriptor);
  }

  map(address: number, byteLength: number, descriptor: Descriptor): boolean {
    return this.#call(this.#numbers.mmap, address, byteLength, PROT_READ_WRITE, MAP_SHARED_FIXED, descriptor, 0) === address;
  }

  mapApart(byteLength: number, descriptor: Descriptor): { readonly buffer: ArrayBuffer; readonly address: number } | undefined {
    const address = this.#call(this.#numbers.mmap, 0, byteLength, PROT_READ_WRITE, MAP_SHARED, descriptor, 0);
    return address === -1 ? undefined : { buffer: this.#ffi.external(address, byteLength), address };
  }

  unmap(address: number, byteLength: number): void {
    this.#call(this.#numbers.mmap, address, byteLength, PROT_READ_WRITE, MAP_PRIVATE_FIXED_ANONYMOUS, -1, 0);
  }

  lock(descriptor: Descriptor, at: number, kind: "shared" | "exclusive"): boolean {
    return this.#lock(F_OFD_SETLK, descriptor, at, kind === "shared" ? F_RDLCK : F_WRLCK) === 0;
  }

  unlock(descriptor: Descriptor, at: number): void {
    this.#lock(F_OFD_SETLK, descriptor, at, F_UNLCK);
  }

  locked(descriptor: Descriptor, at: number): boolean {
    // Where it cannot be told, it counts as locked: nobody is taken for dead who lives.
    return this.#lock(F_OFD_GETLK, descriptor, at, F_WRLCK) !== 0 || this.#view.getInt16(LOCK_AT, true) !== F_UNLCK;
  }

  address(memory: Uint8Array): number {
    return this.#ffi.address(memory);
  }

  wait(address: number, expected: number, milliseconds: number): boolean {
    this.#setSlice(milliseconds);
    return this.#call(this.#numbers.futex, address, FUTEX_WAIT, expected, this.#at + TIME_AT) === 0;
  }

  waitAny(words: readonly Watched[], milliseconds: number): number {
    const [first] = words;
    if (first === undefined) return -1;
    this.#waitsForMany ??= this.#tryWaitingForMany();
    if (this.#waitsForMany) return this.#waitForMany(words, milliseconds);
    return this.wait(first.address, first.expected, Math.min(milliseconds, LOOK_MS)) ? 0 : -1;
  }

  /** Whether the kernel sleeps on several words: since 5.16, if nothing forbids it. All failures look alike, but for the time they take. */
  #tryWaitingForMany(): boolean {
    const nothing: Watched = { address: this.#at + TRIAL_AT, expected: 0 };
    let slept = 0;
    let notSlept = 0;
    while (slept < SLEPT && notSlept < NOT_SLEPT) {
      const started = performance.now();
      this.#waitForMany([nothing], TRIAL_MS);
      // Clocks are rounded.
      if (performance.now() - started >= TRIAL_MS / 2) slept++;
      else notSlept++;
    }
    return slept === SLEPT;
  }

  #waitForMany(words: readonly Watched[], milliseconds: number): number {
    const view = this.#view;
    words.forEach(({ address, expected }, i) => {
      const at = WORDS_AT + i * 24;
      view.setBigUint64(at, BigInt(expected >>> 0), true);
      view.setBigUint64(at + 8, BigInt(address), true);
      view.setUint32(at + 16, FUTEX_32, true);
      view.setUint32(at + 20, 0, true);
    });
    // It wants to know until when.
    this.#call(this.#numbers.clockGettime, CLOCK_MONOTONIC, this.#at + TIME_AT);
    const now = view.getBigInt64(TIME_AT, true) * 1_000_000_000n + view.getBigInt64(TIME_AT + 8, true);
    this.#setTime(now + BigInt(Math.ceil(milliseconds * 1e6)));
    return this.#call(FUTEX_WAITV, this.#at + WORDS_AT, words.length, 0, this.#at + TIME_AT, CLOCK_MONOTONIC);
  }

  equals(address: number, expected: number): boolean {
    // It compares before it does what it is asked for, which is nothing.
    return this.#call(this.#numbers.futex, address, FUTEX_CMP_REQUEUE, 0, 0, address, expected) >= 0;
  }

  wake(address: number, count: number): number {
    return Math.max(0, this.#call(this.#numbers.futex, address, FUTEX_WAKE, Math.min(count, MOST_WOKEN)));
  }

  #call(number: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0): number {
    return this.#ffi.syscall(number, a, b, c, d, e, f);
  }

  /** The address of a text that ends with a zero. */
  #text(text: string): number {
    const { written } = new TextEncoder().encodeInto(text, this.#scratch.subarray(0, TEXT_BYTES - 1));
    this.#scratch[written] = 0;
    return this.#at;
  }

  /** Of a slice: each sleep begins here, so without a bigint. */
  #setSlice(milliseconds: number): void {
    const seconds = Math.floor(milliseconds / 1000);
    const words = this.#time;
    words[0] = seconds;
    words[2] = Math.min(999_999_999, Math.ceil((milliseconds - 1000 * seconds) * 1e6));
    words[1] = words[3] = 0;
  }

  #setTime(nanoseconds: bigint): void {
    this.#view.setBigInt64(TIME_AT, nanoseconds / 1_000_000_000n, true);
    this.#view.setBigInt64(TIME_AT + 8, nanoseconds % 1_000_000_000n, true);
  }

  #lock(command: number, descriptor: Descriptor, at: number, type: number): number {
    const view = this.#view;
    view.setInt16(LOCK_AT, type, true);
    view.setInt16(LOCK_AT + 2, 0, true);
    view.setBigInt64(LOCK_AT + 8, BigInt(at), true);
    view.setBigInt64(LOCK_AT + 16, 1n, true);
    view.setInt32(LOCK_AT + 24, 0, true);
    return this.#call(this.#numbers.fcntl, descriptor, command, this.#at + LOCK_AT);
  }
}

function openedOr(descriptor: number): Descriptor | undefined {
  return descriptor < 0 ? undefined : descriptor;
}
