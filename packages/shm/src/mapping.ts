/**
 * Memory of the operating system as a `SharedArrayBuffer`: that of a `WebAssembly.Memory`, with the file mapped over it. So code
 * for threads runs on it unchanged, and threads share it. Where an engine does not bear that, it is an `ArrayBuffer` over memory that
 * the engine does not own: the same to all who use it, but for what is posted to threads, who attach it themselves.
 *
 * What is read after its end is zero, either way: other memory is put in its place, and never given back.
 *
 * @module
 */
import type { Descriptor, Sys } from "./sys/sys.ts";

/** WebAssembly's pages, of which a buffer has a whole number. */
const PAGE_BYTES = 1 << 16;
/** The least that is mapped. */
const SYSTEM_PAGE_BYTES = 4096;
const TEST_BYTES = SYSTEM_PAGE_BYTES;

/** Mapped memory. */
export interface Mapped {
  readonly buffer: SharedArrayBuffer | ArrayBuffer;
  readonly address: number;
  /** Puts zeros in its place. */
  release(): void;
}

/** How a file is mapped. */
type Mapping = (sys: Sys, descriptor: Descriptor, byteLength: number) => Mapped | undefined;

/** Over memory of the engine's. */
export const overlay: Mapping = (sys, descriptor, byteLength) => {
  const pages = Math.ceil(byteLength / PAGE_BYTES);
  // A buffer of it is never moved, and its memory begins where pages do.
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  const address = sys.address(new Uint8Array(buffer));
  const mappedBytes = wholePages(byteLength);
  if (!sys.map(address, mappedBytes, descriptor)) return undefined;
  return { buffer, address, release: () => sys.unmap(address, mappedBytes) };
};

/** Beside memory of the engine's. */
export const apart: Mapping = (sys, descriptor, byteLength) => {
  const mappedBytes = wholePages(byteLength);
  const mapped = sys.mapApart(mappedBytes, descriptor);
  return mapped && { ...mapped, release: () => sys.unmap(mapped.address, mappedBytes) };
};

const wholePages = (byteLength: number): number => Math.ceil(byteLength / SYSTEM_PAGE_BYTES) * SYSTEM_PAGE_BYTES;

/** How this thread maps files, or why it cannot. */
type Choice = { readonly mapping: Mapping } | { readonly mapping: undefined; readonly reason: string };

const choices = new WeakMap<Sys, Choice>();

/** The better way to map files that works here: tried out once, as it rests on what engines do, and not on what they promise. */
export function chooseMapping(sys: Sys): Choice {
  let choice = choices.get(sys);
  if (choice === undefined) {
    let reason = "";
    const works = (mapping: Mapping): boolean => {
      reason = selfTest(sys, mapping) ?? "";
      return reason === "";
    };
    const mapping = (sys.overlays ? [overlay, apart] : [apart]).find(works);
    choice = mapping === undefined ? { mapping, reason } : { mapping };
    choices.set(sys, choice);
  }
  return choice;
}

/** Why files cannot be mapped in a way: maps one twice, writes here and reads there. */
export function selfTest(sys: Sys, mapping: Mapping): string | undefined {
  const descriptor = sys.createAnonymous("interlock-test");
  if (descriptor === undefined) return "the system has no memory without a name (memfd_create)";
  try {
    if (!sys.allocate(descriptor, TEST_BYTES)) return "there is no memory to be had";
    const [one, other] = [mapping(sys, descriptor, TEST_BYTES), mapping(sys, descriptor, TEST_BYTES)];
    if (one === undefined || other === undefined) return "files cannot be mapped";
    try {
      Atomics.store(new Int32Array(one.buffer), 7, 42);
      return Atomics.load(new Int32Array(other.buffer), 7) === 42 ? undefined : "the engine does not let a file be mapped over its memory";
    } finally {
      one.release();
      other.release();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    sys.close(descriptor);
  }
}

/** Maps a file's first bytes in the way that was chosen for this thread. Throws `Error` if that fails. */
export function mapFile(sys: Sys, descriptor: Descriptor, byteLength: number, action: string): Mapped {
  const mapped = chooseMapping(sys).mapping?.(sys, descriptor, byteLength);
  if (mapped === undefined) throw new Error(`Cannot ${action} as ${byteLength} bytes cannot be mapped`);
  return mapped;
}
