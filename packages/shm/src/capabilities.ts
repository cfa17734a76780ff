/**
 * What this runtime and system can do.
 *
 * @module
 */
import { chooseMapping } from "./mapping.ts";
import { access } from "./sys/select.ts";
import type { Sys } from "./sys/sys.ts";

/** What this runtime and system can do. */
export interface Capabilities {
  /** Whether `createMemory` and `SharedMemory` work. */
  readonly sharedMemory: boolean;
  /** Why not, and what to install or to allow; undefined if they do. */
  readonly reason: string | undefined;
  /** What calls the operating system; undefined if nothing can. */
  readonly ffi: "koffi" | "node:ffi" | "deno" | "bun" | undefined;
}

let known: Capabilities | undefined;

/**
 * Says what this runtime and system can do. The first call tries it out: it maps a page twice, writes here and reads there.
 *
 * @example
 * ```ts
 * import { capabilities } from "@interlock/shm";
 * import assert from "node:assert/strict";
 *
 * const { sharedMemory, reason } = capabilities();
 * assert.equal(sharedMemory, reason === undefined);
 * ```
 */
export function capabilities(): Capabilities {
  known ??= look();
  return known;
}

function look(): Capabilities {
  const found = access();
  if (found.sys === undefined) return { sharedMemory: false, reason: found.reason, ffi: undefined };
  const choice = chooseMapping(found.sys);
  const { ffi } = found;
  if (choice.mapping === undefined) return { sharedMemory: false, reason: choice.reason, ffi };
  return { sharedMemory: true, reason: undefined, ffi };
}

/**
 * The operating system.
 *
 * @throws {TypeError} If it cannot be reached; says what to install or to allow.
 */
export function requireSys(action: string): Sys {
  const { reason } = capabilities();
  const { sys } = access();
  if (sys === undefined || reason !== undefined) throw new TypeError(`Cannot ${action} as ${reason}`);
  return sys;
}
