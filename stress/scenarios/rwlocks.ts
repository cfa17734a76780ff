/**
 * RWLock: writers are alone, readers together, and overlapping readers do not starve a writer.
 *
 * @module
 */
import { DeadlockError, type RawArray, RWLock } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Seat } from "../board.ts";
import { Crew, lanesOf } from "../crew.ts";
import { type Lane, runLanes } from "../lane.ts";
import { expect, expectEqual, type Scenario } from "../scenario.ts";
import { takeAsync, takeBlocking } from "../take.ts";
import { add, createWords, get } from "../words.ts";

/** Plain words that the lock protects: two that a writer changes one after the other; and who is inside. */
const LEFT = 0;
const RIGHT = 1;
const WRITER = 2;
const READERS = 3;
/** How many readers have come and gone, for those that overlap on purpose. */
const ARRIVALS = 4;

export const readAndWrite = task(
  import.meta,
  "readAndWrite",
  (seat: Seat, lock: RWLock, { view: words }: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      // A thread waits for itself if it has the other side, or is about to: a writer that waits for readers is the owner.
      const { slot } = lock.memory.agent;
      const mine = (): boolean => lock.readLock.held || lock.writeLock.owner?.slot === slot;
      while (!lane.stopping) {
        const blocking = lane.random.chance(0.5);
        const side = lane.random.chance(0.7) ? lock.readLock : lock.writeLock;
        if (blocking ? takeBlocking(lane, side, { mine }) : await takeAsync(lane, side)) {
          if (side === lock.readLock) await read(lane, lock, words);
          else await write(lane, lock, words);
          lane.do("release", () => side.release());
        }
        await lane.breathe();
      }
    }),
);

async function read(lane: Lane, lock: RWLock, words: Int32Array): Promise<void> {
  Atomics.add(words, READERS, 1);
  const left = get(words, LEFT);
  const look = (): void => {
    lane.check(words[WRITER] === 0, () => `Lane id ${words[WRITER]} writes while this one reads`);
    lane.check(words[LEFT] === left && words[RIGHT] === left, () => "What is read changed");
  };
  look();
  if (lane.random.chance(0.1)) {
    lane.check(lock.readLock.acquire().held, () => "A reader could not enter again");
    lock.readLock.release();
    lane.check(lock.readLock.held, () => "An inner release gave up the lock");
    lane.check(!lock.writeLock.tryAcquire(), () => "A reader became a writer");
  }
  await lane.linger();
  look();
  Atomics.sub(words, READERS, 1);
  lane.count("reads");
}

async function write(lane: Lane, lock: RWLock, words: Int32Array): Promise<void> {
  lane.check(words[WRITER] === 0 && Atomics.load(words, READERS) === 0, () => `${words[READERS]} readers, or the writer ${words[WRITER]}, are inside, too`);
  words[WRITER] = lane.id;
  add(words, LEFT, 1);
  if (lane.random.chance(0.1)) {
    lane.check(!lock.readLock.tryAcquire() && !lock.writeLock.tryAcquire(), () => "A writer entered again");
    let error: unknown;
    try {
      lock.writeLock.acquire();
    } catch (thrown) {
      error = thrown;
    }
    lane.check(error instanceof DeadlockError, () => `Waiting for oneself gave ${String(error)}`);
  }
  await lane.linger();
  lane.check(words[WRITER] === lane.id && Atomics.load(words, READERS) === 0, () => "Somebody came in while this one writes");
  add(words, RIGHT, 1);
  words[WRITER] = 0;
  lane.count("writes");
}

/** Reads until the next reader has come, so that, but for a waiting writer, somebody would always read. */
export const readOn = task(
  import.meta,
  "readOn",
  (seat: Seat, lock: RWLock, board: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const { view: words } = board;
      const { waiter } = board.memory;
      while (!lane.stopping) {
        await lane.doAsync("acquireAsync", () => lock.readLock.acquireAsync());
        const turn = Atomics.add(words, ARRIVALS, 1) + 1;
        waiter.notify(words, ARRIVALS, Infinity);
        // If a writer waits, nobody comes.
        await waiter.waitAsync(words, ARRIVALS, turn, 5);
        lane.do("release", () => lock.readLock.release());
        lane.count("reads");
      }
    }),
);

export const writeOn = task(
  import.meta,
  "writeOn",
  (seat: Seat, lock: RWLock): Promise<Report> =>
    runLanes(seat, async (lane) => {
      while (!lane.stopping) {
        if (lane.random.chance(0.5)) lane.do("acquire", () => lock.writeLock.acquire());
        else await lane.doAsync("acquireAsync", () => lock.writeLock.acquireAsync());
        lane.do("release", () => lock.writeLock.release());
        lane.count("writes");
        await lane.breathe();
        // Readers are to overlap again before the next one.
        for (let n = 0; n < 5; n++) await lane.linger();
      }
    }),
);

export const scenarios: readonly Scenario[] = [
  {
    name: "rwlock",
    async run(setting) {
      const lock = new RWLock();
      const board = createWords(5);
      const words = board.view;
      const crew = new Crew(setting);
      for (let i = 0; i < setting.threads; i++) crew.start(readAndWrite, lanesOf(i), [lock, board]);
      const tally = await crew.run();
      expectEqual("the number of writes", tally.counts["writes"] ?? 0, get(words, LEFT));
      expectEqual("what is written second", get(words, RIGHT), get(words, LEFT));
      expect(!lock.readLock.locked && !lock.writeLock.locked, () => "Cannot accept the lock as it is still held");
      return tally;
    },
  },
  {
    name: "rwlock-overlap",
    async run(setting) {
      const lock = new RWLock();
      const board = createWords(5);
      const crew = new Crew(setting);
      crew.start(writeOn, 1, [lock]);
      for (let i = 1; i < setting.threads; i++) crew.start(readOn, 2, [lock, board]);
      const tally = await crew.run();
      const { reads = 0, writes = 0 } = tally.counts;
      expect(reads > 0 && writes > 0, () => `Cannot accept ${reads} reads and ${writes} writes as both must go on`);
      return tally;
    },
  },
];
