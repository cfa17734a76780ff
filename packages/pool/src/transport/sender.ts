/**
 * How batches get to a child: small values through the channel, all else by message.
 *
 * @module
 */
import type { RunOptions } from "../backend.ts";
import type { ParentChannel } from "../channel/channel.ts";
import { Freight } from "../connection/freight.ts";
import type { Destination } from "../connection/journey.ts";
import type { Port } from "../runtime/runtime.ts";
import { runtime } from "../runtime/select.ts";
import { requireBuffers } from "./clonable.ts";
import type { Flight } from "./flight.ts";
import { type RunMessage, sealRun, TaskNumbers } from "./message.ts";
import { type Packed, pack, packError, packErrors, plain, type Receiver } from "./pack.ts";
import { Route } from "./route.ts";

/** What leads to a child. */
interface Way {
  readonly port: Port;
  /** What small values travel through. */
  readonly channel: ParentChannel | undefined;
  /** Who reads what connections are sent with. */
  readonly destination: Destination;
}

/** Sends batches to one child. */
export class Sender {
  readonly #receiver: Receiver;
  readonly #way: Way;
  readonly #route = new Route();
  readonly #numbers = new TaskNumbers();
  readonly #knocks = runtime().knocks;

  constructor(receiver: Receiver, way: Way) {
    this.#receiver = receiver;
    this.#way = way;
  }

  /**
   * Sends a batch. Arguments that cannot travel fail their calls.
   *
   * @param idle Whether the child has nothing else to do. A call alone is there and back sooner by message, unless the child is at its
   * post or is woken by a knock: to wake it from a sleep on shared memory takes longer.
   */
  send(flight: Flight, { transfer, timeout }: RunOptions, idle: boolean): void {
    const alone = !this.#knocks && idle && flight.batch.count === 1 && this.#way.channel?.attended !== true;
    if (transfer === undefined && timeout === undefined && !alone && this.#sendByRing(flight)) return;
    this.#sendByMessage(flight, transfer ?? [], timeout !== undefined);
  }

  #sendByRing(flight: Flight): boolean {
    const { id, slot, batch } = flight;
    const { channel } = this.#way;
    if (channel === undefined || slot < 0 || batch.place !== undefined || !this.#route.open(batch.task)) return false;
    const { task, spread, eager, items } = batch;
    const sent = channel.send({ id, slot, task, spread, eager, items });
    this.#route.went(batch.task, sent);
    if (sent !== "sent") return false;
    flight.byChannel = true;
    channel.wake();
    return true;
  }

  #sendByMessage(flight: Flight, transfer: readonly unknown[], timed: boolean): void {
    const { batch } = flight;
    // Nothing moves to another process: it gets a copy.
    const freight = new Freight(this.#receiver.crossProcess ? undefined : transfer);
    let packed = this.#receiver.crossProcess && batch.place === undefined ? plain(batch) : pack(batch, this.#receiver, freight);
    try {
      if (this.#receiver.crossProcess) requireBuffers(transfer);
      if (packed.errors.size === 0) {
        try {
          this.#post(flight, packed, freight, timed);
          return;
        } catch (cause) {
          if (!this.#receiver.crossProcess) throw cause;
          // There is something in it that is written in another way, or cannot be.
          packed = pack(batch, this.#receiver, freight);
          if (packed.errors.size === 0) {
            this.#post(flight, packed, freight, timed);
            return;
          }
        }
      }
      this.#unsent(flight, packed.errors);
    } catch (cause) {
      const errors = packErrors(packed, this.#receiver, freight.transfer, cause);
      if (errors.size === 0) flight.fail(batch.count, () => packError(batch, this.#receiver, cause));
      this.#unsent(flight, errors);
    }
  }

  #post(flight: Flight, { items, place, packed }: Packed, freight: Freight, timed: boolean): void {
    const { id, slot, batch } = flight;
    const { task, spread, eager, count } = batch;
    const message: RunMessage = { kind: "run", id, slot, task, spread, eager, timed, count, items, place, packed };
    const { destination, channel, port } = this.#way;
    freight.ship(destination, () => port.post(sealRun(message, this.#numbers), freight.transfer));
    this.#numbers.went(task);
    channel?.wentBeside();
    flight.moved = freight.moves;
  }

  /** Of a batch that cannot travel, what is to blame fails and the rest is handed back. */
  #unsent(flight: Flight, errors: ReadonlyMap<number, unknown>): void {
    const { batch } = flight;
    for (const [i, error] of errors) flight.failOne(i, error);
    flight.giveBack(0, batch.count);
    flight.leave(undefined);
  }
}
