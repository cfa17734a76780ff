/**
 * What the globals do in a worker while its thread runs: they ask the controller first.
 *
 * @module
 */
import { UNWIND } from "../coroutine.ts";
import { Random } from "../random.ts";
import type { Context, SharedContext } from "../scenario.ts";
import { sleepless, toCount, toTimeout } from "../semantics.ts";
import { type AtomicsName, type Host, type IntegerView, real } from "../shim.ts";
import { describeError } from "../trace.ts";
import { ARRIVED, type Channel, ENDED, FAILED, type Kind, SLEEPS, UNWIND_NOW } from "./channel.ts";

/** How waits end, by the number that the controller answers. */
export const WOKEN = ["ok", "timed-out"] as const;

/** How many cells workers share. */
export const CELLS = 64;

export class WorkerHost implements Host {
  readonly buffer: SharedArrayBuffer;
  unwinding = false;
  readonly context: Context;
  readonly #channel: Channel;
  readonly #id: number;
  #random: Random;

  constructor(channel: Channel, id: number, shared: SharedContext, mortal: boolean) {
    this.#channel = channel;
    this.#id = id;
    this.#random = new Random(id);
    this.buffer = shared.buffer;
    this.context = {
      ...shared,
      id,
      assert: (ok, message) => {
        if (!ok) this.#fail("assertion", `thread ${id}: ${message}`);
      },
      mark: () => this.#ask("memory", -1, 0),
      now: () => this.now(),
      alive: (thread) => {
        if (!mortal) return true;
        this.#ask("alive", thread, 0);
        return this.#channel.result === 1;
      },
    };
  }

  /** Runs a thread once; returns the next command. */
  run(thread: (context: Context) => unknown): number {
    this.unwinding = false;
    this.#random = new Random(this.#id);
    this.#channel.changed = false;
    try {
      const value = thread(this.context);
      if (value !== undefined) throw new TypeError("Cannot run an async thread in a worker: use explore()");
    } catch (error) {
      if (!this.unwinding) this.#report("error", `thread ${this.#id} threw ${describeError(error)}`);
    }
    return this.#channel.report(ENDED, "memory", -1, 0);
  }

  operate(name: AtomicsName, view: IntegerView, index: number, a: unknown, b: unknown): unknown {
    const address = view.byteOffset + index * view.BYTES_PER_ELEMENT;
    switch (name) {
      case "wait":
        return this.#wait(view, index, address, a, b);
      case "waitAsync":
        throw new TypeError("Cannot wait asynchronously in a worker: use explore()");
      case "notify":
        this.#ask("notify", address, toCount(a));
        return this.#channel.result;
      default:
        return this.#access(name, view, index, address, a, b);
    }
  }

  #access(name: AtomicsName, view: IntegerView, index: number, address: number, a: unknown, b: unknown): unknown {
    this.#ask("memory", address, 0);
    const before = view[index];
    const result = real[name](view, index, a, b);
    this.#channel.changed = view[index] !== before;
    return result;
  }

  #wait(view: IntegerView, index: number, address: number, value: unknown, timeout: unknown): unknown {
    this.#ask("wait", address, 0);
    const result = sleepless(view, index, value, timeout);
    if (result !== undefined) return result;
    this.#obey(this.#channel.report(SLEEPS, "wait", address, toTimeout(timeout)));
    return WOKEN[this.#channel.result];
  }

  /** Comes before each operation: returns once it is this thread's turn. */
  #ask(kind: Kind, address: number, argument: number): void {
    if (this.unwinding) throw UNWIND;
    this.#obey(this.#channel.report(ARRIVED, kind, address, argument));
  }

  #obey(command: number): void {
    this.#channel.changed = false;
    if (command !== UNWIND_NOW) return;
    this.unwinding = true;
    throw UNWIND;
  }

  #fail(kind: Kind, message: string): never {
    if (!this.unwinding) this.#report(kind, message);
    throw UNWIND;
  }

  #report(kind: Kind, message: string): void {
    this.unwinding = true;
    this.#channel.text = message;
    this.#channel.report(FAILED, kind, -1, 0);
  }

  pause(): void {
    this.#ask("memory", -1, 0);
  }

  now(): number {
    return this.#channel.clock;
  }

  random(): number {
    return this.#random.next();
  }

  setTimer(): never {
    throw new TypeError("Cannot set a timer in a worker: use explore()");
  }

  setTicker(): never {
    return this.setTimer();
  }

  clearTimer(): void {}
}
