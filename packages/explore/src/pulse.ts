/**
 * Waits until all microtasks have run, before anything else in the process gets its turn.
 *
 * Immediates that were queued together run one after the other, each followed by its microtasks. So a batch is queued at
 * once, and each wait takes one: foreign timers and messages run only between batches.
 *
 * @module
 */

const BATCH = 32;

export class Pulse {
  /** Runs as soon as the microtasks are done. */
  readonly #done: () => void;
  #left = 0;
  #resolve: (() => void) | undefined;

  constructor(done: () => void) {
    this.#done = done;
  }

  /** Lets the rest of the process have its turn, and makes sure that the next wait finds an immediate already queued. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => soon(resolve));
    await this.next();
  }

  /** Waits for the microtasks of a turn. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      if (this.#left === 0) this.#queue();
    });
  }

  #queue(): void {
    this.#left = BATCH;
    for (let i = 0; i < BATCH; i++) later(() => this.#beat());
  }

  #beat(): void {
    this.#left--;
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#done();
    // The last of a batch only asks for the next one: a turn must not begin without a successor in the queue.
    if (this.#left === 0) {
      this.#queue();
      return;
    }
    this.#resolve = undefined;
    resolve();
  }
}

// Taken before anything replaces them.
const soon: (callback: () => void) => unknown = setTimeout;
const later: (callback: () => void) => void = typeof setImmediate === "function" ? setImmediate : throughChannel();

function throughChannel(): (callback: () => void) => void {
  const channel = new MessageChannel();
  const queue: (() => void)[] = [];
  channel.port1.onmessage = () => queue.shift()?.();
  return (callback) => {
    queue.push(callback);
    channel.port2.postMessage(undefined);
  };
}
