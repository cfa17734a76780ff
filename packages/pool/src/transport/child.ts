/**
 * The parent's side of one child: sends batches, matches answers, reports its death.
 *
 * @module
 */
import { type AgentHandle, askToLeave, dehydrate, hydrate, onCheckpoint, reserveAgent, retireAgent } from "@interlock/core";
import type { Batch, BatchResult, FromChild, Outcome, ToChild } from "../batch.ts";
import { WorkerLostError } from "../errors.ts";
import type { Exit, Port } from "../runtime/runtime.ts";

/** How long a child that was asked to leave has before it is made to. */
const GRACE_MS = 100;

interface Pending {
  readonly batch: Batch;
  readonly resolve: (result: BatchResult) => void;
  readonly reject: (error: unknown) => void;
}

/** A started thread or process. */
export class Child {
  /** Resolves when it has ended; never rejects. */
  readonly exited: Promise<Exit>;
  /** Whether it ran far enough to serve. */
  ready = false;
  readonly #port: Port;
  readonly #agent: AgentHandle | undefined;
  readonly #name: string;
  readonly #pending = new Map<number, Pending>();
  readonly #exit: (exit: Exit) => void;
  #nextId = 0;
  #alive = true;
  #leaving: Promise<void> | undefined;

  /**
   * @param port A port that nobody listens to yet.
   * @param sharesMemory Whether core objects may travel to the child.
   * @param name What to call it in errors.
   */
  constructor(port: Port, sharesMemory: boolean, name: string) {
    this.#port = port;
    this.#name = name;
    this.#agent = sharesMemory ? reserveAgent(name) : undefined;
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    this.#exit = resolve;
    port.listen({
      message: (message) => this.#receive(message as FromChild),
      exit: (exit) => this.#ended(exit),
    });
    this.#send({ kind: "start", agent: this.#agent });
  }

  get id(): number | undefined {
    return this.#port.id;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Runs a batch. The promise settles exactly once, whatever dies.
   *
   * @throws Here and now if an argument cannot be cloned or shared.
   */
  run(batch: Batch, transfer: readonly unknown[] = []): Promise<BatchResult> {
    const id = this.#nextId++;
    const calls = dehydrate(batch.calls, [], { crossProcess: this.#agent === undefined, name: "arguments" });
    const { promise, resolve, reject } = Promise.withResolvers<BatchResult>();
    if (!this.#alive) {
      reject(this.#lost({}, batch));
      return promise;
    }
    this.#send({ kind: "run", id, task: batch.task, calls }, transfer);
    this.#pending.set(id, { batch, resolve, reject });
    return promise;
  }

  /** Lets it end once nothing keeps it. */
  finish(): void {
    if (this.#alive) this.#send({ kind: "finish" });
  }

  /** Ends it: asks first, and after 100 ms makes it. Works also while this thread then blocks in a lock. */
  terminate(): Promise<void> {
    this.#leaving ??= this.#terminate();
    return this.#leaving;
  }

  async #terminate(): Promise<void> {
    if (!this.#alive) return;
    if (this.#agent !== undefined) askToLeave(this.#agent);
    this.#send({ kind: "leave" });
    const started = performance.now();
    // If this thread blocks meanwhile, no timer fires; the slices of its wait do.
    const stopChore = onCheckpoint(() => {
      if (performance.now() - started >= GRACE_MS) this.kill();
    });
    const timer = setTimeout(() => this.kill(), GRACE_MS);
    await this.exited;
    clearTimeout(timer);
    stopChore();
  }

  /** Ends it without asking. */
  kill(): void {
    if (!this.#alive) return;
    const gone = this.#port.terminate();
    // A thread that is deaf to its runtime is cut off: what it holds counts as abandoned.
    void gone.then(() => this.#ended({}));
    const killed = performance.now();
    const stopChore = onCheckpoint(() => {
      if (performance.now() - killed < GRACE_MS / 2) return;
      this.#retire();
      stopChore();
    });
    void this.exited.then(stopChore);
  }

  ref(): void {
    if (this.#alive) this.#port.ref();
  }

  unref(): void {
    if (this.#alive) this.#port.unref();
  }

  #send(message: ToChild, transfer?: readonly unknown[]): void {
    this.#port.post(message, transfer);
  }

  #receive(message: FromChild): void {
    if (message.kind === "ready") {
      this.ready = true;
      return;
    }
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    try {
      pending.resolve(hydrate(message.outcomes) as Outcome[]);
    } catch (error) {
      pending.reject(error);
    }
  }

  #ended(exit: Exit): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#retire();
    for (const { batch, reject } of this.#pending.values()) reject(this.#lost(exit, batch));
    this.#pending.clear();
    this.#exit(exit);
  }

  #retire(): void {
    if (this.#agent !== undefined) retireAgent(this.#agent);
  }

  #lost(exit: Exit, batch: Batch): WorkerLostError {
    const how = exit.signal !== undefined ? `signal ${exit.signal}` : exit.code !== undefined ? `exit code ${exit.code}` : "no exit code";
    return new WorkerLostError(`Cannot finish task ${JSON.stringify(batch.task.name)} as ${this.#name} ended with ${how} before it delivered the result`, {
      exitCode: exit.code,
      signal: exit.signal,
      taskIndex: batch.first,
      cause: exit.error,
    });
  }
}
