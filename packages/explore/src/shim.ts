/**
 * Replaces what code under test reaches through globals: `Atomics`, timers, clocks and randomness.
 *
 * Everything passes through unless a simulated thread runs, and operations on other buffers do even then.
 *
 * @module
 */

/** An operation of `Atomics` on the shared buffer. */
export type AtomicsName = "load" | "store" | "add" | "sub" | "and" | "or" | "xor" | "exchange" | "compareExchange" | "wait" | "waitAsync" | "notify";

/** Any view that `Atomics` takes. */
export interface IntegerView {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly BYTES_PER_ELEMENT: number;
  readonly length: number;
  [index: number]: number | bigint;
}

/** Whoever runs a simulated thread. */
export interface Host {
  readonly buffer: SharedArrayBuffer;
  /** The thread is being taken off the stack: whatever it calls must throw. */
  readonly unwinding: boolean;
  /** Does one operation when it is its turn, and returns or throws what it does. */
  operate(name: AtomicsName, view: IntegerView, index: number, a: unknown, b: unknown): unknown;
  pause(): void;
  now(): number;
  random(): number;
  setTimer(callback: () => void, delay: number): unknown;
  setTicker(callback: () => void, period: number): unknown;
  clearTimer(timer: unknown): void;
}

type Operation = (view: IntegerView, index: number, a?: unknown, b?: unknown) => unknown;
type Globals = Record<string, unknown>;

const NAMES: readonly AtomicsName[] = ["load", "store", "add", "sub", "and", "or", "xor", "exchange", "compareExchange", "wait", "waitAsync", "notify"];

/** The engine's own operations, from before any were replaced. */
export const real: Readonly<Record<AtomicsName, Operation>> = Object.fromEntries(NAMES.map((name) => [name, (Atomics as unknown as Globals)[name]])) as Record<
  AtomicsName,
  Operation
>;

/** The clock of the machine. */
export const realNow: () => number = performance.now.bind(performance);

/** A date for the virtual clock to start from. */
const EPOCH = Date.UTC(2020, 0, 1);

let host: Host | undefined;

/** Says which simulated thread's calls are caught from now on, if any. */
export function enter(next: Host | undefined): void {
  host = next;
}

/** Puts the replacements in place; returns what takes them out. */
export function install(): () => void {
  const undo: (() => void)[] = [];
  for (const name of NAMES) undo.push(replace(Atomics as unknown as Globals, name, shimmed(name)));
  undo.push(override(Atomics, "pause", (h) => h.pause()));
  undo.push(override(performance, "now", (h) => h.now()));
  undo.push(override(Date, "now", (h) => EPOCH + Math.floor(h.now())));
  undo.push(override(Math, "random", (h) => h.random()));
  undo.push(override(globalThis, "setTimeout", (h, callback, delay, ...rest) => h.setTimer(bound(callback, rest), Number(delay ?? 0))));
  undo.push(override(globalThis, "setImmediate", (h, callback, ...rest) => h.setTimer(bound(callback, rest), 0)));
  undo.push(override(globalThis, "setInterval", (h, callback, delay, ...rest) => h.setTicker(bound(callback, rest), Number(delay ?? 0))));
  for (const name of ["clearTimeout", "clearImmediate", "clearInterval"]) undo.push(override(globalThis, name, (h, timer) => h.clearTimer(timer)));
  return () => {
    for (const put of undo.reverse()) put();
  };
}

/** What a timer calls, with the arguments that it was given for that. */
function bound(callback: unknown, given: readonly unknown[]): () => unknown {
  return () => (callback as (...given: readonly unknown[]) => unknown)(...given);
}

function shimmed(name: AtomicsName): Operation {
  const original = real[name];
  const waits = name === "wait" || name === "waitAsync";
  const queues = waits || name === "notify";
  return (view, index, a, b) => {
    if (host === undefined) return original(view, index, a, b);
    // Arguments that are not as they should be are the runtime's own business: it converts them, or throws.
    if (!(Number.isInteger(index) && index >= 0 && index < view?.length) || (queues && !isWaitable(view, waits, a))) return original(view, index, a, b);
    if (view.buffer !== host.buffer && !host.unwinding) return original(view, index, a, b);
    return host.operate(name, view, index, a, b);
  };
}

/** Whether a word has a line of waiters, and a value fits it. */
function isWaitable(view: unknown, waits: boolean, value: unknown): boolean {
  return view instanceof Int32Array || (view instanceof BigInt64Array && (!waits || typeof value === "bigint"));
}

/** Replaces a function that exists by one that asks the host first. */
function override(owner: object, name: string, virtual: (host: Host, ...args: unknown[]) => unknown): () => void {
  const globals = owner as Globals;
  const original = globals[name];
  if (typeof original !== "function") return () => {};
  return replace(globals, name, (...args: unknown[]) => (host === undefined ? original.apply(owner, args) : virtual(host, ...args)));
}

function replace(owner: Globals, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: before?.enumerable ?? false });
  return () => {
    if (before === undefined) delete owner[name];
    else Object.defineProperty(owner, name, before);
  };
}
