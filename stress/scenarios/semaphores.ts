/**
 * Semaphore and BoundedSemaphore: permits are conserved, and never more are out than there are.
 *
 * @module
 */
import { Atomic, BoundedSemaphore, Semaphore } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Seat } from "../board.ts";
import { Crew, lanesOf } from "../crew.ts";
import { type Lane, runLanes } from "../lane.ts";
import { expectEqual, type Scenario } from "../scenario.ts";
import { takeAsync, takeBlocking } from "../take.ts";

const PERMITS = 3;

export const borrow = task(
  import.meta,
  "borrow",
  (seat: Seat, semaphore: Semaphore | BoundedSemaphore, out: Atomic<"int32">, granted: Atomic<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      while (!lane.stopping) {
        await borrowOnce(lane, semaphore, out, granted);
        await lane.breathe();
      }
    }),
);

async function borrowOnce(lane: Lane, semaphore: Semaphore, out: Atomic<"int32">, granted: Atomic<"int32">): Promise<void> {
  const permits = lane.random.chance(0.6) ? 1 : 1 + lane.random.below(PERMITS);
  // If another lane of this thread had the last permit, it could not give it back.
  const patient = lane.alone;
  const hold = async (n: number): Promise<void> => {
    const now = out.add(n) + n;
    lane.check(now <= PERMITS, () => `${now} permits are out of ${PERMITS}`);
    granted.add(n);
    lane.count("granted", n);
    await lane.linger();
    out.sub(n);
  };
  const kind = lane.random.below(10);
  if (kind === 0 && patient) {
    lane.do("run", () => semaphore.run(() => lane.check(out.load() < PERMITS, () => "No permit was free")));
  } else if (kind === 1) {
    await lane.doAsync("runAsync", () => semaphore.runAsync(() => hold(1)));
  } else if (kind === 2 && semaphore instanceof BoundedSemaphore) {
    overRelease(lane, semaphore);
  } else if (lane.random.chance(0.5) ? takeBlocking(lane, semaphore, { permits, patient }) : await takeAsync(lane, semaphore, { permits })) {
    await hold(permits);
    giveBack(lane, semaphore, permits);
  }
}

/** Gives back at once, or one by one. */
function giveBack(lane: Lane, semaphore: Semaphore, permits: number): void {
  if (lane.random.chance(0.5)) lane.do("release", () => semaphore.release(permits));
  else for (let i = 0; i < permits; i++) lane.do("release", () => semaphore.release());
}

function overRelease(lane: Lane, semaphore: BoundedSemaphore): void {
  let error: unknown;
  try {
    semaphore.release(PERMITS + 1);
  } catch (thrown) {
    error = thrown;
  }
  lane.check(error instanceof RangeError, () => `Releasing more permits than there are gave ${String(error)}`);
}

function semaphoreScenario(name: string, create: () => Semaphore): Scenario {
  return {
    name,
    async run(setting) {
      const semaphore = create();
      const [out, granted] = [new Atomic("int32"), new Atomic("int32")];
      const crew = new Crew(setting);
      for (let i = 0; i < setting.threads; i++) crew.start(borrow, lanesOf(i), [semaphore, out, granted]);
      const tally = await crew.run();
      expectEqual("the number of permits", semaphore.value, PERMITS);
      expectEqual("the number of permits that are out", out.load(), 0);
      expectEqual("the number of grants", granted.load(), tally.counts["granted"] ?? 0);
      return tally;
    },
  };
}

export const scenarios: readonly Scenario[] = [
  semaphoreScenario("semaphore", () => new Semaphore(PERMITS)),
  semaphoreScenario("bounded-semaphore", () => new BoundedSemaphore(PERMITS)),
];
