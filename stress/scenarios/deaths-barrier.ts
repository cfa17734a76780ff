/**
 * Parties of a Barrier die before they arrive, while they wait, and in the action; the others pass, or see it broken.
 *
 * @module
 */
import { setTimeout } from "node:timers/promises";
import { Barrier, BrokenBarrierError, type RawArray } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Seat } from "../board.ts";
import { Crew } from "../crew.ts";
import { Doom, reap } from "../doom.ts";
import { runLanes } from "../lane.ts";
import { expect, type Scenario } from "../scenario.ts";
import { createWords } from "../words.ts";

/** How often it was mended. */
const EPOCH = 0;
/** For each seat: 1 + the epoch in which it saw the barrier broken. For each index: how often it was given out. */
const SEEN = 1;

export const passAndDie = task(
  import.meta,
  "passAndDie",
  (seat: Seat, plain: Barrier, { view: words }: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      // A death costs the others a timeout.
      const doom = new Doom(lane, 5);
      const barrier = Barrier.attach(plain.handle, { action: () => doom.pointNow() });
      const given = SEEN + plain.parties;
      while (!lane.stopping) {
        const epoch = Atomics.load(words, EPOCH);
        // Nothing but a timeout helps against a party that dies before it arrives.
        const timeout = lane.random.chance(0.02) ? lane.random.timeout() : 100 + lane.random.below(100);
        try {
          const blocking = lane.random.chance(0.5);
          const wait = { timeout };
          const index = blocking
            ? lane.do("wait with timeout", () => barrier.wait(wait))
            : await lane.doAsync("waitAsync with timeout", () => barrier.waitAsync(wait));
          Atomics.add(words, given + index, 1);
        } catch (error) {
          if (!(error instanceof BrokenBarrierError)) throw error;
          Atomics.store(words, SEEN + seat.index, epoch + 1);
          while (!lane.stopping && Atomics.load(words, EPOCH) === epoch) await setTimeout(1);
        }
        if (lane.random.chance(0.5)) await doom.point();
        else doom.pointNow();
        await lane.breathe();
      }
      doom.cancel();
    }),
);

export const scenarios: readonly Scenario[] = [
  {
    name: "death-barrier",
    deadly: true,
    async run(setting) {
      const { threads } = setting;
      const barrier = new Barrier(threads);
      const board = createWords(SEEN + 2 * threads);
      const words = board.view;
      const start = (index: number): unknown => crew.start(passAndDie, 1, [barrier, board], index);
      const crew = new Crew(setting, ({ seat }) => {
        Atomics.store(words, SEEN + seat.index, 0);
        if (!crew.stopping) start(seat.index);
      });
      for (let i = 0; i < threads; i++) start(i);
      // Mends it once all have seen it broken, replacements included: so no party is in a wait of an earlier epoch.
      const mend = async (signal: AbortSignal): Promise<void> => {
        for (; !signal.aborted; await setTimeout(1)) {
          const epoch = Atomics.load(words, EPOCH);
          if (!words.subarray(SEEN, SEEN + threads).every((seen) => seen === epoch + 1)) continue;
          expect(barrier.broken, () => "Cannot accept that all parties saw the barrier broken as it is whole");
          barrier.reset();
          Atomics.store(words, EPOCH, epoch + 1);
        }
      };
      const tally = await crew.run({
        during: async (signal) => {
          await Promise.all([reap(crew, signal, true), mend(signal)]);
        },
      });
      const given = [...words.subarray(SEEN + threads)];
      const missing = Math.max(...given) - Math.min(...given);
      // Whoever dies after its arrival passes, but does not tell.
      expect(missing <= tally.deaths, () => `Cannot accept that the indices were given out ${given} times, with ${tally.deaths} deaths`);
      return tally;
    },
  },
];
