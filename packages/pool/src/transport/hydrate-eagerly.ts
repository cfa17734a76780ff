/**
 * Core objects in messages, made at once: for bundled pages, whose workers are best in one piece.
 *
 * @module
 */
import { hydrate } from "@interlock/core";
import type { Uncarry } from "./unpack.ts";

/** Passes a message on with the objects that it stands for. */
export function hydrated(message: unknown, uncarry: Uncarry, use: (message: unknown) => void): undefined | Promise<void> {
  use(hydrate(message, { uncarry }));
  return undefined;
}
