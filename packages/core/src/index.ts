/**
 * Shared values and locks, on nothing but `SharedArrayBuffer` and `Atomics`.
 *
 * @module
 */
export { SharedArray } from "./array.ts";
export { Atomic } from "./atomic.ts";
export { attach, type HydrateOptions, hydrate } from "./attach.ts";
export { Barrier, type BarrierAttachOptions, type BarrierOptions } from "./barrier.ts";
export { BoundedSemaphore } from "./bounded-semaphore.ts";
export * as codec from "./codec.ts";
export { Condition, type ConditionOptions } from "./condition.ts";
export { type DehydrateOptions, dehydrate } from "./dehydrate.ts";
export { AbandonedLockError, BrokenBarrierError, DeadlockError, LockStateError, QueueClosedError, TimeoutError } from "./errors.ts";
export { Event, type EventOptions } from "./event.ts";
export type { Guarded } from "./guarded.ts";
export { type Handle, isHandle, isShareable, type Shareable } from "./handle.ts";
export { inspect } from "./inspect.ts";
export { Lock } from "./lock.ts";
export type { BaseLock, Lockable } from "./lockable.ts";
export type { Memory, MemoryHandle, SystemMemoryHandle, ThreadMemoryHandle } from "./memory.ts";
export type { LockOptions, MutexLock } from "./mutex-lock.ts";
export { JoinableQueue, Queue, type QueueOptions } from "./queue.ts";
export { RawArray } from "./raw-array.ts";
export { RawValue, type RawValueOptions } from "./raw-value.ts";
export { RLock } from "./rlock.ts";
export type { Agent, Roster, Seat } from "./roster.ts";
export { ReadLock, RWLock, WriteLock } from "./rwlock.ts";
export { type AsyncPermitOptions, type PermitOptions, Semaphore, type SemaphoreOptions } from "./semaphore.ts";
export { attachMemory } from "./slab.ts";
export { type Fields, type Struct, type StructData, struct } from "./struct.ts";
export type { WaitBackend, WaitResult } from "./sys/futex.ts";
export type { InspectedOwner, Inspection } from "./sys/inspection.ts";
export type { OnOwnerDeath, Owner } from "./sys/mutex-word.ts";
export type { AbortSignalLike, AsyncWaitOptions, WaitOptions } from "./sys/options.ts";
export { type AgentHandle, adoptAgent, askedToLeave, askToLeave, onCheckpoint, reserveAgent, retireAgent } from "./sys/thread.ts";
export type { ElementType, Live, Next, ShownType, SliceOf, TypeAlias, TypeCode, TypeName, ValueOf, ValueView, ViewOf } from "./type-code.ts";
export { Value, type ValueOptions } from "./value.ts";
