/**
 * How a child is ended: it is asked, and then made to.
 *
 * @module
 */
import { type AgentHandle, askToLeave, retireAgent } from "@interlock/core/base";
import type { Exit, Port } from "../runtime/runtime.ts";
import { atDeadline } from "./deadline.ts";

/** How long a child that was asked to leave has before it is made to. */
const GRACE_MS = 100;

/** The same if this thread blocks: somebody may wait for what the child holds. Just below a slice, which sleepers need. */
const BLOCKED_GRACE_MS = 45;

/** How long the runtime has to stop a thread before what it holds counts as abandoned, stopped or not. */
const STOP_MS = 25;

/** How long a child that says that it leaves may take. Deno's exit now and then spins for ever. */
const LEAVING_MS = 1000;

/** Whom it ends. */
export interface Leaver {
  readonly port: Port;
  /** Its seat in the roster; absent if it shares no memory with this thread. */
  readonly agent: AgentHandle | undefined;
  /** Resolves when it has ended. */
  readonly exited: Promise<Exit>;
  /** Asks it to leave, where the runtime has no way. */
  readonly ask: () => void;
  /** Called when it is cut off, although the runtime does not say that it has ended. */
  readonly cutOff: () => void;
}

/** The end of one child. */
export class Departure {
  readonly #leaver: Leaver;
  #killed = false;
  #announced: number | undefined;
  #leaving: Promise<void> | undefined;

  constructor(leaver: Leaver) {
    this.#leaver = leaver;
  }

  /** Whether it was made to end. */
  get killed(): boolean {
    return this.#killed;
  }

  /** Whether it was told to end. */
  get begun(): boolean {
    return this.#leaving !== undefined;
  }

  /** The exit code that it said it would end with. */
  get announced(): number | undefined {
    return this.#announced;
  }

  /** Asks it, and after 100 ms at most makes it. Works also while this thread then blocks in a lock. */
  terminate(): Promise<void> {
    this.#leaving ??= this.#terminate();
    return this.#leaving;
  }

  async #terminate(): Promise<void> {
    const { agent, port, ask, exited } = this.#leaver;
    if (agent !== undefined) askToLeave(agent);
    if (port.askToEnd === undefined) ask();
    else port.askToEnd();
    // Whoever waits for the end must see it: the line of an idle child keeps nothing alive.
    port.ref();
    const cancel = atDeadline(GRACE_MS, BLOCKED_GRACE_MS, () => this.kill());
    await exited;
    cancel();
  }

  /** Makes it, without asking. */
  kill(): void {
    if (this.#killed) return;
    this.#killed = true;
    const { agent, port, exited, cutOff } = this.#leaver;
    // Deno's threads sleep on when they are ended, and would go on when they are woken.
    if (agent !== undefined) askToLeave(agent);
    // A thread that is deaf to its runtime is cut off.
    void port.terminate().then(cutOff);
    void exited.then(atDeadline(STOP_MS, STOP_MS, () => this.retire()));
  }

  /** It says that it leaves, and with what exit code. */
  announce(code: number | undefined): void {
    this.#announced = code;
    void this.#leaver.exited.then(atDeadline(LEAVING_MS, LEAVING_MS, () => this.kill(), { unref: true }));
  }

  /** What it holds is abandoned. */
  retire(): void {
    const { agent } = this.#leaver;
    if (agent !== undefined) retireAgent(agent);
  }
}
