import fc from "fast-check";
import { it } from "vitest";
import { SEED } from "../../core/test/seed.ts";
import type { BatchListener } from "../src/backend.ts";
import type { Batch, Outcome } from "../src/batch.ts";
import { NOTHING, OUTCOMES, VALUES } from "../src/channel/records.ts";
import { Flight } from "../src/transport/flight.ts";

/** Keeps what a flight tells of each call, and objects to whatever is told twice. */
class Witness implements BatchListener {
  readonly told = new Map<number, string>();
  over = 0;
  released = 0;
  measured = 0;

  #tell(at: number, what: string): void {
    if (this.told.has(at)) throw new Error(`call ${at} was ${this.told.get(at)}, and is ${what}`);
    if (this.over > 0 && what === "returned") throw new Error(`call ${at} is ${what} after the end`);
    this.told.set(at, what);
  }

  values(from: number, values: ArrayLike<unknown>): void {
    for (let i = 0; i < values.length; i++) {
      if (values[i] !== from + i) throw new Error(`call ${from + i} gave ${values[i]}`);
      this.#tell(from + i, "value");
    }
  }

  stored(from: number, count: number): void {
    for (let at = from; at < from + count; at++) this.#tell(at, "stored");
  }

  failed(at: number, error: unknown): void {
    if (error !== at) throw new Error(`call ${at} failed with ${error}`);
    this.#tell(at, "failed");
  }

  returned(from: number, to: number): void {
    if (from >= to) throw new Error(`nothing is returned from ${from} to ${to}`);
    for (let at = from; at < to; at++) this.#tell(at, "returned");
  }

  report(): void {}

  took(count: number): void {
    this.measured += count;
  }
}

it("whatever happens to a flight, each call is told of once, and its end is told once, after all of them", () => {
  const step = fc.record({
    do: fc.constantFrom("values", "stored", "outcomes", "giveBack", "fail", "failOne", "leave" as const),
    from: fc.nat(11),
    count: fc.nat(12),
    bad: fc.nat(2 ** 12),
  });
  const property = fc.property(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 20 }), (count, steps) => {
    const witness = new Witness();
    const batch: Batch = { task: { module: "m", name: "f" }, count, items: [], spread: false, eager: false };
    const ears = { listener: witness, over: () => void witness.over++ };
    const flight = new Flight(0, batch, 0, ears, () => void witness.released++);
    const settled = new Set<number>();
    let left = false;
    let measured = 0;
    const apply = ({ do: what, from: start, count: many, bad }: (typeof steps)[0]): void => {
      const from = Math.min(start, count);
      const n = Math.min(many, count - from);
      const calls = Array.from({ length: n }, (_, i) => from + i);
      if (what === "values") flight.deliver(VALUES, from, n, calls);
      else if (what === "stored") flight.deliver(NOTHING, from, n, []);
      else if (what === "outcomes") {
        const outcomes = calls.map((at): Outcome => ((bad >> at) & 1 ? { ok: false, error: { kind: "value", value: at } } : { ok: true, value: at }));
        flight.deliver(OUTCOMES, from, n, outcomes);
      } else if (what === "giveBack") flight.giveBack(from, from + n);
      else if (what === "fail") flight.fail(n, (at) => at);
      else if (what === "failOne" && from < count) flight.failOne(from, from);
      else if (what === "leave") {
        flight.leave(bad & 1 ? 1 : undefined);
        // What came back did not run here.
        if (!left && bad & 1) measured = count - [...witness.told.values()].filter((one) => one === "returned").length;
        left = true;
      }
      for (let at = what === "fail" ? 0 : from; at < (what === "fail" ? n : from + n); at++) if (what !== "leave" && what !== "failOne") settled.add(at);
      if (what === "failOne" && from < count) settled.add(from);
      if (witness.told.size !== settled.size || [...settled].some((at) => !witness.told.has(at))) {
        throw new Error(`told of ${[...witness.told.keys()]}, and should be of ${[...settled]}`);
      }
      const over = left && settled.size === count ? 1 : 0;
      if (witness.over !== over || witness.released !== over) throw new Error(`over ${witness.over} times, and should be ${over}`);
    };
    for (const each of steps) apply(each);
    // As a dead child ends it.
    apply({ do: "giveBack", from: 0, count, bad: 0 });
    apply({ do: "leave", from: 0, count: 0, bad: 0 });
    if (witness.measured !== measured) throw new Error(`the cost of ${witness.measured} calls was told, of ${measured} that ran`);
  });
  fc.assert(property, { ...SEED, numRuns: 2000 });
});
