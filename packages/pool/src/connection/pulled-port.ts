/**
 * A port whose messages are taken when they are wanted: what servers have.
 *
 * @module
 */
import { home } from "@interlock/core/base";
import type { Ports } from "../runtime/runtime.ts";
import { type Letter, UNREADABLE } from "./letter.ts";
import { MOMENT_MS, type PortPlace, PortWire } from "./port-wire.ts";
import type { EndWords } from "./words.ts";

/** When to look again for a message that was posted and cannot be seen yet. */
const LOOK_MS = 1;

/**
 * A port that nobody listens to: messages are taken from it when they are wanted, and shared memory tells when to look. Such
 * a port can be moved at any time, on every runtime.
 */
export class PulledPort extends PortWire {
  readonly #ports: Ports;
  readonly #words: EndWords;
  /** Whether a message was counted, and not to be seen. */
  #missed = false;

  constructor(place: PortPlace, ports: Ports) {
    super(place);
    this.#ports = ports;
    this.#words = this.other as EndWords;
  }

  get over(): boolean {
    return this.broken;
  }

  get moment(): number {
    return this.pending ? MOMENT_MS : 0;
  }

  get portable(): boolean {
    return true;
  }

  /** Ports that the runtime has closed, as the thread of the other end is no more, cannot be moved. */
  override pack(): PortPlace | undefined {
    try {
      this.port = structuredClone(this.port, { transfer: [this.port] });
      return super.pack();
    } catch {
      return undefined;
    }
  }

  post(letter: Letter, transfer: readonly unknown[]): void {
    this.port.postMessage(this.#ports.wrap(letter), transfer as Transferable[]);
    // Not before: who sees the count looks for the message.
    this.own?.count();
  }

  take(): Letter | undefined {
    if (!this.pending) return undefined;
    try {
      const found = this.#ports.receive(this.port);
      this.#missed = found === undefined;
      if (found === undefined) return undefined;
      this.took();
      return found.message as Letter;
    } catch (error) {
      this.took();
      return [UNREADABLE, error];
    }
  }

  async change(): Promise<void> {
    if (this.#missed) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    else if ((await this.#words.more(this.received)) === "timed-out" && this.pending) home().agent.rescued();
  }
}
