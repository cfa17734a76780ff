/**
 * What interlock costs while it rests: locks that are gone, tasks and threads that wait. Prints a table, and ends with 1 if
 * a goal is missed. What sleepers cost is set beside threads that do nothing but sleep in slices, in the same run: that is
 * the floor, and on two shared cores it alone takes 0.6 to 0.9 % of a core for 8 threads. Whatever else the machine does scatters
 * single figures by a third, so those of threads are medians of several spells.
 *
 * Usage: node --expose-gc bench/resting.ts
 */
import { Barrier, Condition, Event, Lock, RawValue, RLock, RWLock, Semaphore } from "@interlock/core";
import { Thread, task } from "@interlock/pool";
import { median } from "simple-statistics";
import { collected, load, pause } from "./usage.ts";

const SECONDS = 5;
/** How many spells of so many seconds make one figure for threads. */
const SPELLS = 5;
const SETTLE_MS = 10_000;
const THREADS = 8;
const SLICE_MS = 50;
/** Per cent of a core that the sleepers on one object may cost. */
const SLEEPERS_PERCENT = 1;
/** So much more than the floor they may cost anyway, and never more than so much. */
const ABOVE_FLOOR = 1.2;
const MOST_ABOVE_FLOOR = 2;

type Waitable = Lock | RLock | Semaphore | Condition | Event | Barrier | RWLock;

/** Sleeps in slices as all waiters do, and does nothing after each. */
export const sleepBare = task(import.meta, "sleepBare", (word: RawValue<"int32">, came: Semaphore) => {
  came.release();
  const words = word.view as Int32Array;
  for (;;) Atomics.wait(words, 0, 0, SLICE_MS);
});

/** Waits on whatever it is given, until it is terminated. */
export const waitOn = task(import.meta, "waitOn", (what: Waitable, came: Semaphore) => {
  came.release();
  if (what instanceof Event || what instanceof Barrier) return void what.wait();
  if (what instanceof Condition) return what.run(() => void what.wait());
  if (what instanceof RWLock) return void what.readLock.acquire();
  what.acquire();
});

let missed = 0;

function row(what: string, figure: number, unit: string, goal: number): void {
  const ok = figure < goal;
  if (!ok) missed++;
  console.log(`  ${what.padEnd(44)} ${figure.toFixed(2).padStart(8)} ${unit.padEnd(12)} goal < ${Number(goal.toFixed(2))}: ${ok ? "met" : "MISSED"}`);
}

/** Megabytes of this process, without garbage. */
async function resident(): Promise<number> {
  await collected();
  return process.memoryUsage().rss / 2 ** 20;
}

async function shortLived(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    new Lock().run(() => {});
    // A turn of the event loop now and then, as any program has: engines free shared memory between turns.
    if (i % 10_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function pending(locks: readonly Lock[], each: number): Promise<number> {
  const done = new AbortController();
  for (const lock of locks) lock.acquire();
  const waits = locks.flatMap((lock) => Array.from({ length: each }, () => lock.acquireAsync({ signal: done.signal }).catch(() => {})));
  const used = await load(SECONDS);
  done.abort();
  await Promise.all(waits);
  return used;
}

/** What threads use once they all wait. */
async function loadOf(create: (came: Semaphore) => { start(): void; terminate(): Promise<void> }): Promise<number> {
  const came = new Semaphore(0);
  const threads = Array.from({ length: THREADS }, () => create(came));
  for (const thread of threads) thread.start();
  await came.acquireAsync({ permits: THREADS });
  // Their start is not what is measured; its compiling and collecting goes on for seconds.
  await pause(SETTLE_MS);
  const spells: number[] = [];
  for (let i = 0; i < SPELLS; i++) spells.push(await load(SECONDS));
  await Promise.all(threads.map((thread) => thread.terminate()));
  return median(spells);
}

if (import.meta.main) {
  console.log(`While it rests (over ${SECONDS} s, per cent of one core)`);
  // Before: what an engine takes to its first millions is not what the next one leaves behind.
  for (let i = 0; i < 3; i++) await shortLived(1_000_000);
  const before = await resident();
  await shortLived(1_000_000);
  row("a million short-lived locks", (await resident()) - before, "MB more", 16);
  row("nothing", await load(SECONDS), "%", 1);
  row("10 000 pending acquireAsync of one lock", await pending([new Lock()], 10_000), "%", 5);
  row(
    "100 pending acquireAsync of each of 100 locks",
    await pending(
      Array.from({ length: 100 }, () => new Lock()),
      100,
    ),
    "%",
    5,
  );
  const held = { Lock: new Lock(), RLock: new RLock(), RWLock: new RWLock() };
  held.Lock.acquire();
  held.RLock.acquire();
  held.RWLock.writeLock.acquire();
  const all = { ...held, Semaphore: new Semaphore(0), Condition: new Condition(), Event: new Event(), Barrier: new Barrier(THREADS + 1) };
  const floor = await loadOf((came) => new Thread(sleepBare, [new RawValue("int32"), came]));
  console.log(`  ${`${THREADS} threads that only sleep in slices of ${SLICE_MS} ms`.padEnd(44)} ${floor.toFixed(2).padStart(8)} %            the floor`);
  const goal = Math.min(floor * MOST_ABOVE_FLOOR, Math.max(SLEEPERS_PERCENT, floor * ABOVE_FLOOR));
  for (const [name, what] of Object.entries(all)) {
    const used = await loadOf((came) => new Thread(waitOn, [what as Waitable, came] as [Waitable, Semaphore]));
    row(`${THREADS} threads waiting on ${name}, ${(used / floor).toFixed(2)} x the floor`, used, "%", goal);
  }
  process.exit(missed > 0 ? 1 : 0);
}
