/**
 * What a sleeper and those who ring do, and what must hold.
 *
 * @module
 */
import type { Context, Scenario } from "@interlock/explore";
import { DOORBELL_BYTES, Doorbell } from "../../src/channel/doorbell.ts";

/** As a doorbell, or one with a mistake. */
export interface Bell extends Pick<Doorbell, "ring"> {
  sleep(...how: Parameters<Doorbell["sleep"]>): Promise<unknown>;
  readonly post?: Pick<Doorbell, "attend" | "doze" | "leave">;
}

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
  /** The sleeper dozes so long whenever it would sleep: before it does, or while its sleep is pending. */
  readonly dozes?: { readonly milliseconds: number; readonly when: "before" | "during" };
  /** Whether it looks for work when it has left its post, as it must. */
  readonly looks?: boolean;
  readonly deaths?: Scenario["deaths"];
  readonly open?: (buffer: SharedArrayBuffer) => Bell;
}

/** Behind the work: how many messages were posted. */
const MAIL = WORK + 8;

const liesDown = (bell: Doorbell, hasWork: () => boolean): boolean => bell.lieDown(hasWork);

/** A doorbell whose thread lies down, and is woken by messages. */
export function knocking(buffer: SharedArrayBuffer, lieDown: typeof liesDown = liesDown): Bell {
  const words = new Int32Array(buffer);
  const bell = new Doorbell(buffer, 0, () => {
    Atomics.add(words, MAIL, 1);
    Atomics.notify(words, MAIL);
  });
  return {
    ring: () => bell.ring(),
    async sleep(hasWork, milliseconds) {
      // A message that comes before the thread lies down ends its rest, too.
      const mail = Atomics.load(words, MAIL);
      if (lieDown(bell, hasWork)) await Atomics.waitAsync(words, MAIL, mail, milliseconds).value;
      bell.rise();
    },
    post: bell,
  };
}

function doorbell(buffer: SharedArrayBuffer): Bell {
  const bell = new Doorbell(buffer);
  return { ring: () => bell.ring(), sleep: (...how) => bell.sleep(...how), post: bell };
}

/** Some ring, one sleeps until it has seen all work. A wake that is lost is a deadlock. */
export function ringing(how: Ringing): Scenario {
  const { works, after = works.map((_, i) => i), milliseconds = LOOK_MS, dozes, looks = true, deaths, open = doorbell } = how;
  const sleeper = async (c: Context, words: Int32Array, bell: Bell): Promise<void> => {
    const seen = works.map(() => 0);
    const look = (i: number): number => Atomics.load(words, WORK + i);
    const hasWork = (): boolean => after.some((i) => look(i) > (seen[i] as number));
    /** Whoever died made less work than it would have. */
    const done = (): boolean => {
      for (const i of after) seen[i] = look(i);
      return after.every((i) => seen[i] === works[i] || !c.alive(i));
    };
    let over = false;
    /** Dozes as long as there is work after it. */
    const dozeAndLook = (): void => {
      bell.post?.attend();
      do over = done();
      while (!over && bell.post?.doze(hasWork, dozes?.milliseconds ?? 0));
      bell.post?.leave();
      over ||= looks && done();
    };
    while (!done()) {
      if (dozes?.when === "before") dozeAndLook();
      if (over) return;
      const asleep = bell.sleep(hasWork, milliseconds);
      if (dozes?.when === "during") dozeAndLook();
      if (over) return;
      await asleep;
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
