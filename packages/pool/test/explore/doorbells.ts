/**
 * What a sleeper and those who ring do, and what must hold.
 *
 * @module
 */
import type { Context, Scenario } from "@interlock/explore";
import { DOORBELL_BYTES, Doorbell } from "../../src/channel/doorbell.ts";

/** As a doorbell, or one with a mistake. */
export type Bell = Pick<Doorbell, "ring" | "sleep">;

/** Longer than a slice: under the explorer such a sleep ends by itself only if somebody died. */
const LOOK_MS = 1000;

/** The words behind the bell: how much work each of those who ring has made visible. */
const WORK = DOORBELL_BYTES / 4;

/** Who rings, and for whom. */
export interface Ringing {
  /** How often each of the first threads makes work and rings. The last thread sleeps. */
  readonly works: readonly number[];
  /** Whose work the sleeper is after; all if absent. */
  readonly after?: readonly number[];
  readonly milliseconds?: number;
  readonly deaths?: Scenario["deaths"];
  readonly open?: (buffer: SharedArrayBuffer) => Bell;
}

/** Some ring, one sleeps until it has seen all work. A wake that is lost is a deadlock. */
export function ringing({ works, after = works.map((_, i) => i), milliseconds = LOOK_MS, deaths, open = (buffer) => new Doorbell(buffer) }: Ringing): Scenario {
  const sleeper = async (c: Context, words: Int32Array, bell: Bell): Promise<void> => {
    const seen = works.map(() => 0);
    const look = (i: number): number => Atomics.load(words, WORK + i);
    for (;;) {
      for (const i of after) seen[i] = look(i);
      // Whoever died made less work than it would have.
      if (after.every((i) => seen[i] === works[i] || !c.alive(i))) return;
      await bell.sleep(() => after.some((i) => look(i) > (seen[i] as number)), milliseconds);
    }
  };
  return {
    threads: works.length + 1,
    bytes: DOORBELL_BYTES + 64,
    thread(c) {
      const words = new Int32Array(c.buffer);
      const bell = open(c.buffer);
      if (c.id === works.length) return sleeper(c, words, bell);
      for (let i = 0; i < (works[c.id] as number); i++) {
        Atomics.add(words, WORK + c.id, 1);
        bell.ring();
      }
      return undefined;
    },
    ...(deaths === undefined ? {} : { deaths }),
  };
}
