/** Workers of which a fault asks more than a pool's own can give. */
import { Worker } from "node:worker_threads";
import type { PoolOptions } from "@interlock/pool";
import { entry } from "../../src/entry/url.ts";
import type { BackendName, Fault } from "./matrix.ts";
import { UNREADABLE } from "./strike.ts";

/** Enough for a worker to start with, and soon full. */
const LIMITS = { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4 };

/** In KiB. Bun takes no limit of its own: the system stops it, which counts all that it reserves. */
const SYSTEM_LIMIT = 350_000;

/** The same where it attaches memory that processes share: the compiler of its foreign functions reserves two gigabytes. */
const SYSTEM_LIMIT_SHARING = 2_400_000;

/** A worker whose result, when it arrives, cannot be turned into values: no runtime lets one make such a message. */
class Garbling extends Worker {
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === "message" && isUnreadable(args[0])) return super.emit("messageerror", new Error("garbled"));
    return super.emit(event as never, ...(args as never[]));
  }
}

function isUnreadable(message: unknown, depth: number = 6): boolean {
  if (message === UNREADABLE) return true;
  return typeof message === "object" && message !== null && depth > 0 && Object.values(message).some((part) => isUnreadable(part, depth - 1));
}

/** How a pool is made whose workers are to meet a fault; whether they share memory with this thread. */
export function optionsFor(backend: BackendName, fault: Fault, sharing: boolean = false): PoolOptions {
  if (backend === "process") return { backend, ...(fault === "out of memory" ? limited(sharing) : {}) };
  if (fault === "out of memory") return { worker: () => new Worker(entry(), { resourceLimits: LIMITS }) };
  return fault === "unreadable result" ? { worker: () => new Garbling(entry()) } : {};
}

/** Processes that have little memory. */
function limited(sharing: boolean): PoolOptions {
  if (!("Bun" in globalThis)) return { resourceLimits: LIMITS };
  const script = `ulimit -d ${sharing ? SYSTEM_LIMIT_SHARING : SYSTEM_LIMIT}; exec "$0" "$@"`;
  // It is not for Bun's makers.
  const env = { BUN_ENABLE_CRASH_REPORTING: "0" };
  return { execPath: "/bin/sh", execArgv: ["-c", script, process.execPath, "--conditions=@interlock/source"], env };
}
