/**
 * Producers and consumers die at any moment, in the midst of a put or a get too; the others go on, and all that is missing
 * is what the dead had in their hands.
 *
 * @module
 */
import { JoinableQueue, Queue, QueueClosedError, type RawArray } from "@interlock/core";
import { task } from "@interlock/pool";
import { Account, Order } from "../account.ts";
import type { Report, Seat } from "../board.ts";
import { Crew, type Setting, type Tally } from "../crew.ts";
import { Doom, reap } from "../doom.ts";
import { makeItem, readItem } from "../items.ts";
import { runLanes } from "../lane.ts";
import { getSomehow, putSomehow, untilClosed } from "../pass.ts";
import { expect, type Scenario } from "../scenario.ts";

export const putAndDie = task(
  import.meta,
  "putAndDie",
  (seat: Seat, queue: Queue, board: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const [account, doom] = [new Account(board), new Doom(lane)];
      await untilClosed(async () => {
        // Whoever follows a dead thread in its seat continues after the item that it may have put.
        const label = account.begin(seat.index);
        while (!(await putSomehow(lane, queue, makeItem(lane.random, label, queue.capacityBytes), { around: (call) => doom.during(call) })));
        account.put(label);
        if (lane.random.chance(0.5)) await doom.point();
        await lane.breathe();
      });
      doom.cancel();
    }),
);

export const getAndDie = task(
  import.meta,
  "getAndDie",
  (seat: Seat, queue: Queue, board: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const [account, order, doom] = [new Account(board), new Order(), new Doom(lane)];
      await untilClosed(async () => {
        const found = await getSomehow(lane, queue, { around: (call) => doom.during(call) });
        if (found === undefined) return;
        doom.pointNow();
        const label = readItem(found.value);
        order.check(lane, label);
        account.got(lane, label);
        doom.pointNow();
        if (queue instanceof JoinableQueue) lane.do("taskDone", () => doom.during(() => queue.taskDone()));
        await lane.breathe();
      });
      doom.cancel();
    }),
);

/** Takes what is left when all threads have ended. */
function drain(queue: Queue, account: Account): void {
  try {
    for (;;) {
      account.got({ check: expect }, readItem(queue.get({ timeout: 0 })));
      if (queue instanceof JoinableQueue) queue.taskDone();
    }
  } catch (error) {
    if (!(error instanceof QueueClosedError)) throw error;
  }
}

async function run(setting: Setting, queue: Queue): Promise<Tally> {
  const account = new Account(setting.threads);
  const puts = (index: number): boolean => index % 2 === 0;
  const deaths = { producers: 0, consumers: 0 };
  const start = (index: number): unknown => crew.start(puts(index) ? putAndDie : getAndDie, 1, [queue, account.board], index);
  const crew = new Crew(setting, ({ seat }) => {
    deaths[puts(seat.index) ? "producers" : "consumers"]++;
    if (!crew.stopping) start(seat.index);
  });
  for (let i = 0; i < setting.threads; i++) start(i);
  const tally = await crew.run({ during: (signal) => reap(crew, signal, true), afterStop: () => queue.close() });
  drain(queue, account);
  const { lost, unconfirmed } = account.settle();
  expect(lost <= deaths.consumers, () => `Cannot accept that ${lost} items were put and never got as ${deaths.consumers} consumers died`);
  expect(unconfirmed <= deaths.producers, () => `Cannot accept ${unconfirmed} items that no put returned for as ${deaths.producers} producers died`);
  expect(queue.empty && !queue.full && queue.size === 0, () => `${queue.size} items are left`);
  if (queue instanceof JoinableQueue) {
    const { unfinished } = queue;
    expect(unfinished >= lost && unfinished <= deaths.consumers, () => `Cannot accept ${unfinished} unfinished items as ${deaths.consumers} consumers died`);
  }
  return { ...tally, counts: { lost, unconfirmed } };
}

function deathOf(name: string, create: () => Queue): Scenario {
  return { name: `death-${name}`, deadly: true, run: (setting) => run(setting, create()) };
}

export const scenarios: readonly Scenario[] = [
  deathOf("queue", () => new Queue({ capacityBytes: 256 })),
  deathOf("queue-joinable", () => new JoinableQueue({ maxSize: 3, capacityBytes: 4096 })),
];
