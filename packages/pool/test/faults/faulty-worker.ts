/** Workers of which a fault asks more than a pool's own can give. */
import { Worker } from "node:worker_threads";
import { entry } from "../../src/entry/url.ts";
import type { Fault } from "./matrix.ts";
import { UNREADABLE } from "./strike.ts";

/** Enough for a worker to start with, and soon full. */
const LIMITS = { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4 };

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

/** How the workers of a pool are made for a fault; undefined if as always. */
export function workersFor(fault: Fault): (() => Worker) | undefined {
  if (fault === "out of memory") return () => new Worker(entry(), { resourceLimits: LIMITS });
  return fault === "unreadable result" ? () => new Garbling(entry()) : undefined;
}
