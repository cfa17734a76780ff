/**
 * Runs the batches of a worker, in the order of arrival.
 *
 * @module
 */
import type { Claims } from "../channel/claims.ts";
import type { TaskScope } from "../runtime/runtime.ts";
import { findTask, functionOf, knownTask } from "../task.ts";
import { enterWorker } from "../task-scope.ts";
import type { Assignment } from "./assignment.ts";
import { type Care, Work, type Workshop } from "./work.ts";

/** After so long without a turn the event loop gets one: messages wait, and what tasks left behind. */
const TURN_MS = 25;

/** What takes longer is not settled within one turn. */
const LONG_MS = 1;

/** Runs batches. */
export class Runner {
  readonly #scope: TaskScope;
  readonly #worker: ReturnType<typeof enterWorker>;
  readonly #shop: Workshop;
  readonly #claims: Claims | undefined;
  /** Those with calls to begin, oldest first. */
  readonly #waiting: Work[] = [];
  /** Those that have not ended. */
  readonly #works = new Map<number, Work>();
  readonly #care: Care;
  #running = 0;
  #pumping = false;
  #held = true;
  #turned = performance.now();
  #whenIdle: (() => void)[] = [];

  constructor(scope: TaskScope, shop: Workshop, claims: Claims | undefined) {
    this.#scope = scope;
    this.#shop = shop;
    this.#claims = claims;
    this.#worker = enterWorker(scope);
    const settled = (milliseconds: number): void => {
      this.#running--;
      if (milliseconds > LONG_MS) this.hadTurn();
      this.pump();
    };
    this.#care = { hold: scope.hold, runAs: shop.concurrency > 1 ? scope.runAs : undefined, settled };
  }

  /** When the event loop had its turn, as far as is known. */
  get turned(): number {
    return this.#turned;
  }

  /** The event loop has just had its turn. */
  hadTurn(): void {
    this.#turned = performance.now();
  }

  /** Begins with what has arrived, and goes on. */
  open(): void {
    this.#held = false;
    this.hadTurn();
    this.pump();
  }

  /**
   * Takes a batch; `pump` runs it.
   *
   * @param missing Why no call of it can run.
   */
  add(assignment: Assignment, slot: number, missing?: unknown): void {
    const work = new Work(assignment, slot, this.#claims, this.#shop);
    work.missing = missing;
    this.#works.set(assignment.id, work);
    this.#waiting.push(work);
  }

  /** Runs what belongs to no batch, before all of them. */
  async once(task: (...args: unknown[]) => unknown, args: readonly unknown[]): Promise<void> {
    const { workerId, state } = this.#shop;
    const { signal } = new AbortController();
    this.#worker.only = { context: () => ({ signal, report: () => {}, workerId, state }) };
    const unsettled = this.#scope.run(async () => task(...args));
    this.#scope.hold(unsettled);
    await unsettled;
  }

  abort(id: number, reason: unknown): void {
    this.#works.get(id)?.abort(reason);
  }

  /** Whether it has nothing to do, and would begin at once with whatever came. */
  get vacant(): boolean {
    return this.#idle && !this.#held;
  }

  get #idle(): boolean {
    return this.#waiting.length === 0 && this.#running === 0;
  }

  /** Calls back once nothing runs and nothing waits. */
  whenIdle(callback: () => void): void {
    if (this.#idle) callback();
    else this.#whenIdle.push(callback);
  }

  /** Runs what can be run now. */
  readonly pump = (): void => {
    if (this.#pumping || this.#held) return;
    this.#pumping = true;
    this.#scope.run(this.#run);
    this.#pumping = false;
    if (!this.#idle) return;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const callback of waiting) callback();
  };

  readonly #run = (): void => {
    for (let work = this.#waiting[0]; work !== undefined; work = this.#waiting[0]) {
      if (this.#running >= this.#shop.concurrency) return;
      this.#shop.checkpoint();
      if (work.task === undefined && work.missing === undefined && !this.#find(work)) return;
      this.#advance(work);
      if (!work.exhausted) continue;
      this.#waiting.shift();
      this.#works.delete(work.assignment.id);
      if (performance.now() > this.#turned + TURN_MS) {
        this.#held = true;
        setTimeout(() => this.open(), 0);
        return;
      }
    }
  };

  #advance(work: Work): void {
    if (this.#shop.concurrency === 1) this.#worker.only = work;
    if (work.advance(this.#care)) this.#running++;
  }

  /** Whether the task of a batch is known already; else it is looked for, and the rest waits. */
  #find(work: Work): boolean {
    const known = knownTask(work.assignment.task);
    if (known !== undefined) {
      work.task = functionOf(known);
      return true;
    }
    this.#held = true;
    work.seeking = true;
    // What the module does while it is imported is no task's doing.
    void this.#scope
      .outside(() => findTask(work.assignment.task))
      .then(
        (task) => {
          work.task = functionOf(task);
        },
        (error: unknown) => {
          work.missing = error ?? new TypeError(`Cannot run task ${JSON.stringify(work.assignment.task.name)} as importing its module threw undefined`);
        },
      )
      .then(() => {
        work.seeking = false;
        this.open();
      });
    return false;
  }
}
