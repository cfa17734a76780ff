/**
 * The replay engine: all threads run in this one, each suspended by throwing and resumed by running again over its log.
 *
 * What runs on an empty stack until the stack is empty again is a turn: the call of a thread's function, and each job of
 * an async one. A switch is the only time that anything is replayed: as long as the same thread is chosen, its operation
 * just returns.
 *
 * @module
 */
import type { Chooser } from "./chooser.ts";
import { sharedContext, threadContext } from "./contexts.ts";
import { type Coroutine, UNWIND } from "./coroutine.ts";
import { IDLE, READY, type Timer, type Waiter } from "./model.ts";
import { Operations } from "./operations.ts";
import type { ExploreOptions, Scenario, SharedContext } from "./scenario.ts";
import { enter } from "./shim.ts";
import { type Fault, Timeline } from "./timeline.ts";
import { describeDeadlock, describeError } from "./trace.ts";

export class ReplayEngine {
  readonly #scenario: Scenario;
  readonly #timeline: Timeline;
  readonly #operations: Operations;
  readonly #shared: SharedContext;
  #drained = false;

  constructor(scenario: Scenario, options: ExploreOptions) {
    this.#scenario = scenario;
    const timeline = new Timeline(scenario, options);
    this.#timeline = timeline;
    this.#operations = new Operations(timeline);
    this.#shared = sharedContext(scenario, timeline);
    for (const coroutine of timeline.coroutines) {
      coroutine.context = threadContext(coroutine.thread.id, scenario, this.#shared, timeline, this.#operations);
    }
    this.#setUp();
    timeline.found();
  }

  #setUp(): void {
    try {
      this.#scenario.setup?.(this.#shared);
    } catch (error) {
      if (error !== UNWIND) throw error;
      throw new Error(`Cannot explore as an assertion of setup failed: ${this.#timeline.fault?.message}`);
    }
  }

  get steps(): number {
    return this.#timeline.steps;
  }

  get fault(): Fault | undefined {
    return this.#timeline.fault;
  }

  /** The choices so far. */
  get path(): readonly number[] {
    return this.#timeline.scheduler.path;
  }

  /** Goes back to the initial state; collects a line for each operation if `trace` is there. */
  begin(chooser: Chooser, trace?: string[]): void {
    this.#timeline.begin(chooser, trace);
    this.#drained = false;
  }

  /** Runs until the schedule has ended (true), or until microtasks must run before it is called again (false). */
  advance(): boolean {
    const timeline = this.#timeline;
    for (;;) {
      if (timeline.me === undefined) {
        const next = timeline.over ? undefined : (timeline.chosen ?? timeline.choose());
        if (next === undefined) return this.#conclude();
        timeline.chosen = undefined;
        this.#resume(timeline.coroutines[next.id] as Coroutine);
      }
      const me = timeline.me as unknown as Coroutine;
      if (me.async && !this.#drained) {
        this.#drained = true;
        return false;
      }
      this.#drained = false;
      if (this.#settle(me)) continue;
      timeline.me = undefined;
    }
  }

  /** A promise was rejected and nobody handles it. Returns false if no thread of ours did that. */
  rejected(reason: unknown): boolean {
    const { me } = this.#timeline;
    if (me === undefined) return false;
    if (!me.unwinding) this.#timeline.fail("error", `thread ${me.thread.id} left a rejected promise: ${describeError(reason)}`, reason);
    return true;
  }

  #conclude(): true {
    enter(undefined);
    const timeline = this.#timeline;
    if (timeline.broken !== undefined) throw timeline.broken;
    if (timeline.fault !== undefined || timeline.scheduler.pruned) return true;
    if (timeline.model.open > 0) {
      timeline.fail("deadlock", describeDeadlock(timeline.model));
      return true;
    }
    try {
      this.#scenario.final?.(this.#shared);
    } catch (error) {
      if (error !== UNWIND) timeline.fail("error", `final threw ${describeError(error)}`, error);
    }
    return true;
  }

  /** Lets a thread go on from where it is. */
  #resume(me: Coroutine): void {
    const timeline = this.#timeline;
    timeline.me = me;
    enter(this.#operations);
    me.granted = true;
    const { job } = timeline.scheduler;
    // Its stack is empty, so its present life goes on.
    if (job !== undefined) {
      this.#startLive(me, job);
      return;
    }
    me.rebirth();
    if (me.log.length > 0) {
      timeline.rewind(me);
    } else {
      me.live = true;
      timeline.record(me, "start", -1, undefined);
    }
    this.#call(me);
  }

  #call(me: Coroutine): void {
    const { life } = me;
    let value: unknown;
    try {
      value = this.#scenario.thread(me.context);
    } catch (error) {
      this.#threw(me, life, error);
      return;
    }
    if (!isThenable(value)) {
      me.returned = true;
      return;
    }
    me.async = true;
    const returned = (): void => {
      if (me.life === life) me.returned = true;
    };
    value.then(returned, (error: unknown) => this.#threw(me, life, error));
  }

  #threw(me: Coroutine, life: number, error: unknown): void {
    if (me.life === life && !me.unwinding) this.#timeline.fail("error", `thread ${me.thread.id} threw ${describeError(error)}`, error);
  }

  /** Looks after a turn; true if the replay led to another one of the same thread. */
  #settle(me: Coroutine): boolean {
    if (me.unwinding) {
      this.#timeline.suspended();
      return false;
    }
    if (!me.live) return this.#nextReplayedTurn(me);
    const { thread } = me;
    thread.state = IDLE;
    if (me.returned && !thread.ended) this.#timeline.model.end(thread);
    return false;
  }

  #nextReplayedTurn(me: Coroutine): boolean {
    const { log, cursor } = me;
    const kind = cursor < log.length ? log.kinds[cursor] : me.pendingKind;
    if (kind !== "ticket" && kind !== "timer") {
      this.#timeline.failNondeterminism(`thread ${me.thread.id} ended a turn where it did ${kind} before`);
      return false;
    }
    this.#timeline.recall(me);
    enter(this.#operations);
    this.#startJob(me, kind, log.addresses[cursor] as number, log.results[cursor]);
    return true;
  }

  #startLive(me: Coroutine, job: Waiter | Timer): void {
    const { thread } = me;
    thread.state = READY;
    if (!this.#timeline.count()) return;
    let kind: "ticket" | "timer" = "timer";
    let result: string | undefined;
    if ("result" in job) {
      kind = "ticket";
      result = job.result;
      this.#timeline.races?.line(thread.id, job.address);
    }
    this.#timeline.tell(thread.id, `${kind} ${job.index}`, -1, [], result);
    this.#timeline.record(me, kind, job.index, result);
    this.#startJob(me, kind, job.index, result);
  }

  #startJob(me: Coroutine, kind: "ticket" | "timer", index: number, result: unknown): void {
    if (kind === "ticket") {
      me.tickets[index]?.(result);
      return;
    }
    try {
      me.timers[index]?.();
    } catch (error) {
      this.#threw(me, me.life, error);
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}
