import { type Event, inspect, type Semaphore } from "@interlock/core";
import { task } from "@interlock/pool";
import { acquire, inBothForms, pause, timed, wait } from "./forms.ts";

/** Waits in every state of the flag, in vain and not; then says that it is ready, and waits until another sets it. */
export const walk = inBothForms(import.meta, "walk", function* (event: Event, ready: Semaphore, timeout: number) {
  const flags = [event.isSet()];
  const inVain = [yield* timed(wait(event, 0)), yield* timed(wait(event, timeout))];
  event.set();
  flags.push(event.isSet());
  const atOnce = [yield* timed(wait(event)), yield* timed(wait(event, timeout)), yield* timed(wait(event, 0))];
  event.clear();
  flags.push(event.isSet());
  ready.release();
  const woken = yield* wait(event);
  flags.push(event.isSet());
  return { flags, inVain, atOnce, woken };
});

/** Sets the flag a while after somebody is ready. */
export const setLater = inBothForms(import.meta, "setLater", function* (event: Event, ready: Semaphore, delay: number) {
  yield* acquire(ready);
  yield* pause(delay);
  event.set();
});

/** What a thread sees of an event. */
export const look = task(import.meta, "look", (event: Event) => ({ set: event.isSet(), ...inspect(event) }));
