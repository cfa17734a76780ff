/**
 * For libraries that start threads: `@interlock/core/base`. What they need of core, without the objects that it shares, so
 * that a thread which uses none of those need not load them. All but `futex`, `home`, `carriedAs` and `timeoutOf` is in the main entry point, too.
 *
 * @module
 */
export { carriedAs } from "./carried.ts";
export * as codec from "./codec.ts";
export { type DehydrateOptions, dehydrate } from "./dehydrate.ts";
export { AbandonedLockError, BrokenBarrierError, DeadlockError, LockStateError, QueueClosedError, TimeoutError } from "./errors.ts";
export { type Handle, isHandle, isShareable, type Shareable } from "./handle.ts";
export { futex, type WaitBackend, type WaitResult } from "./sys/futex.ts";
export { type AbortSignalLike, type AsyncWaitOptions, timeoutOf, type WaitOptions } from "./sys/options.ts";
export { type AgentHandle, adoptAgent, askedToLeave, askToLeave, home, type Membership, onCheckpoint, reserveAgent, retireAgent } from "./sys/thread.ts";
