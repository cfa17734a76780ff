/**
 * For libraries that start threads: `@interlock/core/base`. What they need of core, without the objects that it shares, so
 * that a thread which uses none of those need not load them. What is for libraries that start threads, and for those that bring memory
 * of another kind, is only here.
 *
 * @module
 */
export { carriedAs } from "./carried.ts";
export * as codec from "./codec.ts";
export { type DehydrateOptions, dehydrate } from "./dehydrate.ts";
export { AbandonedLockError, BrokenBarrierError, DeadlockError, LockStateError, QueueClosedError, TimeoutError } from "./errors.ts";
export { type Handle, isHandle, isShareable, type Shareable } from "./handle.ts";
export type { Memory, MemoryHandle, SystemMemoryHandle, ThreadMemoryHandle } from "./memory.ts";
export { moduleToLoad, registerMemoryKind } from "./memory-kinds.ts";
export { type Agent, ROSTER_BYTES, type Roster, type RosterGuard, type RosterRegion, SharedRoster } from "./roster.ts";
export { requireAllocation } from "./slab.ts";
export { futex, type WaitBackend, type WaitResult } from "./sys/futex.ts";
export { after } from "./sys/host.ts";
export { LAYOUT } from "./sys/layout.ts";
export { type AbortSignalLike, type AsyncWaitOptions, timeoutOf, type WaitOptions } from "./sys/options.ts";
export {
  type AgentHandle,
  adoptAgent,
  agentAlive,
  askedToLeave,
  askToLeave,
  home,
  joinRoster,
  leaveRoster,
  type Membership,
  nameSelf,
  onCheckpoint,
  onNews,
  onRetire,
  reserveAgent,
  retireAgent,
  selfAtHome,
} from "./sys/thread.ts";
