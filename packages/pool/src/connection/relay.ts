/**
 * Passes on what an end receives.
 *
 * @module
 */
import type { Arrival, End } from "./end.ts";

/** So many messages are passed on in one turn. */
const BURST = 256;

/**
 * Gives `pass` all that an end receives. Does not keep the program alive.
 *
 * @param over Called once, when nothing more comes.
 * @returns What stops that.
 */
export function relay(from: End, pass: (arrival: Arrival) => void, over: () => void): () => void {
  let cancel = (): void => {};
  let stopped = false;
  const pump = (): void => {
    for (let i = 0; i < BURST && !stopped; i++) {
      if (!from.ready) {
        cancel = from.watch({ action: "relay", ready: pump, fail: () => {} });
        return;
      }
      const arrival = from.take();
      if (arrival === undefined) {
        over();
        return;
      }
      pass(arrival);
    }
    // A sender may be as fast as this: others get a turn, too.
    if (!stopped) setTimeout(pump);
  };
  pump();
  return () => {
    stopped = true;
    cancel();
  };
}
