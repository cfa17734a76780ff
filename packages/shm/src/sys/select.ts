/**
 * Which operating system and which foreign function interface this is: the only place that asks.
 *
 * @module
 */
import type { Ffi } from "./ffi.ts";
import { openBun } from "./ffi-bun.ts";
import { openDeno } from "./ffi-deno.ts";
import { openKoffi } from "./ffi-koffi.ts";
import { openNode } from "./ffi-node.ts";
import { Linux } from "./linux.ts";
import { isKnown } from "./linux-numbers.ts";
import type { Sys } from "./sys.ts";

/** The operating system, or why it cannot be reached. */
export type Access = { readonly sys: Sys; readonly ffi: Ffi["name"] } | { readonly sys: undefined; readonly reason: string };

let found: Access | undefined;

/** What this thread can do; asked once. */
export function access(): Access {
  found ??= look();
  return found;
}

function look(): Access {
  if (typeof process !== "object") return { sys: undefined, reason: "a page has no processes" };
  const { platform, arch } = process;
  if (platform !== "linux" || !isKnown(arch)) return { sys: undefined, reason: `${platform} on ${arch} is not supported: only Linux on x64 and arm64 is` };
  try {
    const ffi = openFfi();
    if (ffi === undefined)
      return { sys: undefined, reason: "this version of Node has no foreign function interface: install koffi (npm install koffi), or use Node 26" };
    return { sys: new Linux(ffi, arch), ffi: ffi.name };
  } catch (error) {
    const why =
      "Deno" in globalThis
        ? "the foreign function interface is not permitted: run Deno with --allow-ffi"
        : "the foreign function interface is not permitted, or the C library was not found";
    return { sys: undefined, reason: `${why} (${error instanceof Error ? error.message : String(error)})` };
  }
}

/** The foreign function interface of this runtime; undefined if it has none. Throws if it is not permitted. */
export function openFfi(): Ffi | undefined {
  if ("Deno" in globalThis) return openDeno();
  if ("Bun" in globalThis) return openBun();
  // koffi first: it was measured, and warns of nothing.
  return openKoffi() ?? openNode();
}
