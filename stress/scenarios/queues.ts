/**
 * Queue and JoinableQueue: each item that is put is got once, in order and undamaged, in whatever way; a close ends it all.
 *
 * @module
 */
import { JoinableQueue, Queue, QueueClosedError, type RawArray } from "@interlock/core";
import { task } from "@interlock/pool";
import { Account, Order } from "../account.ts";
import { MOST_LANES, type Report, type Role, type Seat } from "../board.ts";
import { Crew, lanesOf, type Setting, type Tally } from "../crew.ts";
import { makeItem, readItem } from "../items.ts";
import { type Lane, runLanes } from "../lane.ts";
import { getSomehow, putSomehow, untilClosed } from "../pass.ts";
import { expect, expectEqual, type Scenario } from "../scenario.ts";
import { createWords } from "../words.ts";

export const produce = task(
  import.meta,
  "produce",
  (seat: Seat, queue: Queue, board: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const account = new Account(board);
      await untilClosed(async () => {
        await putOne(lane, queue, account);
        checkLimits(lane, queue);
        await rest(lane);
      });
      checkClosed(lane, () => queue.tryPut(0));
    }),
);

export const consume = task(
  import.meta,
  "consume",
  (seat: Seat, queue: Queue, board: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const [account, order] = [new Account(board), new Order()];
      await untilClosed(async () => {
        await getOne(lane, queue, account, order);
        checkLimits(lane, queue);
        await rest(lane);
      });
      checkClosed(lane, () => queue.tryGet());
    }),
);

/** Puts some items, waits until they are done with, and so on. */
export const order = task(
  import.meta,
  "order",
  (seat: Seat, queue: JoinableQueue, board: RawArray<"int32">, { view: dones }: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const account = new Account(board);
      await untilClosed(async () => {
        try {
          for (let n = lane.random.below(20); n >= 0; n--) await putOne(lane, queue, account);
        } finally {
          // One is to end in time, however slow the machine is.
          const patient = lane.counts["joined"] === undefined;
          if (await joinSomehow(lane, queue, patient)) {
            const [put, done] = [lane.counts["put"] ?? 0, Atomics.load(dones, producerOf(lane))];
            lane.check(put === done, () => `A join ended when ${done} of ${put} were done`);
            lane.count("joined");
          }
        }
        await lane.breathe();
      });
    }),
);

export const fulfil = task(
  import.meta,
  "fulfil",
  (seat: Seat, queue: JoinableQueue, board: RawArray<"int32">, { view: dones }: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const [account, order] = [new Account(board), new Order()];
      await untilClosed(async () => {
        // Another lane of this thread may have an item that is not done, while nothing more is put before it is.
        const producer = await getOne(lane, queue, account, order, lane.alone);
        if (producer === undefined) return;
        await rest(lane);
        Atomics.add(dones, producer, 1);
        lane.do("taskDone", () => queue.taskDone());
      });
    }),
);

function producerOf(lane: Lane): number {
  return lane.seat.index * MOST_LANES + lane.index;
}

async function putOne(lane: Lane, queue: Queue, account: Account): Promise<void> {
  const label = account.begin(producerOf(lane));
  // A put that gave up put nothing, so the same may be put again, in other form.
  while (!(await putSomehow(lane, queue, makeItem(lane.random, label, queue.capacityBytes))));
  account.put(label);
  lane.count("put");
}

/** Gets an item, or gives up. Resolves to its producer. */
async function getOne(lane: Lane, queue: Queue, account: Account, order: Order, patient: boolean = true): Promise<number | undefined> {
  const found = await getSomehow(lane, queue, { patient });
  if (found === undefined) return undefined;
  const label = readItem(found.value);
  order.check(lane, label);
  account.got(lane, label);
  lane.count("got");
  return label.producer;
}

async function joinSomehow(lane: Lane, queue: JoinableQueue, patient: boolean): Promise<boolean> {
  const timed = { timeout: lane.random.timeout() };
  switch (patient ? 3 : lane.random.below(5)) {
    case 0:
      return lane.attempt("join with timeout", () => queue.join(timed));
    case 1:
      return lane.attemptAsync("joinAsync with timeout", () => queue.joinAsync(timed));
    case 2:
      return lane.attemptAsync("joinAsync with signal", (signal) => queue.joinAsync({ signal }));
    case 3:
      return lane.attemptAsync("joinAsync", () => queue.joinAsync());
    default:
      return lane.attempt("join", () => queue.join());
  }
}

/** Sometimes nothing, so that queues run full and empty. */
async function rest(lane: Lane): Promise<void> {
  if (lane.random.chance(0.3)) await lane.linger();
  await lane.breathe();
}

function checkLimits(lane: Lane, { size, maxSize, capacityBytes }: Queue): void {
  const most = maxSize || capacityBytes / 8;
  lane.check(size >= 0 && size <= most, () => `${size} items are in a queue that holds ${most}`);
}

function checkClosed(lane: Lane, call: () => unknown): void {
  let error: unknown;
  try {
    call();
  } catch (thrown) {
    error = thrown;
  }
  lane.check(error instanceof QueueClosedError, () => `A call of a closed queue gave ${String(error)}`);
}

async function run(setting: Setting, queue: Queue, producer: Role, consumer: Role): Promise<Tally> {
  const account = new Account(setting.threads * MOST_LANES);
  const dones = createWords(setting.threads * MOST_LANES);
  const crew = new Crew(setting);
  for (let i = 0; i < setting.threads; i++) {
    crew.start(i < setting.threads / 2 ? producer : consumer, lanesOf(i), [queue, account.board, dones]);
  }
  const tally = await crew.run({ afterStop: () => queue.close() });
  const { lost, unconfirmed } = account.settle();
  expectEqual("the number of items that were put and never got", lost, 0);
  expectEqual("the number of items that were got and never put", unconfirmed, 0);
  expectEqual("the number of items that were got", tally.counts["got"] ?? 0, tally.counts["put"] ?? 0);
  expect(queue.empty && !queue.full && queue.size === 0 && queue.closed, () => `${queue.size} items are left`);
  return tally;
}

function queueScenario(name: string, create: () => Queue): Scenario {
  return { name, run: (setting) => run(setting, create(), produce, consume) };
}

export const scenarios: readonly Scenario[] = [
  // Full for want of bytes, and wrapped around by every few items.
  queueScenario("queue", () => new Queue({ capacityBytes: 256 })),
  queueScenario("queue-of-one", () => new Queue({ maxSize: 1, capacityBytes: 1024 })),
  // Long enough for items that are copied in one go.
  queueScenario("queue-of-three", () => new Queue({ maxSize: 3, capacityBytes: 4096 })),
  {
    name: "queue-joinable",
    async run(setting) {
      const queue = new JoinableQueue({ maxSize: 3, capacityBytes: 512 });
      const tally = await run(setting, queue, order, fulfil);
      expectEqual("the number of unfinished items", queue.unfinished, 0);
      expect((tally.counts["joined"] ?? 0) > 0, () => "Cannot judge as no join ended in time");
      let error: unknown;
      try {
        queue.taskDone();
      } catch (thrown) {
        error = thrown;
      }
      expect(error instanceof RangeError, () => `A task done too many gave ${String(error)}`);
      return tally;
    },
  },
];
