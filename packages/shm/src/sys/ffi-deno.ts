import { type Ffi, LIBRARIES } from "./ffi.ts";
import { firstOf } from "./first-of.ts";

/** What is used of Deno's. */
interface DenoFfi {
  dlopen(path: string, symbols: object): { readonly symbols: { syscall(...args: number[]): bigint | number } };
  readonly UnsafePointer: { of(view: Uint8Array): object | null; value(pointer: object | null): bigint | number; create(address: bigint): object | null };
  readonly UnsafePointerView: { getArrayBuffer(pointer: object | null, byteLength: number): ArrayBuffer };
}

/** Deno's own. Throws if it is not allowed. */
export function openDeno(): Ffi {
  const { dlopen, UnsafePointer, UnsafePointerView } = (globalThis as unknown as { Deno: DenoFfi }).Deno;
  const definition = { syscall: { parameters: ["i64", "i64", "i64", "i64", "i64", "i64", "i64"], result: "i64" } };
  const { symbols } = firstOf(LIBRARIES, (path) => dlopen(path, definition));
  const { syscall } = symbols;
  return {
    name: "deno",
    syscall: (number, a, b, c, d, e, f) => Number(syscall(number, a, b, c, d, e, f)),
    address: (memory) => Number(UnsafePointer.value(UnsafePointer.of(memory))),
    external: (address, byteLength) => UnsafePointerView.getArrayBuffer(UnsafePointer.create(BigInt(address)), byteLength),
    overlays: true,
  };
}
