import { type Ffi, LIBRARIES } from "./ffi.ts";
import { firstOf } from "./first-of.ts";

/** What is used of koffi. */
interface Koffi {
  load(path: string): { func(name: string, result: string, parameters: readonly string[]): (...args: number[]) => number | bigint };
  address(view: Uint8Array): bigint | number;
  view(address: bigint, byteLength: number): ArrayBuffer;
}

/** The package koffi; undefined if it is not installed. */
export function openKoffi(): Ffi | undefined {
  const { createRequire } = process.getBuiltinModule("node:module");
  let koffi: Koffi;
  try {
    koffi = createRequire(import.meta.url)("koffi") as Koffi;
  } catch (error) {
    if ((error as { code?: unknown }).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
  const parameters = ["int64_t", "int64_t", "int64_t", "int64_t", "int64_t", "int64_t", "int64_t"];
  const syscall = firstOf(LIBRARIES, (path) => koffi.load(path).func("syscall", "int64_t", parameters));
  return {
    name: "koffi",
    syscall: (number, a, b, c, d, e, f) => Number(syscall(number, a, b, c, d, e, f)),
    address: (memory) => Number(koffi.address(memory)),
    external: (address, byteLength) => koffi.view(BigInt(address), byteLength),
    overlays: true,
  };
}
