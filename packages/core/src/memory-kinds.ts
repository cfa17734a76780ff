/**
 * Memory of kinds that other packages bring: how it is attached, once its kind is known to a thread.
 *
 * @module
 */
import type { Memory, SystemMemoryHandle } from "./memory.ts";
import { type MemoryKind, memoryKinds } from "./sys/thread.ts";

/** Makes memory of a kind known to this thread: for packages that bring one. */
export function registerMemoryKind(system: string, attach: (handle: SystemMemoryHandle) => Memory): void {
  memoryKinds().set(system, attach as MemoryKind);
}

/** The module that must be loaded before the memory that an error is about can be attached; undefined if that is not the reason. */
export function moduleToLoad(error: unknown): string | undefined {
  return error instanceof UnknownMemoryError ? error.module : undefined;
}

class UnknownMemoryError extends TypeError {
  readonly module: string;

  constructor({ system, module }: SystemMemoryHandle) {
    super(
      `Cannot attach memory as its kind is not known in this thread: received ${JSON.stringify(system)}; import @interlock/${system} and call attachMemory with the handle first`,
    );
    this.module = module;
  }
}

/** Opens memory of another kind. */
export function attachSystemMemory(handle: SystemMemoryHandle): Memory {
  const attach = memoryKinds().get(handle.system);
  if (attach === undefined) throw new UnknownMemoryError(handle);
  return attach(handle) as Memory;
}
