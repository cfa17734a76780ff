/**
 * Shared values and locks, on nothing but `SharedArrayBuffer` and `Atomics`.
 *
 * @module
 */
export { Atomic } from "./atomic.ts";
export { attach, type DehydrateOptions, dehydrate, hydrate } from "./attach.ts";
export { AbandonedLockError, DeadlockError, LockStateError, TimeoutError } from "./errors.ts";
export { Event, type EventOptions } from "./event.ts";
export { type Handle, isHandle, isShareable, type Shareable } from "./handle.ts";
export { Lock, type LockOptions } from "./lock.ts";
export type { BaseLock, Lockable } from "./lockable.ts";
export { attachMemory, type Memory, type MemoryHandle } from "./memory.ts";
export { RawValue, type RawValueOptions } from "./raw-value.ts";
export { RLock } from "./rlock.ts";
export type { Agent, Roster } from "./roster.ts";
export type { WaitBackend, WaitResult } from "./sys/futex.ts";
export type { OnOwnerDeath, Owner } from "./sys/mutex.ts";
export type { AbortSignalLike, AsyncWaitOptions, WaitOptions } from "./sys/options.ts";
export { type AgentHandle, adoptAgent, askedToLeave, askToLeave, onCheckpoint, reserveAgent, retireAgent } from "./sys/thread.ts";
export type { TypeAlias, TypeCode, TypeName, ValueOf } from "./type-code.ts";
export { Value, type ValueOptions } from "./value.ts";
