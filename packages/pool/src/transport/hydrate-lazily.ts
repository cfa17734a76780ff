/**
 * Core objects in messages, made once core is loaded: a thread that never gets one spares itself 2 MB.
 *
 * @module
 */
import { moduleToLoad } from "@interlock/core/base";
import type { Uncarry } from "./unpack.ts";

type Core = typeof import("@interlock/core");

let core: Core | undefined;

/** Passes a message on with the core objects that it stands for; now, or when the promise that it returns settles. */
export function hydrated(message: unknown, uncarry: Uncarry, use: (message: unknown) => void): undefined | Promise<void> {
  if (core === undefined) {
    return import("@interlock/core").then((loaded) => {
      core = loaded;
      return hydrated(message, uncarry, use);
    });
  }
  let whole: unknown;
  try {
    whole = core.hydrate(message, { uncarry });
  } catch (error) {
    const module = moduleToLoad(error);
    if (module === undefined) throw error;
    // It comes from the parent or a child of this thread, who has loaded it, too.
    return import(module).then(({ register }: { register(): void }) => {
      register();
      return hydrated(message, uncarry, use);
    });
  }
  use(whole);
  return undefined;
}
