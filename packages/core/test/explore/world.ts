/**
 * The real primitives in the explorer's world: memory, identity and clock of each thread are the explorer's.
 *
 * @module
 */
import type { Context, Scenario } from "@interlock/explore";
import type { Memory, Place } from "../../src/memory.ts";
import { SLICE_MS } from "../../src/roster.ts";
import { futex } from "../../src/sys/futex.ts";

/** What a scenario says: how the primitive is made, and what each thread does with it. */
export interface Exploration<T> {
  readonly threads: number;
  /** Makes the primitive, once, before anything runs. */
  create(memory: Memory): void;
  /** The primitive as one thread sees it. Made afresh each time the thread is run. */
  open(at: Place, c: Context): T;
  thread(c: Context, primitive: T): void | Promise<void>;
  readonly final?: Scenario["final"];
  readonly deaths?: Scenario["deaths"];
  /** Bytes of shared memory. */
  readonly bytes?: number;
  /** How often a waiter looks on before it sleeps. */
  readonly looks?: number;
}

// Where the threads sit in the roster: both ends, and two whose bits share a word. Whatever mixes two owners names nobody.
const SLOTS = [0, 33, 40, 1023];
const GENERATIONS = [0xfffff, 0x80001, 0x15, 0x0b];

function memoryOf(buffer: SharedArrayBuffer, c: Context | undefined, deaths: boolean, looks: number): Memory {
  let next = 0;
  let heard = "";
  const id = c?.id ?? 0;
  return {
    buffer,
    agent: {
      slot: SLOTS[id] as number,
      generation: GENERATIONS[id] as number,
      now: () => c?.now() ?? 0,
      sliceMs: SLICE_MS,
      looks,
      sleepsOn() {
        const told = SLOTS.map((_, other) => other < (c?.threads ?? 0) && c?.alive(other)).join();
        const news = told !== heard;
        heard = told;
        return !news;
      },
      toCommonEnd: () => SLICE_MS,
      checkpoint: () => {},
      rescued: () => c?.assert(deaths, "a slice had to end a wait, and nobody could have died"),
    },
    roster: {
      claim: () => ({ slot: 0, generation: 0 }),
      alive(slot, generation) {
        const other = SLOTS.indexOf(slot);
        return generation === GENERATIONS[other] && other < (c?.threads ?? 0) && c?.alive(other) === true;
      },
      markDead: () => {},
      nameOf: () => "",
    },
    waiter: futex,
    handle: { layout: 0, buffer, roster: buffer },
    crossProcess: false,
    allocate(byteLength, align = 8) {
      const offset = (next + align - 1) & -align;
      next = offset + byteLength;
      if (next > buffer.byteLength) throw new RangeError(`Cannot allocate ${byteLength} bytes as the scenario has ${buffer.byteLength}`);
      return offset;
    },
  };
}

/** A scenario for the explorer. */
export function scenarioOf<T>({ threads, create, open, thread, final, deaths, bytes = 128, looks = 0 }: Exploration<T>): Scenario {
  return {
    threads,
    bytes,
    setup: (c) => create(memoryOf(c.buffer, undefined, false, looks)),
    thread: (c) => thread(c, open({ memory: memoryOf(c.buffer, c, deaths !== undefined, looks), offset: 0 }, c)),
    ...(final === undefined ? {} : { final }),
    ...(deaths === undefined ? {} : { deaths }),
  };
}
