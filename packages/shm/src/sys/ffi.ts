/**
 * What interlock asks of a runtime's foreign function interface: one function of the C library, and the address of memory.
 *
 * @module
 */

/** The most arguments that a system call has, after its number. */
export type Syscall = (number: number, a: number, b: number, c: number, d: number, e: number, f: number) => number;

/** A way to call the operating system. */
export interface Ffi {
  /** What provides it, for people. */
  readonly name: "koffi" | "node:ffi" | "deno" | "bun";
  /** `syscall` of the C library: -1 after a failure, whose reason is lost. Addresses and lengths fit in a double. */
  readonly syscall: Syscall;
  /** Where the first byte of memory lies that does not move: that of an `ArrayBuffer` of its own, or a shared one. */
  address(memory: Uint8Array): number;
  /** A buffer over memory that the engine does not own, and never frees. */
  external(address: number, byteLength: number): ArrayBuffer;
  /**
   * Whether files may be mapped over memory of the engine's. Not in threads of Bun: when one ends, its engine puts that memory on a
   * list of what is free, and writes the list into it, and so into the file.
   */
  readonly overlays: boolean;
}

/** The names that the C library goes by: glibc's, musl's. */
export const LIBRARIES: readonly string[] = ["libc.so.6", "libc.so"];
