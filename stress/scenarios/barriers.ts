/**
 * Barrier: all parties pass a generation, or all see it broken.
 *
 * @module
 */
import { Barrier, BrokenBarrierError, type RawArray } from "@interlock/core";
import { task } from "@interlock/pool";
import { ABORTS, type Report, type Seat } from "../board.ts";
import { Crew, lanesOf } from "../crew.ts";
import { type Lane, runLanes } from "../lane.ts";
import { expectEqual, type Scenario } from "../scenario.ts";
import { createWords } from "../words.ts";

/** For each of 4 rounds, two words: a bit for each index that was given out, and how many parties saw it broken. */
const ROUNDS = 4;
const OVER: number = 2 * ROUNDS;
/** The first round after the barrier was mended last. */
const FRESH: number = OVER + 1;
/** The latest round whose action has run, counted from 1. */
const ACTED: number = FRESH + 1;
/** What each party wrote before it arrived. */
const MARKS: number = ACTED + 1;

const BROKEN = -1;
const ACTION_FAILED = "an action that fails on purpose";

/** Plays rounds at `barrier`. Whenever one breaks, all meet at `meeting`, which nobody leaves early, and mend it. */
export const party = task(
  import.meta,
  "party",
  (seat: Seat, barrier: Barrier, meeting: Barrier, { view: words }: RawArray<"int32">, first: number, acts: boolean): Promise<Report> =>
    runLanes(seat, async (lane) => {
      let round = 0;
      const action = (): void => {
        if (lane.random.chance(0.02)) throw new Error(ACTION_FAILED);
        words[ACTED] = round + 1;
      };
      const own = acts ? Barrier.attach(barrier.handle, { action }) : barrier;
      for (; words[OVER] === 0; round++) {
        words[MARKS + first + lane.index] = round;
        const index = await arrive(lane, own);
        if (index === BROKEN) await mend(lane, barrier, meeting, words, round);
        else passed(lane, words, round, index, barrier.parties, acts);
        await lane.breathe();
      }
    }),
);

/** Arrives in a way chosen at random. Returns the index, or `BROKEN`. */
async function arrive(lane: Lane, barrier: Barrier): Promise<number> {
  let index = BROKEN;
  const take = (got: number): void => {
    index = got;
  };
  const { random } = lane;
  try {
    if (lane.stopping || random.chance(0.01)) barrier.abort();
    else if (random.chance(0.02)) await lane.attemptAsync("waitAsync with signal", (signal) => barrier.waitAsync({ signal }).then(take));
    else if (lane.alone && random.chance(0.5)) {
      const timeout = random.timeout() * 4;
      if (random.chance(0.05)) lane.do("wait with timeout", () => take(barrier.wait({ timeout })));
      else lane.do("wait", () => take(barrier.wait()));
    } else await lane.doAsync("waitAsync", () => barrier.waitAsync().then(take));
  } catch (error) {
    if (!(error instanceof BrokenBarrierError) && (error as Error).message !== ACTION_FAILED) throw error;
    if (error instanceof BrokenBarrierError && error.cause !== undefined) lane.tell(ABORTS);
    lane.count("broken");
  }
  return index;
}

function passed(lane: Lane, words: Int32Array, round: number, index: number, parties: number, acts: boolean): void {
  const all = (1 << parties) - 1;
  for (let i = 0; i < parties; i++) {
    const mark = words[MARKS + i] as number;
    lane.check(mark === round || mark === round + 1, () => `Party ${i} is in round ${mark} where all passed ${round}`);
  }
  if (acts) {
    // The others may have gone on to the next round, and run its action.
    const acted = (words[ACTED] as number) - 1;
    lane.check(acted === round || acted === round + 1, () => `The action ran last in round ${acted}, and ${round} is passed`);
  }
  const seen = Atomics.or(words, (round % ROUNDS) * 2, 1 << index);
  lane.check(index < parties && (seen & (1 << index)) === 0, () => `Index ${index} was given out twice in round ${round}`);
  lane.count("passed");
  if (index !== 0) return;
  // Everybody has come to this round, and so has left the last one.
  if (round > (words[FRESH] as number)) {
    const last = ((round - 1) % ROUNDS) * 2;
    lane.check(words[last] === all && words[last + 1] === 0, () => `Round ${round - 1} gave out the indices ${words[last]?.toString(2)}`);
  }
  const next = ((round + 2) % ROUNDS) * 2;
  words[next] = words[next + 1] = 0;
}

/** All meet, one of them looks whether all saw the same and mends the barrier, all go on. */
async function mend(lane: Lane, barrier: Barrier, meeting: Barrier, words: Int32Array, round: number): Promise<void> {
  Atomics.add(words, (round % ROUNDS) * 2 + 1, 1);
  if ((await meet(lane, meeting)) === 0) {
    const at = (round % ROUNDS) * 2;
    lane.check(words[at] === 0 && words[at + 1] === barrier.parties, () => `${words[at + 1]} of ${barrier.parties} saw round ${round} broken`);
    words.fill(0, 0, 2 * ROUNDS);
    words[FRESH] = round + 1;
    if (lane.stopping) words[OVER] = 1;
    lane.check(barrier.broken, () => "A barrier that broke is whole");
    lane.do("reset", () => barrier.reset());
  }
  await meet(lane, meeting);
}

function meet(lane: Lane, meeting: Barrier): Promise<number> | number {
  if (lane.alone && lane.random.chance(0.5)) return lane.do("wait", () => meeting.wait());
  return lane.doAsync("waitAsync", () => meeting.waitAsync());
}

/** Passes a barrier of fewer parties than come to it, until it breaks. */
export const crowd = task(
  import.meta,
  "crowd",
  (seat: Seat, barrier: Barrier): Promise<Report> =>
    runLanes(seat, async (lane) => {
      try {
        while (!lane.stopping) {
          const blocking = lane.alone && lane.random.chance(0.5);
          const index = blocking ? lane.do("wait", () => barrier.wait()) : await lane.doAsync("waitAsync", () => barrier.waitAsync());
          lane.count(`index ${index}`);
          await lane.breathe();
        }
      } catch (error) {
        if (!(error instanceof BrokenBarrierError)) throw error;
      }
    }),
);

function barrierScenario(name: string, acts: boolean): Scenario {
  return {
    name,
    async run(setting) {
      const lanes = Array.from({ length: setting.threads }, (_, i) => lanesOf(i));
      const parties = lanes.reduce((sum, n) => sum + n);
      const [barrier, meeting] = [new Barrier(parties), new Barrier(parties)];
      const board = createWords(MARKS + parties);
      const crew = new Crew(setting);
      let first = 0;
      for (const n of lanes) {
        crew.start(party, n, [barrier, meeting, board, first, acts]);
        first += n;
      }
      const tally = await crew.run();
      expectEqual("the passes that are not of whole rounds", (tally.counts["passed"] ?? 0) % parties, 0);
      return tally;
    },
  };
}

export const scenarios: readonly Scenario[] = [
  barrierScenario("barrier", false),
  barrierScenario("barrier-action", true),
  {
    name: "barrier-crowd",
    async run(setting) {
      const barrier = new Barrier(3);
      const crew = new Crew(setting);
      for (let i = 0; i < setting.threads; i++) crew.start(crowd, lanesOf(i), [barrier]);
      const { counts, ...tally } = await crew.run({ afterStop: () => barrier.abort() });
      for (const i of [1, 2]) expectEqual(`the number of parties with index ${i}`, counts[`index ${i}`] ?? 0, counts["index 0"] ?? 0);
      return { ...tally, counts };
    },
  },
];
