/**
 * Which values can travel, and which part of a message is to blame if it cannot.
 *
 * @module
 */
import { codec } from "@interlock/core/base";
import { describe } from "../describe.ts";
import { leaves } from "./leaves.ts";

/** Whether the runtime can clone a value. */
export function isClonable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/** Whether a value can be sent to another process. */
export function isCarried(value: unknown): boolean {
  try {
    codec.encode(value);
    return true;
  } catch {
    return false;
  }
}

/** Whether a part of a message is code, which nothing can clone. */
export function isCode(part: unknown): boolean {
  return typeof part === "function" || typeof part === "symbol";
}

/** What JavaScript itself defines and every runtime sends to a process, but for views of buffers. */
const CARRIED: ReadonlySet<string> = new Set([..."Object Array Map Set Date RegExp Error DOMException ArrayBuffer SharedArrayBuffer".split(" ")]);

/** Whether a part of a message cannot travel to a process: code, and objects of the runtime, which would arrive empty. */
export function isBoundToProcess(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return isCode(part);
  const tag = Object.prototype.toString.call(part).slice("[object ".length, -1);
  if (CARRIED.has(tag) || ArrayBuffer.isView(part)) return false;
  // A class of the user's may call itself what it likes.
  const type = tag.split(".").reduce<unknown>((owner, key) => (owner as Record<string, unknown> | undefined)?.[key], globalThis);
  const prototype: unknown = (type as { prototype?: unknown } | undefined)?.prototype;
  return typeof prototype === "object" && prototype !== null && Object.prototype.isPrototypeOf.call(prototype, part);
}

/**
 * Checks what is to be moved to another process, which gets a copy.
 *
 * @throws {TypeError} If there is something that threads could not move either, or only they can.
 */
export function requireBuffers(transfer: readonly unknown[]): void {
  for (const one of transfer)
    if (!(one instanceof ArrayBuffer)) throw new TypeError(`only an ArrayBuffer can be moved to a process: received ${describe(one)}`);
}

/** Whether a part of a message is `bad`, and what it is called in errors: completes "Cannot …". */
export interface Inspection {
  readonly name: string;
  readonly action: (path: string) => string;
  readonly bad: (part: unknown) => boolean;
  readonly cause?: unknown;
}

/** The error for the first bad part of a message, which names its path; undefined if there is none. */
export function blame(message: unknown, { name, action, bad, cause }: Inspection): TypeError | undefined {
  for (const [path, part] of leaves(message, name)) {
    if (!bad(part)) continue;
    return new TypeError(`Cannot ${action(path)} as it cannot be cloned: received ${describe(part)}`, cause === undefined ? undefined : { cause });
  }
  return undefined;
}
