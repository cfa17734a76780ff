/**
 * Event: hand-shakes in strict turn, and pulses that let everybody go who waited before.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import { Event, inspect, type RawArray } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Seat } from "../board.ts";
import { Crew } from "../crew.ts";
import { type Lane, runLanes } from "../lane.ts";
import { expect, expectEqual, type Scenario } from "../scenario.ts";
import { createWords } from "../words.ts";

/** Waits in ways chosen at random, until the event is set. */
async function awaitSet(lane: Lane, event: Event): Promise<void> {
  for (let set = false; !set; ) {
    const timeout = lane.random.timeout();
    const kind = lane.random.below(8);
    if (kind === 0 && lane.alone) set = lane.attempt("wait with timeout", () => event.wait({ timeout }));
    else if (kind <= 3 && lane.alone) set = lane.attempt("wait", () => event.wait());
    else if (kind <= 4) set = await lane.attemptAsync("waitAsync with timeout", () => event.waitAsync({ timeout }));
    else if (kind <= 5) set = await lane.attemptAsync("waitAsync with signal", (signal) => event.waitAsync({ signal }));
    else set = await lane.attemptAsync("waitAsync", () => event.waitAsync());
  }
}

/** One side of a hand-shake: waits for its turn, checks it, and passes it on. The words count turns, unsynchronised. */
export const shakeHands = task(
  import.meta,
  "shakeHands",
  (seat: Seat, mine: Event, other: Event, { view: words }: RawArray<"int32">, side: number): Promise<Report> =>
    runLanes(seat, async (lane) => {
      for (let turn = side; ; turn += 2) {
        await awaitSet(lane, mine);
        mine.clear();
        const seen = words[0] as number;
        if (seen < 0) break;
        lane.check(seen === turn, () => `Turn ${seen} came where ${turn} was due`);
        words[0] = lane.stopping ? -1 : turn + 1;
        lane.count(`turns ${side}`);
        other.set();
        if (words[0] < 0) break;
        await lane.breathe();
      }
      // The other side may have ended both.
      other.set();
    }),
);

export const waitForPulses = task(
  import.meta,
  "waitForPulses",
  (seat: Seat, pulse: Event): Promise<Report> =>
    runLanes(seat, async (lane) => {
      while (!lane.stopping) {
        await awaitSet(lane, pulse);
        lane.count("pulses");
        await lane.breathe();
      }
    }),
);

export const sendPulses = task(
  import.meta,
  "sendPulses",
  (seat: Seat, pulse: Event): Promise<Report> =>
    runLanes(seat, async (lane) => {
      while (!lane.stopping) {
        lane.do("set", () => {
          pulse.set();
          if (lane.random.chance(0.1)) lane.spin();
          pulse.clear();
        });
        await lane.linger();
        await lane.breathe();
      }
      pulse.set();
    }),
);

/** Words of the gate: how many have passed, and how often it was opened. */
const PASSED = 0;
const OPENED = 1;

/** Passes once each time the gate is opened. */
export const passGate = task(
  import.meta,
  "passGate",
  (seat: Seat, gate: Event, board: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const { view: words } = board;
      while (!lane.stopping) {
        const opened = Atomics.load(words, OPENED);
        lane.do("wait", () => gate.wait());
        Atomics.add(words, PASSED, 1);
        while (Atomics.load(words, OPENED) === opened && !lane.stopping) board.memory.waiter.wait(words, OPENED, opened, 5);
      }
    }),
);

/** Opens the gate for no time at all, when all wait before it, and again only after all have passed. */
export const openGate = task(
  import.meta,
  "openGate",
  (seat: Seat, gate: Event, board: RawArray<"int32">, waiters: number): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const { view: words } = board;
      const until = async (condition: () => boolean): Promise<void> => {
        while (!condition()) await setImmediate();
      };
      for (let passed = waiters; !lane.stopping; passed += waiters) {
        // Whoever is counted as a waiter has begun to wait.
        await until(() => inspect(gate).waiters === waiters || lane.stopping);
        if (lane.stopping) break;
        gate.set();
        gate.clear();
        await lane.doAsync("set", () => until(() => Atomics.load(words, PASSED) === passed));
        Atomics.add(words, OPENED, 1);
        board.memory.waiter.notify(words, OPENED, Infinity);
      }
      gate.set();
    }),
);

export const scenarios: readonly Scenario[] = [
  {
    name: "event-handshake",
    async run(setting) {
      const crew = new Crew(setting);
      for (let pair = 0; pair < setting.threads >> 1; pair++) {
        const [ping, pong] = [new Event(), new Event()];
        const board = createWords(1);
        crew.start(shakeHands, 1, [ping, pong, board, 0]);
        crew.start(shakeHands, 1, [pong, ping, board, 1]);
        ping.set();
      }
      const tally = await crew.run();
      const ahead = (tally.counts["turns 0"] ?? 0) - (tally.counts["turns 1"] ?? 0);
      expect(ahead >= 0 && ahead <= setting.threads >> 1, () => `Cannot accept the sides of a hand-shake as one is ${ahead} turns ahead`);
      return tally;
    },
  },
  {
    name: "event-gate",
    async run(setting) {
      const gate = new Event();
      const board = createWords(2);
      const crew = new Crew(setting);
      crew.start(openGate, 1, [gate, board, setting.threads - 1]);
      for (let i = 1; i < setting.threads; i++) crew.start(passGate, 1, [gate, board]);
      return crew.run();
    },
  },
  {
    name: "event-pulse",
    async run(setting) {
      const pulse = new Event();
      const crew = new Crew(setting);
      crew.start(sendPulses, 1, [pulse]);
      for (let i = 1; i < setting.threads; i++) crew.start(waitForPulses, (i % 2) * 2 + 1, [pulse]);
      const tally = await crew.run();
      expect((tally.counts["pulses"] ?? 0) > 0, () => "Cannot accept that no pulse arrived");
      expectEqual("the event", Number(pulse.isSet()), 1);
      return tally;
    },
  },
];
