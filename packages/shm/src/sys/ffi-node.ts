import { type Ffi, LIBRARIES } from "./ffi.ts";
import { firstOf } from "./first-of.ts";

/** What is used of `node:ffi`, which came with Node 26. */
interface NodeFfi {
  dlopen(path: string, symbols: object): { readonly functions: { syscall(...args: bigint[]): bigint } };
  getRawPointer(view: Uint8Array): bigint;
  toArrayBuffer(address: bigint, byteLength: number, copy: boolean): ArrayBuffer;
}

/** Node's own; undefined where there is none. Throws if it is not allowed. */
export function openNode(): Ffi | undefined {
  const ffi = (process as unknown as { getBuiltinModule(name: string): unknown }).getBuiltinModule("node:ffi") as NodeFfi | undefined;
  if (ffi === undefined) return undefined;
  const definition = { syscall: { arguments: ["int64", "int64", "int64", "int64", "int64", "int64", "int64"], return: "int64" } };
  const { functions } = firstOf(LIBRARIES, (path) => ffi.dlopen(path, definition));
  const { syscall } = functions;
  return {
    name: "node:ffi",
    syscall: (number, a, b, c, d, e, f) => Number(syscall(BigInt(number), BigInt(a), BigInt(b), BigInt(c), BigInt(d), BigInt(e), BigInt(f))),
    address: (memory) => Number(ffi.getRawPointer(memory)),
    external: (address, byteLength) => ffi.toArrayBuffer(BigInt(address), byteLength, false),
    overlays: true,
  };
}
