/**
 * The results of an `imap`, as they are asked for.
 *
 * @module
 */
import type { TaskReference } from "../task.ts";
import { type Call, CallsJob } from "./calls.ts";
import type { JobOptions } from "./job.ts";
import type { Progress } from "./progress.ts";
import type { Scheduler } from "./scheduler.ts";

/** A source of items, of either kind. */
export type Source = Iterator<unknown> | AsyncIterator<unknown>;

/** How a stream works. */
export interface StreamInit {
  readonly task: TaskReference;
  readonly source: Source;
  readonly options: JobOptions;
  readonly chunkSize: number | undefined;
  /** How many items are with the workers, or wait as results, at most. */
  readonly bufferSize: number;
  /** Whether results come in the order of their items. */
  readonly ordered: boolean;
  /** Whether it ends with the first error. */
  readonly failFast: boolean;
  readonly progress: Progress;
  readonly onReport: ((value: unknown, index: number) => void) | undefined;
  /** Throws if the pool takes nothing. */
  readonly requireOpen: () => void;
}

type Result = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** Results on demand. */
export class Stream<R> implements AsyncIterableIterator<R, undefined> {
  readonly #init: StreamInit;
  readonly #scheduler: Scheduler;
  #job: CallsJob | undefined;
  /** Items of a chunk that is not full yet. */
  #chunk: Call[] = [];
  #pulled = 0;
  #delivered = 0;
  #pulling = false;
  #sourceDone = false;
  #sourceError: Result | undefined;
  /** Results that nobody asked for yet: by index if they come in order. */
  readonly #ready = new Map<number, Result>();
  readonly #asked: { readonly resolve: (result: IteratorResult<R, undefined>) => void; readonly reject: (reason: unknown) => void }[] = [];
  #over = false;
  readonly #onAbort = (): void => this.#end({ ok: false, error: this.#init.options.signal?.reason });

  constructor(init: StreamInit, scheduler: Scheduler) {
    this.#init = init;
    this.#scheduler = scheduler;
    init.options.signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next result. Rejects with what its call threw, or what the source threw. */
  next(): Promise<IteratorResult<R, undefined>> {
    if (this.#over) {
      const error = this.#sourceError;
      this.#sourceError = undefined;
      return error === undefined || error.ok ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error.error);
    }
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<R, undefined>>();
    this.#asked.push({ resolve, reject });
    try {
      this.#init.progress.begin();
    } catch (error) {
      this.#end({ ok: false, error });
    }
    this.#answer();
    this.#pull();
    return promise;
  }

  /** Ends it: nothing more is pulled or sent, and the source is closed. */
  async return(): Promise<IteratorResult<R, undefined>> {
    this.#end();
    return { done: true, value: undefined };
  }

  /** Pulls as long as there is room. */
  #pull(): void {
    const { source, bufferSize, requireOpen } = this.#init;
    while (!this.#pulling && !this.#sourceDone && !this.#over && this.#pulled - this.#delivered < bufferSize) {
      let step: IteratorResult<unknown> | Promise<IteratorResult<unknown>>;
      try {
        requireOpen();
        step = source.next();
      } catch (error) {
        this.#sourceFailed(error);
        return;
      }
      if (typeof (step as Partial<PromiseLike<unknown>>).then !== "function") {
        this.#take(step as IteratorResult<unknown>);
        continue;
      }
      this.#pulling = true;
      (step as Promise<IteratorResult<unknown>>).then(
        (result) => {
          this.#pulling = false;
          this.#take(result);
          this.#pull();
        },
        (error: unknown) => {
          this.#pulling = false;
          this.#sourceFailed(error);
        },
      );
    }
  }

  #take({ done, value }: IteratorResult<unknown>): void {
    if (this.#over) return;
    if (done) {
      this.#sourceDone = true;
      this.#init.progress.expect(this.#pulled);
      this.#sendChunk();
      this.#answer();
      return;
    }
    const index = this.#pulled++;
    const settled = (result: Result): void => this.#settled(index, result);
    const call: Call = {
      args: [value],
      index,
      resolve: (result) => settled({ ok: true, value: result }),
      reject: (error) => settled({ ok: false, error }),
      onReport: this.#init.onReport && ((report) => this.#report(index, report)),
    };
    const { chunkSize } = this.#init;
    this.#chunk.push(call);
    if (this.#chunk.length === (chunkSize ?? 1)) this.#sendChunk();
  }

  #sendChunk(): void {
    const chunk = this.#chunk;
    this.#chunk = [];
    if (chunk.length > 0) this.#send(chunk);
  }

  #send(calls: Call[]): void {
    const { task, options, chunkSize } = this.#init;
    if (chunkSize === undefined && this.#job !== undefined && this.#scheduler.holds(this.#job)) {
      for (const call of calls) {
        this.#job.add(call);
        this.#scheduler.grew();
      }
      return;
    }
    this.#job = new CallsJob(task, calls, this.#scheduler.now, options, chunkSize);
    this.#scheduler.submit(this.#job);
  }

  #sourceFailed(error: unknown): void {
    if (this.#over) return;
    this.#sourceDone = true;
    this.#sourceError = { ok: false, error };
    this.#sendChunk();
    this.#answer();
  }

  #report(index: number, report: unknown): void {
    if (this.#over) return;
    try {
      this.#init.onReport?.(report, index);
    } catch (error) {
      this.#end({ ok: false, error });
    }
  }

  #settled(index: number, result: Result): void {
    if (this.#over) return;
    this.#ready.set(index, result);
    try {
      this.#init.progress.add(1, result.ok ? 0 : 1);
    } catch (error) {
      this.#end({ ok: false, error });
      return;
    }
    this.#answer();
    this.#pull();
  }

  /** Gives results to those who asked. */
  #answer(): void {
    while (this.#asked.length > 0 && !this.#over) {
      const index = this.#init.ordered ? this.#delivered : (this.#ready.keys().next().value ?? -1);
      const result = this.#ready.get(index);
      if (result === undefined) {
        if (this.#sourceDone && this.#delivered === this.#pulled) this.#end(this.#sourceError);
        return;
      }
      this.#ready.delete(index);
      this.#delivered++;
      if (!result.ok && this.#init.failFast) {
        this.#end(result);
        return;
      }
      const asked = this.#asked.shift();
      if (result.ok) asked?.resolve({ done: false, value: result.value as R });
      else asked?.reject(result.error);
    }
  }

  /** Ends it; whoever asks first gets the error, if there is one. */
  #end(last?: Result): void {
    if (this.#over) return;
    this.#over = true;
    this.#init.options.signal?.removeEventListener("abort", this.#onAbort);
    this.#ready.clear();
    const { source, progress, options } = this.#init;
    this.#sourceError = undefined;
    let failure = last?.ok === false ? last : undefined;
    const closed = this.#sourceDone;
    this.#sourceDone = true;
    try {
      if (failure === undefined) progress.end();
      else progress.fail();
    } catch (error) {
      failure = { ok: false, error };
    }
    try {
      if (!closed) void Promise.resolve(source.return?.()).catch(() => {});
    } catch (error) {
      failure ??= { ok: false, error };
    }
    for (const { resolve, reject } of this.#asked.splice(0)) {
      if (failure === undefined) resolve({ done: true, value: undefined });
      else reject(failure.error);
      failure = undefined;
    }
    this.#sourceError = failure;
    // What comes back belongs to other jobs, but has the same options.
    this.#scheduler.drop((job) => job.options === options, undefined);
  }
}
