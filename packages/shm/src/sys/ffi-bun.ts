import { type Ffi, LIBRARIES } from "./ffi.ts";
import { firstOf } from "./first-of.ts";

/** What is used of Bun's. */
interface BunFfi {
  dlopen(path: string, symbols: object): { readonly symbols: { syscall(...args: number[]): number | bigint } };
  ptr(view: Uint8Array): number;
  toArrayBuffer(address: number, offset: number, byteLength: number): ArrayBuffer;
}

/** Bun's own. */
export function openBun(): Ffi {
  const { dlopen, ptr, toArrayBuffer } = (process as unknown as { getBuiltinModule(name: string): unknown }).getBuiltinModule("bun:ffi") as BunFfi;
  const definition = { syscall: { args: ["i64", "i64", "i64", "i64", "i64", "i64", "i64"], returns: "i64_fast" } };
  const { symbols } = firstOf(LIBRARIES, (path) => dlopen(path, definition));
  const { syscall } = symbols;
  return {
    name: "bun",
    syscall: (number, a, b, c, d, e, f) => Number(syscall(number, a, b, c, d, e, f)),
    address: (memory) => ptr(memory),
    external: (address, byteLength) => toArrayBuffer(address, 0, byteLength),
    overlays: process.getBuiltinModule("node:worker_threads").isMainThread,
  };
}
