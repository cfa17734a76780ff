/**
 * The child's side: receives batches, runs them, answers.
 *
 * @module
 */

import { type AgentHandle, adoptAgent, askedToLeave, codec, nameSelf, onNews, retireAgent } from "@interlock/core/base";
import { type ChannelHandle, WorkerChannel } from "../channel/channel.ts";
import type { Column } from "../channel/records.ts";
import { Bridge } from "../connection/bridge.ts";
import { uncarryBy } from "../connection/connection.ts";
import { End } from "../connection/end.ts";
import { nobody } from "../connection/words.ts";
import { become } from "../current.ts";
import type { ParentPort } from "../runtime/runtime.ts";
import { runtime } from "../runtime/select.ts";
import { findTask } from "../task.ts";
import { fromErrorData, toErrorData } from "../transport/error-data.ts";
import { Inbox } from "../transport/inbox.ts";
import {
  type FromChild,
  type Initializer,
  KNOCK,
  type RunMessage,
  type Start,
  seal,
  TaskNumbers,
  type ToChild,
  unseal,
  unsealRun,
} from "../transport/message.ts";
import { type Uncarry, unpacked } from "../transport/unpack.ts";
import { Orders } from "./orders.ts";
import { Outbox } from "./outbox.ts";
import { openPlace } from "./place.ts";
import { Runner } from "./runner.ts";

/** How often a worker tells how much memory it uses, at most. */
const MEMORY_MS = 100;

/** Serves a parent until it says to end. */
export function serve(parent: ParentPort): void {
  let server: Server | undefined;
  const inbox = new Inbox();
  const numbers = new TaskNumbers();
  parent.listen({
    message: (raw) => {
      if (raw === KNOCK) {
        server?.heard();
        return;
      }
      const run = unsealRun(raw, numbers);
      if (run !== undefined) {
        inbox.take(() => server?.order(run));
        return;
      }
      const message = unseal<ToChild>(raw);
      if (message?.kind === "start") server ??= new Server(parent, message);
      else if (message !== undefined) inbox.take(() => server?.receive(message));
    },
    unreadable: () => parent.post(seal({ kind: "unreadable" } satisfies FromChild)),
  });
}

class Server {
  readonly #parent: ParentPort;
  readonly #outbox: Outbox;
  readonly #runner: Runner;
  readonly #orders: Orders | undefined;
  /** How connections get to the parent, if that is another process, and come from it. */
  readonly #bridge: Bridge | undefined;
  readonly #uncarry: Uncarry;
  readonly #tellsMemory: boolean;
  #toldMemory = 0;

  constructor(parent: ParentPort, start: Start) {
    const { name, agent, parentSeat, crossProcess, workerId, concurrency, channel, initializer, tellsMemory = false } = start;
    become(start);
    this.#parent = parent;
    this.#tellsMemory = tellsMemory;
    const checkpoint = agent === undefined ? () => {} : () => void (askedToLeave(agent) && parent.exit(0));
    if (agent === undefined) nameSelf(name);
    else takeSeat(agent, parent, checkpoint);
    if (!crossProcess) runtime().onWatcher?.((pid) => this.#outbox.send({ kind: "watcher", pid }));
    parent.onUncaught?.((error) => noteLastWords(error, parent));
    const knock = runtime().knocks ? () => parent.post(KNOCK) : undefined;
    const line = channel && new WorkerChannel(channel satisfies ChannelHandle, knock);
    this.#bridge = crossProcess ? new Bridge(1, (message) => parent.post(seal(message))) : undefined;
    this.#uncarry = uncarryBy(this.#bridge?.open ?? End.of);
    const heir = parentSeat === undefined ? nobody : () => parentSeat;
    this.#outbox = new Outbox(parent, line, crossProcess, { name: start.parent.name, heir, bridge: this.#bridge });
    const scope = runtime().taskScope();
    const state = {};
    this.#runner = new Runner(scope, { outbox: this.#outbox, log: parent.log, concurrency, workerId, state, checkpoint }, line?.claims);
    this.#orders =
      line &&
      new Orders(
        line,
        this.#runner,
        () => this.#run(),
        () => this.#outbox.send({ kind: "unreadable" }),
      );
    void this.#orders?.listen();
    if (initializer === undefined) this.#ready();
    else void this.#initialize(initializer);
  }

  heard(): void {
    this.#orders?.heard();
  }

  receive(message: Exclude<ToChild, { kind: "start" }>): undefined {
    this.#runner.hadTurn();
    this.#orders?.messageCame();
    switch (message.kind) {
      case "abort":
        this.#runner.abort(message.id, fromErrorData(message.reason));
        break;
      case "pipe":
        this.#bridge?.receive(message);
        break;
      case "finish":
        this.#runner.whenIdle(() => this.#parent.close());
        break;
      default:
        this.#parent.exit(0);
    }
    return undefined;
  }

  #ready(): void {
    this.#outbox.send({ kind: "ready" });
    this.#runner.open();
  }

  async #initialize({ task, args, packed }: Initializer): Promise<void> {
    try {
      const fn = (await findTask(task)) as unknown as (...args: unknown[]) => unknown;
      const given = await new Promise((resolve, reject) => void unpacked(packed, args, resolve, reject, this.#uncarry));
      await this.#runner.once(fn, given as unknown[]);
    } catch (error) {
      this.#outbox.send({ kind: "failed", error: toErrorData(error) });
      this.#parent.close();
      return;
    }
    this.#ready();
  }

  order(message: RunMessage): undefined | Promise<void> {
    const { packed, items, place } = message;
    return unpacked(
      packed,
      [items, place],
      (given) => this.#arrived(message, ...(given as [Column, unknown])),
      (error) => this.#arrived(message, [], undefined, error),
      this.#uncarry,
    );
  }

  /** @param missing Why no call of the batch can run. */
  #arrived({ id, slot, task, spread, eager, timed, count }: RunMessage, items: Column, place: unknown, missing?: unknown): void {
    const there = place === undefined ? {} : openPlace(place, count);
    this.#runner.hadTurn();
    // What was sent before it comes first.
    this.#orders?.take();
    this.#runner.add({ id, task, count, spread, eager, timed, byChannel: false, items, ...there }, slot, missing);
    if (this.#orders === undefined) this.#run();
    else this.#orders.cameBeside();
  }

  #run(): void {
    this.#runner.pump();
    if (!this.#tellsMemory) return;
    const now = performance.now();
    if (now - this.#toldMemory < MEMORY_MS) return;
    this.#toldMemory = now;
    const bytes = runtime().usedMemory();
    if (bytes !== undefined) this.#outbox.send({ kind: "memory", bytes });
  }
}

function takeSeat(agent: AgentHandle, parent: ParentPort, checkpoint: () => void): void {
  adoptAgent(agent);
  parent.onExit((code) => {
    // The first line of reporting a death: it works while the parent is blocked. The parent's exit event is the second.
    retireAgent(agent);
    parent.post(seal({ kind: "leaving", code } satisfies FromChild));
  });
  onNews(checkpoint);
}

/** Notes what ends this process. Must not throw: that would end it in another way. */
function noteLastWords(error: unknown, { log }: ParentPort): void {
  try {
    log?.lastWords(codec.encode(toErrorData(error)));
  } catch {
    // It cannot be told, or there is no room for it.
  }
}
