/**
 * How a worker hears of batches that come through the channel.
 *
 * @module
 */
import type { Order, WorkerChannel } from "../channel/channel.ts";
import { runtime } from "../runtime/select.ts";
import type { Runner } from "./runner.ts";

/** A worker that sleeps on its bell looks for orders at least so often, although it is woken for each. */
const LOOK_MS = 1000;

/**
 * A worker stays at its post for a moment before it returns to its event loop, as from there it is awake sooner: until that has not had
 * its turn for so many milliseconds.
 */
const STAY_MS = 4;

/** How long it blocks there at most, even beyond that. Shorter sleeps take longer to end: they need a timer of their own. */
const DOZE_MS = 4;

/** The worker's end of the channel, and who works there. */
export class Orders {
  readonly #channel: WorkerChannel;
  readonly #runner: Runner;
  readonly #run: () => void;
  readonly #unreadable: () => void;

  /**
   * @param run Has the runner run what it can.
   * @param unreadable Called when what came cannot be read.
   */
  constructor(channel: WorkerChannel, runner: Runner, run: () => void, unreadable: () => void) {
    this.#channel = channel;
    this.#runner = runner;
    this.#run = run;
    this.#unreadable = unreadable;
  }

  /** Takes and runs what comes, as long as it can be read: at once, and whenever the parent knocks or rings. */
  async listen(): Promise<void> {
    if (runtime().knocks) this.heard();
    else while (this.#attend()) if (await this.#channel.bell.sleep(this.#hasOrder, LOOK_MS)) this.#runner.hadTurn();
  }

  /** The parent knocked. */
  heard(): void {
    const { bell } = this.#channel;
    this.#runner.hadTurn();
    do {
      bell.rise();
      if (!this.#attend()) return;
    } while (!bell.lieDown(this.#hasOrder));
  }

  /** A message came that is no batch. */
  messageCame(): void {
    this.#channel.messageCame();
  }

  /** A batch came by message: takes what waited for it, runs all, and waits a moment for more. */
  cameBeside(): void {
    this.#channel.cameBeside();
    this.#attend();
  }

  /** Takes what has come; false if it cannot be read. */
  take(): boolean {
    try {
      for (let order = this.#channel.receive(); order !== undefined; order = this.#channel.receive()) this.#add(order);
      return true;
    } catch {
      // As of a message: the parent ends this worker, and tells whoever waits for it.
      this.#unreadable();
      return false;
    }
  }

  #add({ id, slot, task, spread, eager, items }: Order): void {
    this.#runner.add({ id, task, count: items.length, spread, eager, timed: false, byChannel: true, items }, slot);
  }

  /** Does what is to be done and waits a moment for more; false if what came cannot be read. */
  #attend(): boolean {
    if (!runtime().dozes) return this.#work();
    const { bell } = this.#channel;
    bell.attend();
    try {
      do if (!this.#work()) return false;
      while (performance.now() < this.#runner.turned + STAY_MS && this.#doze());
    } finally {
      bell.leave();
    }
    return this.#work();
  }

  readonly #hasOrder = (): boolean => this.#channel.hasOrder;

  /** Takes what has come, and runs what can be run. */
  #work(): boolean {
    if (!this.take()) return false;
    this.#run();
    return true;
  }

  /** Blocks until there is more; false if that takes too long, or if the event loop is needed for it. */
  #doze(): boolean {
    if (!this.#runner.vacant || this.#channel.misses) return false;
    return this.#channel.bell.doze(() => this.#hasOrder() || this.#channel.misses, DOZE_MS);
  }
}
