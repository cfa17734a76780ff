/**
 * How messages pass between the two ends of a pipe, whatever carries them.
 *
 * @module
 */
import type { Lender } from "./journey.ts";
import type { Letter } from "./letter.ts";

/** What an end sends and receives through. */
export interface Wire {
  /** Whether the other end is known to be gone: nobody reads what is posted. */
  readonly broken: boolean;
  /** Whether nothing comes any more that cannot be taken now. */
  readonly over: boolean;
  /** How many milliseconds to wait for what is on its way. */
  readonly moment: number;
  /** Whether the other end is in another process. */
  readonly foreign: boolean;
  /** How ends that are sent through it travel; absent if as ports. */
  readonly lender?: Lender;
  /** Makes the end this thread's. */
  hold(): void;
  /** Sends a message. MUST throw here and now if it cannot be cloned. */
  post(letter: Letter, transfer: readonly unknown[]): void;
  /** The next message that has arrived. */
  take(): Letter | undefined;
  /** The oldest message that was taken is in its receiver's hands. */
  used(): void;
  /** Says that nothing which is sent from now on is read. */
  refuse(): void;
  /** Resolves when there may be something to take, or nothing more to come; at the latest after a slice, if that can end unnoticed. */
  change(): Promise<void>;
  /**
   * Gives the end up, and tells the other.
   *
   * @param dispose Is given what has come and was not taken, and what comes nevertheless.
   */
  close(dispose: (letter: Letter) => void): void;
  /** Forgets about it: the other end is gone, and all that it sent was taken. */
  drop(): void;
}
