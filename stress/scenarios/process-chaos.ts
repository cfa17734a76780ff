/**
 * Processes of several runtimes share locks, a semaphore and a queue, and are killed at random, one after the other: what one leaves
 * half-done is reported to whoever comes next, nothing hangs, and all that is missing is what the dead had in their hands.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { Lock, Queue, type RawArray, RLock, RWLock, Semaphore } from "@interlock/core";
import { type Process, task } from "@interlock/pool";
import { Account, Order } from "../account.ts";
import type { Report, Seat } from "../board.ts";
import { Crew, type Setting, type Tally } from "../crew.ts";
import { createHoldings, say } from "../holdings.ts";
import { type Label, makeItem, readItem } from "../items.ts";
import { type Lane, runLanes } from "../lane.ts";
import { commit, createLedger, isIntact } from "../ledger.ts";
import { Random } from "../random.ts";
import { settle, takeOrRecover, takeToRead } from "../recover.ts";
import { RUNTIMES } from "../runtimes.ts";
import { expect, expectEqual, type Scenario } from "../scenario.ts";
import { takeAsync, takeBlocking } from "../take.ts";

/** The mean time between two kills. There are fewer where processes take longer to start. */
const PAUSE_MS = 150;

const PERMITS = 3;

/** What a process says of its permit, where that outlives it. In between it is not certain whether it has one. */
const NONE = 0;
const TAKING = 1;
const HAS = 2;
const GIVING = 3;

/** A lock, and the ledger that it protects. */
type Guarded = readonly [lock: Lock | RLock, ledger: RawArray<"int32">];

/** What they share. */
interface Common {
  readonly locks: readonly Guarded[];
  readonly library: readonly [lock: RWLock, ledger: RawArray<"int32">];
  readonly semaphore: Semaphore;
  /** What each says of its permit. */
  readonly permits: RawArray<"int32">;
  readonly queue: Queue;
  readonly account: RawArray<"int32">;
}

export const mingle = task(
  import.meta,
  "mingle",
  (seat: Seat, { locks, library, semaphore, permits, queue, account: board }: Common): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const clerk = new Clerk(lane, queue, new Account(board));
      while (!lane.stopping) {
        switch (lane.random.below(6)) {
          case 0:
            await borrow(lane, semaphore, permits.view);
            break;
          case 1:
            await readOrWrite(lane, ...library);
            break;
          case 2:
            await clerk.put();
            await clerk.get();
            break;
          default:
            await work(lane, ...lane.random.pick(locks));
        }
        await lane.breathe();
      }
    }),
);

async function work(lane: Lane, lock: Lock | RLock, { view: ledger }: RawArray<"int32">): Promise<void> {
  if (!(await takeOrRecover(lane, lock, lane.random.chance(0.5), ledger, "error"))) return;
  await commit(lane, ledger, undefined, lane.random.chance(0.7));
  lane.do("release", () => lock.release());
}

async function readOrWrite(lane: Lane, lock: RWLock, { view: ledger }: RawArray<"int32">): Promise<void> {
  const blocking = lane.random.chance(0.5);
  if (lane.random.chance(0.5)) {
    if (!(await takeOrRecover(lane, lock.writeLock, blocking, ledger, "error"))) return;
    await commit(lane, ledger, undefined, true);
    lane.do("release", () => lock.writeLock.release());
  } else if (await takeToRead(lane, lock, blocking, ledger)) {
    lane.check(isIntact(ledger), () => "A reader sees what a dead writer left");
    await lane.linger();
    lane.check(isIntact(ledger), () => "What is read changed");
    lane.do("release", () => lock.readLock.release());
  }
}

async function borrow(lane: Lane, semaphore: Semaphore, permits: Int32Array): Promise<void> {
  const tell = (what: number): readonly number[] => say(permits, lane.seat.index, what).all;
  tell(TAKING);
  // Not for ever: who dies in between may take a permit along.
  const taken = lane.random.chance(0.5) ? takeBlocking(lane, semaphore, { patient: false }) : await takeAsync(lane, semaphore, { patient: false });
  if (!taken) return void tell(NONE);
  const out = tell(HAS).filter((what) => what === HAS).length;
  lane.check(out <= PERMITS, () => `${out} permits are out of ${PERMITS}`);
  await lane.linger();
  tell(GIVING);
  lane.do("release", () => semaphore.release());
  tell(NONE);
}

/** Puts and gets. */
class Clerk {
  readonly #lane: Lane;
  readonly #queue: Queue;
  readonly #account: Account;
  readonly #order = new Order();
  /** What it has begun to put. */
  #label: Label | undefined;

  constructor(lane: Lane, queue: Queue, account: Account) {
    this.#lane = lane;
    this.#queue = queue;
    this.#account = account;
  }

  async put(): Promise<void> {
    const lane = this.#lane;
    this.#label ??= this.#account.begin(lane.seat.index);
    const item = makeItem(lane.random, this.#label, this.#queue.capacityBytes);
    const timed = { timeout: lane.random.timeout() };
    const done = lane.random.chance(0.5)
      ? lane.attempt("put with timeout", () => this.#queue.put(item, timed))
      : await lane.attemptAsync("putAsync with timeout", () => this.#queue.putAsync(item, timed));
    if (!done) return;
    this.#account.put(this.#label);
    this.#label = undefined;
  }

  async get(): Promise<void> {
    const lane = this.#lane;
    const timed = { timeout: lane.random.timeout() };
    let found: { readonly value: unknown } | undefined;
    const keep = (value: unknown): void => {
      found = { value };
    };
    if (lane.random.chance(0.5)) lane.attempt("get with timeout", () => keep(this.#queue.get(timed)));
    else await lane.attemptAsync("getAsync with timeout", () => this.#queue.getAsync(timed).then(keep));
    if (found === undefined) return;
    const label = readItem(found.value);
    this.#order.check(lane, label);
    this.#account.got(lane, label);
  }
}

async function run(given: Setting): Promise<Tally> {
  const setting: Setting = { ...given, runtimes: given.runtimes ?? Object.keys(RUNTIMES) };
  const { threads, deaths = 1 } = setting;
  const guarded = (lock: Lock | RLock): Guarded => [lock, createLedger(threads)];
  const locks = [guarded(new Lock()), guarded(new Lock()), guarded(new RLock())];
  const library = [new RWLock(), createLedger(threads)] as const;
  const [semaphore, queue] = [new Semaphore(PERMITS), new Queue({ capacityBytes: 512 })];
  const [permits, account] = [createHoldings(), new Account(threads)];
  const common: Common = { locks, library, semaphore, permits, queue, account: account.board };
  /** Of those who died, how many may have taken a permit along. */
  let suspects = 0;
  const numbers = new Set<number>();
  const start = (index: number): void => {
    const { thread } = crew.start(mingle, 1, [common], index);
    numbers.add((thread as Process<never, Report>).pid ?? 0);
  };
  const crew = new Crew(setting, ({ seat: { index } }) => {
    const said = say(permits.view, index, NONE).before;
    if (said === HAS) semaphore.release();
    else if (said !== NONE) suspects++;
    if (!crew.stopping) start(index);
  });
  for (let i = 0; i < threads; i++) start(i);
  const tally = await crew.run({ during: (signal) => killOften(crew, signal), deaths: Math.max(1, deaths) });
  return judge(tally);

  async function judge(tally: Tally): Promise<Tally> {
    const counts: Record<string, number> = { abandonments: 0, repairs: 0 };
    for (const [side, ledger] of [...locks, [library[0].writeLock, library[1]] as const]) {
      const told = (await settle(side, ledger.view, "error", { ...tally, counts: {} })).counts;
      for (const [what, n] of Object.entries(told)) counts[what] = (counts[what] ?? 0) + n;
    }
    const lostPermits = PERMITS - semaphore.value;
    expect(lostPermits >= 0 && lostPermits <= suspects, () => `Cannot accept that ${lostPermits} permits are lost as ${suspects} may have taken one along`);
    for (let got = queue.tryGet(); got !== undefined; got = queue.tryGet()) account.got({ check: expect }, readItem(got.value));
    const { lost, unconfirmed } = account.settle();
    expect(lost + unconfirmed <= tally.deaths, () => `Cannot accept ${lost} lost and ${unconfirmed} unconfirmed items as ${tally.deaths} died`);
    expect(queue.empty && queue.size === 0, () => `${queue.size} items are left`);
    expectEqual("the number of processes that are left", [...numbers].filter(isChild).length, 0);
    return { ...tally, counts: { ...counts, "lost permits": lostPermits, "lost items": lost, "unconfirmed items": unconfirmed } };
  }
}

/** Kills one after the other, at random; but nobody who has not begun, and not all at once. */
async function killOften(crew: Crew, signal: AbortSignal): Promise<void> {
  const random = new Random(crew.setting.seed, 0);
  while (!signal.aborted) {
    await setTimeout(random.below(2 * PAUSE_MS));
    const able = crew.members.filter((member) => crew.hasBegun(member));
    if (able.length > 1 && !crew.stopping) random.pick(able).thread.kill();
  }
}

const isChild = (pid: number): boolean => existsSync(`/proc/${pid}`);

export const scenarios: readonly Scenario[] = [{ name: "process-chaos", deadly: true, only: "processes", named: true, run }];
