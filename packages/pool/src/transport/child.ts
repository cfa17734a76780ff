/**
 * The parent's side of one child: sends batches, matches answers, reports its death.
 *
 * @module
 */
import { type AgentHandle, codec, reserveAgent, retireAgent } from "@interlock/core/base";
import type { BatchListener, RunOptions } from "../backend.ts";
import type { Batch } from "../batch.ts";
import type { ParentChannel, Reply } from "../channel/channel.ts";
import { grainOf, SLOTS } from "../channel/claims.ts";
import type { Column } from "../channel/records.ts";
import { Bridge } from "../connection/bridge.ts";
import { uncarryBy } from "../connection/connection.ts";
import { End } from "../connection/end.ts";
import { nobody, ownSeat, seatOf } from "../connection/words.ts";
import { introduce } from "../current.ts";
import type { Exit, Port } from "../runtime/runtime.ts";
import { runtime } from "../runtime/select.ts";
import { Departure } from "./departure.ts";
import { type ErrorData, fromErrorData, toErrorData } from "./error-data.ts";
import { Flight } from "./flight.ts";
import { Inbox } from "./inbox.ts";
import { lost } from "./loss.ts";
import { type FromChild, KNOCK, type ResultMessage, type Start, seal, type ToChild, unseal, unsealResult } from "./message.ts";
import type { Receiver } from "./pack.ts";
import { Sender } from "./sender.ts";
import { type Uncarry, unpacked } from "./unpack.ts";

/** Who is told of a batch. */
export interface Ears {
  readonly listener: BatchListener;
  /** Called once the child has nothing to do with the batch any more. */
  readonly over: () => void;
  /** Called when the call begins, if the batch has a timeout. */
  readonly begun?: () => void;
}

/** What a child is, and who listens to it. */
export interface ChildOptions extends Receiver {
  readonly start?: Partial<Omit<Start, "agent" | "parentSeat" | "channel" | "crossProcess" | "parent" | "name">>;
  /** What small values travel through. */
  readonly channel?: ParentChannel | undefined;
  /** Called when it asks to look into the channel. */
  readonly onKnock?: () => void;
  readonly onReady?: () => void;
  /** Called when it has ended, before the calls that it lost are told of. */
  readonly onExit?: (exit: Exit) => void;
  readonly onMemory?: (bytes: number) => void;
}

/** A started thread or process. */
export class Child implements Receiver {
  /** Resolves when it has ended; never rejects. */
  readonly exited: Promise<Exit>;
  readonly name: string;
  readonly crossProcess: boolean;
  /** Whether it ran far enough to serve. */
  ready = false;
  readonly #options: ChildOptions;
  readonly #port: Port;
  readonly #agent: AgentHandle | undefined;
  readonly #flights = new Map<number, Flight>();
  readonly #freeSlots: number[] = [];
  readonly #exit: (exit: Exit) => void;
  readonly #inbox = new Inbox();
  /** How connections get to a process, and come from it. */
  readonly #bridge: Bridge | undefined;
  readonly #sender: Sender;
  readonly #departure: Departure;
  readonly #uncarry: Uncarry;
  #nextId = 0;
  #alive = true;
  #answered = false;
  /** Whether it is not dead for certain, although it counts as ended. */
  #mayRun = false;
  /** Who watches over processes that it has started. */
  #watcher: number | undefined;
  /** Why it could not start. */
  #failure: unknown;

  /** @param open Starts it; nobody listens to its port yet. */
  constructor(open: () => Port, options: ChildOptions) {
    const { name, crossProcess, channel } = options;
    this.name = name;
    this.crossProcess = crossProcess;
    this.#options = options;
    this.#agent = crossProcess || typeof SharedArrayBuffer !== "function" ? undefined : reserveAgent(name);
    const seat = this.#agent && seatOf(this.#agent);
    this.#bridge = crossProcess ? new Bridge(0, (message) => this.#send(message)) : undefined;
    this.#uncarry = uncarryBy(this.#bridge?.open ?? End.of);
    if (channel !== undefined) for (let slot = SLOTS - 1; slot >= 0; slot--) this.#freeSlots.push(slot);
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    this.#exit = resolve;
    try {
      this.#port = open();
      const destination = { name, heir: seat === undefined ? nobody : () => seat, bridge: this.#bridge };
      this.#departure = new Departure({
        port: this.#port,
        agent: this.#agent,
        exited: promise,
        ask: () => this.#send({ kind: "leave" }),
        cutOff: () => this.#inbox.take(() => void this.#ended({})),
      });
      this.#sender = new Sender(this, { port: this.#port, channel, destination });
      this.#port.listen({
        message: (raw) => {
          if (raw === KNOCK) {
            this.#options.onKnock?.();
            return;
          }
          const result = unsealResult(raw);
          if (result !== undefined) {
            this.#inbox.take(() => this.#result(result));
            return;
          }
          const message = unseal<FromChild>(raw);
          if (message !== undefined) this.#inbox.take(() => this.#receive(message));
        },
        unreadable: (error) => this.#unreadable(error),
        exit: (exit) => this.#inbox.take(() => void this.#ended(exit)),
      });
      const { daemon = false, workerId = 0, concurrency = 1, initializer, tellsMemory } = options.start ?? {};
      const parent = introduce();
      const message: ToChild = {
        kind: "start",
        name,
        daemon,
        parent,
        agent: this.#agent,
        parentSeat: this.#agent && ownSeat(),
        crossProcess,
        workerId,
        concurrency,
        channel: channel?.handle,
        initializer,
        tellsMemory,
      };
      this.#port.post(seal(message));
    } catch (error) {
      if (this.#agent !== undefined) retireAgent(this.#agent);
      throw error;
    }
  }

  get id(): number | undefined {
    return this.#port.id;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** How many batches it has. */
  get load(): number {
    return this.#flights.size;
  }

  /** Whether a child that has ended began any call, or would have, had it not been killed. */
  get hasBegun(): boolean {
    if (this.#answered || this.#departure.killed) return true;
    for (const flight of this.#flights.values()) if (this.#begun(flight) > 0) return true;
    return false;
  }

  /** Why its initializer failed. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Gives it a batch. The listener hears of every call, whatever dies.
   *
   * Arguments that cannot travel fail their calls.
   */
  dispatch(batch: Batch, ears: Ears, options: RunOptions = {}): Flight {
    const slot = this.#freeSlots.pop() ?? -1;
    const id = this.#nextId++;
    const release = (): void => {
      this.#flights.delete(id);
      if (slot >= 0) this.#freeSlots.push(slot);
    };
    const flight = new Flight(id, batch, slot, ears, release);
    if (!this.#alive) {
      flight.giveBack(0, batch.count);
      flight.leave(undefined);
      return flight;
    }
    this.#flights.set(id, flight);
    if (slot >= 0) this.#channel().claims.offer(slot, batch.count);
    this.#sender.send(flight, options, this.#flights.size === 1);
    return flight;
  }

  /** Takes what has not begun of a batch back, but for `keep` grains of calls. Not possible without a channel. */
  cut(flight: Flight, keep: number): void {
    if (flight.slot < 0) return;
    const { claims } = this.#channel();
    const { count } = flight.batch;
    flight.giveBack(Math.min(count, claims.cut(flight.slot, keep) * grainOf(count)), count);
  }

  /** How many grains of calls of a batch have not begun and can run elsewhere, as far as is known. */
  unclaimed(flight: Flight): number {
    return flight.slot < 0 || flight.moved ? 0 : this.#channel().claims.unclaimed(flight.slot);
  }

  /** Whether nothing of a batch has begun. */
  untouched(flight: Flight): boolean {
    return flight.slot >= 0 && this.#channel().claims.untouched(flight.slot);
  }

  /** The oldest batch it has. */
  get first(): Flight | undefined {
    return this.#flights.values().next().value;
  }

  /** Whether the child is at a batch: runs calls of it, or looks for its task. */
  isAt(flight: Flight): boolean {
    // What goes by message and what goes by the channel overtake each other, so their order says nothing.
    if (flight.slot >= 0) return !this.untouched(flight) || this.#channel().claims.progress(flight.slot) > 0;
    const { concurrency = 1 } = this.#options.start ?? {};
    return this.ready && [...this.#flights.values()].indexOf(flight) < concurrency;
  }

  /** The batches it has, oldest first. */
  flights(): Iterable<Flight> {
    return this.#flights.values();
  }

  /** Tells it that nobody waits for a batch any more. Calls of it that have not begun never will. */
  abort(flight: Flight, reason: unknown): void {
    if (!this.#alive) return;
    if (flight.slot >= 0) {
      this.#channel().claims.abort(flight.slot);
      this.cut(flight, 0);
    }
    this.#send({ kind: "abort", id: flight.id, reason: toErrorData(reason) });
  }

  /** Takes the replies that wait in the channel. */
  drain(): void {
    for (let reply = this.#nextReply(); reply !== undefined; reply = this.#nextReply()) {
      const flight = this.#flights.get(reply.id);
      this.#answered = true;
      flight?.deliver(reply.form, reply.from, reply.count, reply.values);
      if (reply.last) flight?.leave(reply.cost);
    }
  }

  #nextReply(): Reply | undefined {
    try {
      return this.#options.channel?.receive();
    } catch (error) {
      this.#unreadable(error);
      return undefined;
    }
  }

  /** Asks it to look into the channel. */
  knock(): void {
    this.#port.post(KNOCK);
  }

  /** Lets it end once nothing keeps it. */
  finish(): void {
    if (this.#alive) this.#send({ kind: "finish" });
  }

  /** Ends it: asks first, and after 100 ms at most makes it. Works also while this thread then blocks in a lock. */
  terminate(): Promise<void> {
    return this.#alive ? this.#departure.terminate() : Promise.resolve();
  }

  /** Ends it without asking. */
  kill(): void {
    if (this.#alive) this.#departure.kill();
  }

  ref(): void {
    if (this.#alive) this.#port.ref();
  }

  unref(): void {
    if (this.#alive && !this.#departure.begun) this.#port.unref();
  }

  #channel(): ParentChannel {
    return this.#options.channel as ParentChannel;
  }

  #send(message: ToChild): void {
    this.#port.post(seal(message));
    this.#options.channel?.posted();
  }

  #receive(message: FromChild): undefined | Promise<void> {
    switch (message.kind) {
      case "ready":
        this.ready = true;
        this.#options.onReady?.();
        break;
      case "failed":
        this.#failure = fromErrorData(message.error);
        break;
      case "begun":
        this.#flights.get(message.id)?.begun();
        break;
      case "report":
        return unpacked(
          message.packed,
          message.value,
          (value) => this.#flights.get(message.id)?.report(message.at, value),
          () => {},
          this.#uncarry,
        );
      case "pipe":
        this.#bridge?.receive(message);
        break;
      case "memory":
        this.#options.onMemory?.(message.bytes);
        break;
      case "watcher":
        this.#watcher = message.pid;
        break;
      case "leaving":
        this.#departure.announce(message.code);
        break;
      default:
        // What did not arrive has not begun, and would not arrive elsewhere either.
        this.#unreadable(undefined, ({ batch }) => batch.count);
    }
    return undefined;
  }

  #result(message: ResultMessage): undefined | Promise<void> {
    return unpacked(
      message.packed,
      message.values,
      (values) => this.#deliver(message, values as Column),
      (error) => this.#refuse(message, error),
      this.#uncarry,
    );
  }

  #deliver({ id, form, from, count, last, cost }: ResultMessage, values: Column): void {
    const flight = this.#flights.get(id);
    this.#answered = true;
    flight?.deliver(form, from, count, values);
    if (last) flight?.leave(cost);
  }

  /** Results came whose core objects cannot be attached. */
  #refuse({ id, from, count, last, cost }: ResultMessage, error: unknown): void {
    const flight = this.#flights.get(id);
    for (let i = from; i < from + count; i++) flight?.failOne(i, error);
    if (last) flight?.leave(cost);
  }

  /** A message to or from the child was lost. It does not say which, so nothing that it may be of can be waited for. */
  #unreadable(cause: unknown, affected: (flight: Flight) => number = (flight) => this.#begun(flight, false)): void {
    const flights = [...this.#flights.values()];
    for (const flight of flights) {
      const { task } = flight.batch;
      flight.fail(
        affected(flight),
        () => new TypeError(`Cannot finish task ${JSON.stringify(task.name)} as a message between it and its caller cannot be read`, { cause }),
      );
    }
    // Not before: Deno's threads count as ended at once.
    this.kill();
  }

  #ended(exit: Exit): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#mayRun = this.#departure.killed || exit.mayRun === true;
    this.#departure.retire();
    if (this.#watcher !== undefined) runtime().dismissWatcher?.(this.#watcher);
    this.#bridge?.close();
    // What it has published is as good as if it lived.
    this.drain();
    const code = this.#departure.announced ?? exit.code;
    // Bun's threads end with 0 after an unhandled rejection.
    const error = exit.error ?? this.#lastWords();
    const how = { ...exit, error, code: error === undefined || exit.signal !== undefined ? code : code || 1 };
    this.#options.onExit?.(how);
    for (const flight of [...this.#flights.values()]) this.#lose(flight, how);
    this.#exit(how);
  }

  /** Of a batch in a dead child's hands, what may have begun is lost, and the rest is handed back. */
  #lose(flight: Flight, exit: Exit): void {
    const { batch } = flight;
    flight.fail(this.#begun(flight), (at) => lost(this.name, exit, batch, at));
    flight.giveBack(0, batch.count);
    flight.leave(undefined);
  }

  /** How many calls of a batch a child may have begun, which can begin no more. Unless it is dead for certain, those are all that it claimed. */
  #begun({ id, slot, moved, batch: { count } }: Flight, dead: boolean = !this.#mayRun): number {
    if (moved) return count;
    if (slot < 0) return this.#port.log?.begun(id) ?? (this.ready ? count : 0);
    const { claims } = this.#channel();
    const claimed = claims.cut(slot, 0) * grainOf(count);
    return Math.min(count, Math.max(claims.progress(slot), dead ? 0 : claimed));
  }

  /** What it threw and nobody caught, if it could note that. */
  #lastWords(): unknown {
    const words = this.#port.log?.lastWords();
    try {
      return words && fromErrorData(codec.decode(words) as ErrorData);
    } catch {
      // It died over it.
      return undefined;
    }
  }
}
