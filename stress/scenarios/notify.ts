/**
 * Condition.notify(n): of those that wait it ends as many waits as it says, and no other.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import { Condition, type RawArray } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Seat } from "../board.ts";
import { Crew, lanesOf } from "../crew.ts";
import { runLanes } from "../lane.ts";
import { expectEqual, type Scenario } from "../scenario.ts";
import { add, createWords, get } from "../words.ts";

/** Plain words that the lock protects: how many wait, how many of the notified have not returned, how often any was notified. */
const WAITING = 0;
const OWED = 1;
const NOTIFIES = 2;
const OVER = 3;

export const waitInVain = task(
  import.meta,
  "waitInVain",
  (seat: Seat, condition: Condition, { view: words }: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      let notifies = 0;
      const before = (): boolean => {
        if (words[OVER] !== 0) return false;
        notifies = get(words, NOTIFIES);
        add(words, WAITING, 1);
        return true;
      };
      const after = (notified: boolean): void => {
        lane.check(notified, () => "A wait without a timeout ended without a notify");
        lane.check(get(words, NOTIFIES) > notifies, () => "A wait ended by a notify that came before it");
        lane.check(get(words, OWED) > 0, () => "A wait ended that nobody notified");
        add(words, OWED, -1);
        lane.count("woken");
      };
      for (let more = true; more; ) {
        if (lane.alone && lane.random.chance(0.5)) {
          condition.run(() => {
            more = before();
            if (more) after(lane.do("wait", () => condition.wait()));
          });
        } else {
          await condition.runAsync(async () => {
            more = before();
            if (more) after(await lane.doAsync("waitAsync", () => condition.waitAsync()));
          });
        }
        await lane.breathe();
      }
    }),
);

export const notifySome = task(
  import.meta,
  "notifySome",
  (seat: Seat, condition: Condition, { view: words }: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      // As long as nobody was told that it is over, there may be more to wake.
      while (words[OVER] === 0 || words[WAITING] !== 0 || words[OWED] !== 0) {
        await condition.runAsync(() => {
          if (lane.stopping) words[OVER] = 1;
          const n = lane.random.pick([0, 1, 1, 2, 3, Infinity]);
          const reached = Math.min(n, get(words, WAITING));
          add(words, WAITING, -reached);
          add(words, OWED, reached);
          if (reached > 0) add(words, NOTIFIES, 1);
          lane.count("notified", reached);
          if (n === Infinity) condition.notifyAll();
          else lane.do("notify", () => condition.notify(n));
        });
        // Another notify might do what this one failed to do.
        if (lane.random.chance(0.5)) await lane.doAsync("notify", () => settle(condition, words));
        await lane.linger();
        await lane.breathe();
      }
    }),
);

/** Waits until all that were notified have returned. */
async function settle(condition: Condition, words: Int32Array): Promise<void> {
  for (let owed = true; owed; await setImmediate()) {
    owed = await condition.runAsync(() => get(words, OWED) > 0);
  }
}

export const scenarios: readonly Scenario[] = [
  {
    name: "condition-notify",
    async run(setting) {
      const condition = new Condition();
      const board = createWords(4);
      const crew = new Crew(setting);
      crew.start(notifySome, 1, [condition, board]);
      for (let i = 1; i < setting.threads; i++) crew.start(waitInVain, lanesOf(i), [condition, board]);
      const tally = await crew.run();
      const { notified = 0, woken = 0 } = tally.counts;
      expectEqual("the number of waits that ended", woken, notified);
      return tally;
    },
  },
];
