/**
 * The parent's side of one child: sends batches, matches answers, reports its death.
 *
 * @module
 */
import { type AgentHandle, askToLeave, hydrate, reserveAgent, retireAgent } from "@interlock/core";
import type { Batch, BatchResult } from "../batch.ts";
import { WorkerLostError } from "../errors.ts";
import type { Exit, Port } from "../runtime/runtime.ts";
import { atDeadline } from "./deadline.ts";
import { type FromChild, seal, type ToChild, unseal } from "./message.ts";
import { type Packed, packError, type Receiver } from "./pack.ts";

/** How long a child that was asked to leave has before it is made to. */
const GRACE_MS = 100;

/** The same if this thread blocks: somebody may wait for what the child holds. Just below a slice, which sleepers need. */
const BLOCKED_GRACE_MS = 45;

/** How long the runtime has to stop a thread before what it holds counts as abandoned, stopped or not. */
const STOP_MS = 25;

interface Pending {
  readonly batch: Batch;
  readonly resolve: (result: BatchResult) => void;
  readonly reject: (error: unknown) => void;
}

/** A started thread or process. */
export class Child implements Receiver {
  /** Resolves when it has ended; never rejects. */
  readonly exited: Promise<Exit>;
  readonly name: string;
  readonly crossProcess: boolean;
  /** Whether it ran far enough to serve. */
  ready = false;
  readonly #port: Port;
  readonly #agent: AgentHandle | undefined;
  readonly #pending = new Map<number, Pending>();
  readonly #exit: (exit: Exit) => void;
  #nextId = 0;
  #alive = true;
  #killed = false;
  #leaving: Promise<void> | undefined;

  /**
   * @param open Starts it; nobody listens to its port yet.
   * @param receiver Its name, and whether it is a process.
   */
  constructor(open: () => Port, { name, crossProcess }: Receiver) {
    this.name = name;
    this.crossProcess = crossProcess;
    this.#agent = crossProcess || typeof SharedArrayBuffer !== "function" ? undefined : reserveAgent(name);
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    this.#exit = resolve;
    try {
      this.#port = open();
      this.#port.listen({
        message: (raw) => {
          const message = unseal<FromChild>(raw);
          if (message !== undefined) this.#receive(message);
        },
        unreadable: (error) => this.#unreadable(error),
        exit: (exit) => this.#ended(exit),
      });
    } catch (error) {
      this.#retire();
      throw error;
    }
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
   * @throws {TypeError} Here and now, if an argument cannot be cloned.
   */
  run(packed: Packed, transfer: readonly unknown[] = []): Promise<BatchResult> {
    const { batch, calls } = packed;
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<BatchResult>();
    if (!this.#alive) {
      reject(this.#lost({}, batch));
      return promise;
    }
    try {
      this.#send({ kind: "run", id, task: batch.task, calls }, transfer);
    } catch (cause) {
      throw packError(packed, this, transfer, cause);
    }
    this.#pending.set(id, { batch, resolve, reject });
    return promise;
  }

  /** Lets it end once nothing keeps it. */
  finish(): void {
    if (this.#alive) this.#send({ kind: "finish" });
  }

  /** Ends it: asks first, and after 100 ms at most makes it. Works also while this thread then blocks in a lock. */
  terminate(): Promise<void> {
    this.#leaving ??= this.#terminate();
    return this.#leaving;
  }

  async #terminate(): Promise<void> {
    if (!this.#alive) return;
    if (this.#agent !== undefined) askToLeave(this.#agent);
    this.#send({ kind: "leave" });
    const cancel = atDeadline(GRACE_MS, BLOCKED_GRACE_MS, () => this.kill());
    await this.exited;
    cancel();
  }

  /** Ends it without asking. */
  kill(): void {
    if (!this.#alive || this.#killed) return;
    this.#killed = true;
    // Deno's threads sleep on when they are ended, and would go on when they are woken.
    if (this.#agent !== undefined) askToLeave(this.#agent);
    // A thread that is deaf to its runtime is cut off.
    void this.#port.terminate().then(() => this.#ended({}));
    void this.exited.then(atDeadline(STOP_MS, STOP_MS, () => this.#retire()));
  }

  ref(): void {
    if (this.#alive) this.#port.ref();
  }

  unref(): void {
    if (this.#alive) this.#port.unref();
  }

  #send(message: ToChild, transfer?: readonly unknown[]): void {
    this.#port.post(seal(message), transfer);
  }

  #receive(message: FromChild): void {
    if (message.kind === "ready") this.ready = true;
    else if (message.kind === "unreadable") this.#unreadable(undefined);
    else this.#deliver(message);
  }

  #deliver(message: FromChild & { kind: "result" }): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    try {
      pending.resolve(hydrate(message.outcomes) as BatchResult);
    } catch (error) {
      pending.reject(error);
    }
  }

  /** A message to or from the child was lost. It does not say which, so nothing under way can be waited for. */
  #unreadable(cause: unknown): void {
    this.#rejectPending(
      ({ task }) => new TypeError(`Cannot finish task ${JSON.stringify(task.name)} as a message between it and its caller cannot be read`, { cause }),
    );
  }

  #ended(exit: Exit): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#retire();
    this.#rejectPending((batch) => this.#lost(exit, batch));
    this.#exit(exit);
  }

  #rejectPending(reason: (batch: Batch) => Error): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { batch, reject } of pending) reject(reason(batch));
  }

  #retire(): void {
    if (this.#agent !== undefined) retireAgent(this.#agent);
  }

  #lost(exit: Exit, batch: Batch): WorkerLostError {
    const how = exit.signal !== undefined ? `signal ${exit.signal}` : exit.code !== undefined ? `exit code ${exit.code}` : "no exit code";
    return new WorkerLostError(`Cannot finish task ${JSON.stringify(batch.task.name)} as ${this.name} ended with ${how} before it delivered the result`, {
      exitCode: exit.code,
      signal: exit.signal,
      taskIndex: batch.first,
      cause: exit.error,
    });
  }
}
