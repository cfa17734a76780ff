/**
 * Value.update and its like under their locks, Atomic.add without one: no addition is lost.
 *
 * @module
 */
import { Atomic, Lock, Value } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Seat } from "../board.ts";
import { Crew, lanesOf } from "../crew.ts";
import { type Lane, runLanes } from "../lane.ts";
import { expectEqual, type Scenario } from "../scenario.ts";
import { takeAsync, takeBlocking } from "../take.ts";

type Numeric = Value<"int32"> | Value<"float64">;

export const addToValues = task(
  import.meta,
  "addToValues",
  (seat: Seat, integer: Value<"int32">, float: Value<"float64">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      while (!lane.stopping) {
        const [name, value] = lane.random.pick<readonly [string, Numeric]>([
          ["integer", integer],
          ["float", float],
        ]);
        if (await addOnce(lane, value)) lane.count(name);
        await lane.breathe();
      }
    }),
);

const increment = (n: number): number => n + 1;

/** Adds 1 in a way chosen at random. Resolves to whether it did. */
async function addOnce(lane: Lane, value: Numeric): Promise<boolean> {
  const mine = (): boolean => value.held;
  const timeout = lane.random.timeout();
  // Blocking for one value while another lane of this thread has the other would be a deadlock of this test's making.
  const patient = lane.alone;
  switch (lane.random.below(8)) {
    case 0:
      return lane.attempt("update", () => value.update(increment, patient ? {} : { timeout }), mine);
    case 1:
      return lane.attempt("update", () => value.update(increment, { timeout }), mine);
    case 2:
      return lane.attemptAsync("updateAsync", () => value.updateAsync(increment));
    case 3:
      // The lock is held until the promise settles.
      return lane.attemptAsync("updateAsync", () => value.updateAsync((n) => lane.linger().then(() => n + 1), { timeout }));
    case 4:
      return patient && lane.attempt("add", () => value.add(1), mine);
    case 5:
      return lane.attempt("run", () => value.run(() => addPlainly(value), patient ? {} : { timeout }), mine);
    case 6:
      if (!takeBlocking(lane, value, { patient })) return false;
      addPlainly(value);
      value.release();
      return true;
    default:
      if (!(await takeAsync(lane, value))) return false;
      addPlainly(value);
      value.release();
      return true;
  }
}

function addPlainly(value: Numeric): void {
  value.getObj().value += 1;
}

export const addToAtomics = task(
  import.meta,
  "addToAtomics",
  (seat: Seat, integer: Atomic<"int32">, float: Atomic<"float64">, big: Atomic<"int64">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      while (!lane.stopping) {
        for (let i = 0; i < 50; i++) {
          const n = 1 + lane.random.below(9);
          lane.do("add", () => {
            integer.add(n);
            float.add(n / 2);
            big.sub(BigInt(n));
          });
          lane.count("sum", n);
        }
        await lane.breathe();
      }
    }),
);

export const scenarios: readonly Scenario[] = [
  {
    name: "value",
    async run(setting) {
      const integer = new Value("int32");
      const float = new Value("float64", 0, { lock: new Lock() });
      const crew = new Crew(setting);
      for (let i = 0; i < setting.threads; i++) crew.start(addToValues, lanesOf(i), [integer, float]);
      const tally = await crew.run();
      expectEqual("the integer", integer.value, tally.counts["integer"] ?? 0);
      expectEqual("the float", float.value, tally.counts["float"] ?? 0);
      return tally;
    },
  },
  {
    name: "atomic",
    async run(setting) {
      const [integer, float, big] = [new Atomic("int32"), new Atomic("float64"), new Atomic("int64")];
      const crew = new Crew(setting);
      for (let i = 0; i < setting.threads; i++) crew.start(addToAtomics, lanesOf(i), [integer, float, big]);
      const tally = await crew.run();
      const sum = tally.counts["sum"] ?? 0;
      // It wraps.
      expectEqual("the integer", integer.load(), sum | 0);
      expectEqual("the float", float.load(), sum / 2);
      expectEqual("the big integer", Number(big.load()), -sum);
      return tally;
    },
  },
];
