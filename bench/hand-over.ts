/**
 * Two processes that take turns: each takes the permit that the other gives.
 *
 * @module
 */
import { Semaphore } from "@interlock/core";
import { type Contender, mustBe } from "./measure.ts";
import { race } from "./race.ts";
import { processOf, takeTurns, withMemory } from "./shared.ts";

const TURNS = 20_000;

export const handOvers: Readonly<Record<string, Contender>> = {
  interlock: () =>
    withMemory(async (memory) => {
      const permits = [new Semaphore(1, { memory }), new Semaphore(0, { memory })] as const;
      const elapsed = await race(2, (start, me) => processOf(takeTurns, [start, permits[me as 0 | 1], permits[(1 - me) as 0 | 1], TURNS / 2]), memory);
      mustBe(1, permits[0].value);
      return (elapsed * 1e6) / TURNS;
    }),
};
