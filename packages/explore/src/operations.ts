/**
 * What the globals do while a thread of the replay engine runs.
 *
 * @module
 */
import { type Coroutine, UNWIND } from "./coroutine.ts";
import { Thrown } from "./log.ts";
import { DEAD, type Model } from "./model.ts";
import { ACQUIRE, RELEASE } from "./races.ts";
import { Random } from "./random.ts";
import { sleepless, toCount, toTimeout } from "./semantics.ts";
import { type AtomicsName, type Host, type IntegerView, real } from "./shim.ts";
import type { Timeline } from "./timeline.ts";
import { VirtualTimer } from "./virtual-timer.ts";

export class Operations implements Host {
  readonly buffer: SharedArrayBuffer;
  readonly #timeline: Timeline;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.buffer = timeline.memory.buffer;
  }

  get unwinding(): boolean {
    return this.#timeline.me?.unwinding ?? false;
  }

  operate(name: AtomicsName, view: IntegerView, index: number, a: unknown, b: unknown): unknown {
    const address = view.byteOffset + index * view.BYTES_PER_ELEMENT;
    const me = this.#timeline.arrive(name, address);
    if (me === undefined) return this.#recalled(name);
    this.#timeline.touch(address, view.BYTES_PER_ELEMENT);
    if (name === "wait") return this.#wait(me, view, index, address, a, b);
    if (name === "waitAsync") return this.#waitAsync(me, view, index, address, a, b);
    if (name === "notify") return this.#notify(me, address, a);
    return this.#access(me, name, view, index, address, a, b);
  }

  /** The result of an operation that was done before. */
  #recalled(name: AtomicsName): unknown {
    const me = this.#timeline.me as Coroutine;
    const result = me.log.results[me.cursor - 1];
    if (result instanceof Thrown) throw result.error;
    return name === "waitAsync" ? ticketed(me, result) : result;
  }

  #access(me: Coroutine, name: AtomicsName, view: IntegerView, index: number, address: number, a: unknown, b: unknown): unknown {
    const timeline = this.#timeline;
    const before = view[index];
    let result: unknown;
    try {
      result = real[name](view, index, a, b);
    } catch (error) {
      result = new Thrown(error);
    }
    timeline.races?.word(me.thread.id, address, effect(name, result === a));
    timeline.finish(me, name, address, result, view[index] !== before);
    if (timeline.trace !== undefined) timeline.tell(me.thread.id, name, address, [a, b], result);
    if (result instanceof Thrown) throw result.error;
    return result;
  }

  /** Compares and goes to sleep in one step; comes back here, after a replay, once it was woken. */
  #wait(me: Coroutine, view: IntegerView, index: number, address: number, value: unknown, timeout: unknown): unknown {
    const timeline = this.#timeline;
    const { thread } = me;
    timeline.races?.line(thread.id, address);
    if (thread.woken === undefined) timeline.races?.word(thread.id, address, ACQUIRE);
    // Nobody can tell its return from its next operation: one choice is enough for both.
    me.granted = thread.woken !== undefined;
    const result = thread.woken ?? sleepless(view, index, value, timeout);
    if (result === undefined) {
      timeline.model.sleep(thread, -1, address, toTimeout(timeout));
      timeline.tell(thread.id, "wait", address, [value, timeout], "sleeps");
      timeline.suspend(me, "wait", address);
    }
    thread.woken = undefined;
    timeline.finish(me, "wait", address, result, false);
    timeline.tell(thread.id, "wait", address, [value, timeout], result);
    return result;
  }

  #waitAsync(me: Coroutine, view: IntegerView, index: number, address: number, value: unknown, timeout: unknown): unknown {
    const timeline = this.#timeline;
    const { thread } = me;
    timeline.races?.line(thread.id, address);
    timeline.races?.word(thread.id, address, ACQUIRE);
    me.async = true;
    const result = sleepless(view, index, value, timeout) ?? me.tickets.length;
    if (typeof result === "number") timeline.model.sleep(thread, result, address, toTimeout(timeout));
    timeline.finish(me, "waitAsync", address, result, false);
    timeline.tell(thread.id, "waitAsync", address, [value, timeout], typeof result === "number" ? `ticket ${result}` : result);
    return ticketed(me, result);
  }

  #notify(me: Coroutine, address: number, count: unknown): number {
    const timeline = this.#timeline;
    timeline.races?.line(me.thread.id, address);
    const woken = timeline.scheduler.notify(address, toCount(count));
    timeline.finish(me, "notify", address, woken, woken > 0);
    timeline.tell(me.thread.id, "notify", address, [count], woken);
    return woken;
  }

  pause(): void {
    this.mark("pause");
  }

  /** A point at which others may come in, and nothing else. */
  mark(kind: "mark" | "pause"): void {
    const timeline = this.#timeline;
    const me = timeline.arrive(kind, -1);
    if (me === undefined) return;
    timeline.finish(me, kind, -1, undefined, false);
    timeline.tell(me.thread.id, kind, -1, [], undefined);
  }

  alive(id: number): boolean {
    const timeline = this.#timeline;
    const me = timeline.arrive("alive", id);
    if (me === undefined) return this.#recalled("load") as boolean;
    const alive = timeline.model.threads[id]?.state !== DEAD;
    if (!alive) timeline.races?.noticed(me.thread.id, id);
    timeline.finish(me, "alive", id, alive, false);
    timeline.tell(me.thread.id, "alive", -1, [id], alive);
    return alive;
  }

  // What follows is no operation: no other thread comes in between.

  now(): number {
    const me = this.#timeline.onStack();
    return me.live ? this.#timeline.model.clock : (me.log.clocks[me.cursor - 1] as number);
  }

  random(): number {
    const me = this.#timeline.onStack();
    me.random ??= new Random(me.thread.id);
    return me.random.next();
  }

  setTimer(callback: () => void, delay: number): VirtualTimer {
    return this.#arm(callback, ({ thread }, index, model) => {
      if (delay < Infinity) model.timers.push({ thread, index, deadline: model.clock + Math.max(0, delay) });
    });
  }

  setTicker(callback: () => void, period: number): VirtualTimer {
    return this.#arm(callback, ({ thread }, index, model) => model.repeat(thread, index, period));
  }

  /** Notes what a timer calls; it begins only where that has not happened before. */
  #arm(callback: () => void, begin: (me: Coroutine, index: number, model: Model) => void): VirtualTimer {
    const me = this.#timeline.onStack();
    const index = me.timers.length;
    me.timers.push(callback);
    me.async = true;
    if (me.live) begin(me, index, this.#timeline.model);
    return new VirtualTimer(index);
  }

  clearTimer(timer: unknown): void {
    const me = this.#timeline.onStack();
    if (!me.live || !(timer instanceof VirtualTimer)) return;
    const { model } = this.#timeline;
    const pending = model.timers.find(({ thread, index }) => thread === me.thread && index === timer.index);
    if (pending !== undefined) model.dropTimer(pending);
  }

  /** A thread reads a plain cell, or writes a value to it. */
  use(cell: number, value?: number): void {
    const writes = value !== undefined;
    const timeline = this.#timeline;
    const me = timeline.onStack();
    if (!me.live) return;
    if (writes) timeline.scheduler.did(true);
    else timeline.noteSeen(me, "get", cell, timeline.memory.get(cell));
    if (timeline.trace !== undefined) timeline.tell(me.thread.id, `${writes ? "set" : "get"}(${cell})`, -1, [], value ?? timeline.memory.get(cell));
    const other = timeline.races?.use(me.thread.id, cell, writes) ?? -1;
    if (other < 0) return;
    timeline.fail("race", `threads ${Math.min(other, me.thread.id)} and ${Math.max(other, me.thread.id)} use cell ${cell} without order between them`);
    throw UNWIND;
  }
}

/** What `waitAsync` returns; `result` is the number of a ticket, or why there is none. */
function ticketed(me: Coroutine, result: unknown): { async: boolean; value: unknown } {
  if (typeof result !== "number") return { async: false, value: result };
  const value = new Promise((resolve) => {
    me.tickets[result] = resolve;
  });
  return { async: true, value };
}

/** What an operation orders: a compare-exchange that fails is but a read. */
function effect(name: AtomicsName, exchanged: boolean): number {
  if (name === "load") return ACQUIRE;
  if (name === "store") return RELEASE;
  return name === "compareExchange" && !exchanged ? ACQUIRE : ACQUIRE | RELEASE;
}
