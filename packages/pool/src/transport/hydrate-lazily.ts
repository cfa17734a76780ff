/**
 * Core objects in messages, made once core is loaded: a thread that never gets one spares itself 2 MB.
 *
 * @module
 */
import type { Uncarry } from "./unpack.ts";

type Core = typeof import("@interlock/core");

let core: Core | undefined;

/** Passes a message on with the core objects that it stands for; now, or when the promise that it returns settles. */
export function hydrated(message: unknown, uncarry: Uncarry, use: (message: unknown) => void): undefined | Promise<void> {
  if (core === undefined) {
    return import("@interlock/core").then((loaded) => {
      core = loaded;
      use(loaded.hydrate(message, { uncarry }));
    });
  }
  use(core.hydrate(message, { uncarry }));
  return undefined;
}
