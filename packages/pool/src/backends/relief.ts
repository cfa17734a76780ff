/**
 * Takes calls that have not begun back from busy workers while others have nothing to do.
 *
 * @module
 */
import { runtime } from "../runtime/select.ts";
import type { Child } from "../transport/child.ts";
import type { Flight } from "../transport/flight.ts";
import type { PoolWorker } from "./pool-worker.ts";

/** Calls are taken back from a batch that has been out for longer than this. */
const PATIENCE_MS = 1;

/** How soon it looks again for calls that wait behind others. */
const LOOK_MS = 50;

/** Relieves the workers of a pool. */
export class Relief {
  readonly #workers: Iterable<PoolWorker>;
  /** Set while an idle worker may yet be given what waits behind others. */
  #look: ReturnType<typeof setTimeout> | undefined;

  /** @param workers Those that there are, whenever it looks. */
  constructor(workers: Iterable<PoolWorker>) {
    this.#workers = workers;
  }

  /** Cuts batches while workers have nothing to do; what is cut off goes back to their listeners. */
  give(): void {
    for (const { child, retired } of this.#workers) {
      if (child.load > 0 || retired || !child.ready) continue;
      if (this.#cutRichest()) continue;
      this.#lookLater();
      return;
    }
  }

  /** Cuts the batch with the most calls that have not begun; false if none is worth it. */
  #cutRichest(): boolean {
    const now = performance.now();
    let most = 0;
    let richest: { readonly child: Child; readonly flight: Flight } | undefined;
    for (const { child } of this.#workers) {
      for (const flight of child.flights()) {
        // It is about to begin with its first; taken back, that would be as long on its way to another.
        if (child.ready && flight === child.first && child.untouched(flight)) break;
        const grains = child.unclaimed(flight);
        if (grains <= most || now - flight.since < PATIENCE_MS) continue;
        most = grains;
        richest = { child, flight };
      }
    }
    // One that runs keeps half; one that only waits behind another goes as a whole.
    richest?.child.cut(richest.flight, richest.child.untouched(richest.flight) ? 0 : most >> 1);
    return richest !== undefined;
  }

  /** Nothing else may happen until then that leads here. */
  #lookLater(): void {
    if (this.#look !== undefined || !this.#hasWaiting()) return;
    this.#look = setTimeout(() => {
      this.#look = undefined;
      this.give();
    }, LOOK_MS);
    runtime().unrefTimer(this.#look);
  }

  #hasWaiting(): boolean {
    for (const { child } of this.#workers) for (const flight of child.flights()) if (child.unclaimed(flight) > 0) return true;
    return false;
  }
}
