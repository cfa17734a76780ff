/**
 * Taking a lock whose owner may be dead: what it protects is then mended before anybody else sees it.
 *
 * @module
 */
import { AbandonedLockError, type OnOwnerDeath, type RWLock } from "@interlock/core";
import type { Tally } from "./crew.ts";
import type { Lane } from "./lane.ts";
import { count, expectBalance, isIntact, repair, withCounts } from "./ledger.ts";
import { expect } from "./scenario.ts";
import { type Takable, takeAsync, takeBlocking } from "./take.ts";

/** What one thread holds alone. */
export type Side = Takable & { recover(): boolean; release(): void };

/** Takes `side`, if need be after its owner's death; then all is in order. Resolves to whether it holds. */
export async function takeOrRecover(lane: Lane, side: Side, blocking: boolean, ledger: Int32Array, mode: OnOwnerDeath): Promise<boolean> {
  let recovered = false;
  try {
    if (!(blocking ? takeBlocking(lane, side) : await takeAsync(lane, side))) return false;
  } catch (error) {
    if (!(error instanceof AbandonedLockError)) throw error;
    lane.check(mode === "error", () => "A lock that is handed over was reported as abandoned");
    // Another may be faster.
    if (!lane.do("recover", () => side.recover())) return false;
    recovered = true;
    count(ledger, "abandonments");
  }
  if (!isIntact(ledger)) {
    lane.check(recovered || mode === "release", () => "Work is half-done, and no death was reported");
    repair(ledger);
    count(ledger, "repairs");
  }
  return true;
}

/** Takes the side for readers. If a writer is dead, mends what it left, and takes nothing. */
export async function takeToRead(lane: Lane, { readLock, writeLock }: RWLock, blocking: boolean, ledger: Int32Array): Promise<boolean> {
  try {
    return blocking ? takeBlocking(lane, readLock) : await takeAsync(lane, readLock);
  } catch (error) {
    if (!(error instanceof AbandonedLockError)) throw error;
  }
  if (!lane.do("recover", () => writeLock.recover())) return false;
  count(ledger, "abandonments");
  if (!isIntact(ledger)) count(ledger, "repairs");
  repair(ledger);
  lane.do("release", () => writeLock.release());
  return false;
}

/** Once all have ended: whoever held it last has left things in order, or is reported as dead. */
export async function settle(side: Side, ledger: Int32Array, mode: OnOwnerDeath, tally: Tally): Promise<Tally> {
  let recovered = mode === "release";
  try {
    await side.acquireAsync({ timeout: 5000 });
  } catch (error) {
    if (!(error instanceof AbandonedLockError)) throw error;
    expect(side.recover(), () => "Cannot recover a lock though nobody else is left");
    recovered = true;
  }
  if (recovered) repair(ledger);
  side.release();
  expectBalance(ledger);
  return withCounts(tally, ledger);
}
