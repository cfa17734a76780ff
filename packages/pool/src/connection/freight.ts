/**
 * Connections that travel with a message. They stay here until it is posted, and are gone once it is.
 *
 * @module
 */
import type { DehydrateOptions } from "@interlock/core/base";
import { type End, endOf } from "./end.ts";
import { type Destination, travel } from "./journey.ts";
import { emptyParcel, type Parcel } from "./letter.ts";

/** What is moved with one message. */
export class Freight {
  /** The transfer list. Complete once the message is posted. */
  readonly transfer: unknown[] = [];
  /** Absent while there is none: most messages carry none. */
  #parcels: Map<End, Parcel> | undefined;

  /** @param transfer What else is moved. */
  constructor(transfer?: readonly unknown[]) {
    if (transfer !== undefined) this.add(transfer);
  }

  /** Adds to what is moved. Connections among it are moved anyway. */
  add(transfer: readonly unknown[]): void {
    for (const one of transfer) if (typeof one !== "object" || one === null || endOf(one) === undefined) this.transfer.push(one);
  }

  /** Whether anything is moved, so that the message can be sent once only. */
  get moves(): boolean {
    return this.transfer.length > 0 || this.#parcels !== undefined;
  }

  /** What travels in the place of the connections. */
  get parcels(): readonly Parcel[] {
    return [...(this.#parcels?.values() ?? [])];
  }

  /** Whether a connection is among what is moved. */
  has(end: End): boolean {
    return this.#parcels?.has(end) === true;
  }

  /**
   * Takes a connection on: for `dehydrate`. Changes nothing yet.
   *
   * @throws {ConnectionError} If it is closed or was sent away.
   */
  readonly carry: NonNullable<DehydrateOptions["carry"]> = (object, _, path) => {
    const end = endOf(object);
    if (end === undefined) throw new TypeError(`Cannot send ${path} as it is a Connection of another copy of @interlock/pool: bundle one for both`);
    end.require(`send ${path}`);
    this.#parcels ??= new Map();
    const known = this.#parcels.get(end);
    if (known !== undefined) return known;
    const parcel = emptyParcel(end.readable, end.writable);
    this.#parcels.set(end, parcel);
    return parcel;
  };

  /**
   * Sends it off: `post` posts the message, with all that is in `transfer`.
   *
   * @throws What `post` throws, and a `ConnectionError` for one that cannot travel. All connections are as they were then.
   */
  ship(to: Destination, post: () => void): void {
    if (this.#parcels === undefined) {
      post();
      return;
    }
    travel(this.#parcels, this.transfer, to, post);
  }
}
