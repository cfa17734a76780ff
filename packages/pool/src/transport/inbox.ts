/**
 * Messages in their order, although some take a while to become what they stand for.
 *
 * @module
 */

/** What a message leads to; it may take a while. */
type Step = () => undefined | Promise<void>;

/** Takes one step after the other. */
export class Inbox {
  #later: Step[] | undefined;

  /** Takes a step, once all before it were taken. */
  take(step: Step): void {
    if (this.#later !== undefined) {
      this.#later.push(step);
      return;
    }
    const unsettled = step();
    if (unsettled === undefined) return;
    this.#later = [];
    void unsettled.finally(() => {
      const later = this.#later ?? [];
      this.#later = undefined;
      for (const next of later) this.take(next);
    });
  }
}
