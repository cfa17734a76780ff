/**
 * Core objects in messages, made at once: for bundled pages, whose workers are best in one piece.
 *
 * @module
 */
import { hydrate } from "@interlock/core";

/** Passes a message on with the core objects that it stands for. */
export function hydrated(message: unknown, use: (message: unknown) => void): undefined | Promise<void> {
  use(hydrate(message));
  return undefined;
}
