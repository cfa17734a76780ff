/**
 * How the threads of a scenario die.
 *
 * @module
 */
import { DEATH, type Seat, seatAt } from "./board.ts";
import type { Crew, Member } from "./crew.ts";
import type { Lane } from "./lane.ts";
import { Random } from "./random.ts";

/**
 * Deno stops a thread between two turns of its event loop only: ended anywhere else, it would go on, and change what it
 * has lost. And there, what else is due in a thread that calls `process.exit` still gets its turn, although the thread counts
 * as dead by then. So only lanes that are alone die there. A process is killed anywhere.
 */
const stopsAnywhere = (seat: Pick<Seat, "process">): boolean => seat.process || !("Deno" in globalThis);

/** How long a thread lives, in milliseconds. */
const SHORTEST = 20;
const LONGEST = 250;
/** How much longer a process does, which takes longer to start. */
const PROCESS_FACTOR = 4;
const factorOf = (seat: Pick<Seat, "process">): number => (seat.process ? PROCESS_FACTOR : 1);

/** What the calls of a primitive consist of, as far as other threads can see. */
const STEPS = ["load", "store", "add", "sub", "compareExchange", "exchange", "notify"] as const;
/** About how many a call takes that need not wait. */
const FEW_STEPS = 12;

type Step = (...args: unknown[]) => unknown;

/** When and how one thread dies. */
export class Doom {
  readonly #lane: Lane;
  readonly #due: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param factor How much longer than others it lives. */
  constructor(lane: Lane, factor: number = 1) {
    this.#lane = lane;
    if (!stopsAnywhere(lane.seat) && !lane.alone) {
      this.#due = Infinity;
      return;
    }
    const life = (SHORTEST + lane.random.below(LONGEST - SHORTEST)) * factor * factorOf(lane.seat);
    // One in four dies wherever it waits then without blocking; the others where they call `point`.
    if (lane.random.chance(0.25)) this.#timer = setTimeout(() => this.#exit(3), life);
    this.#due = this.#timer === undefined ? performance.now() + life : Infinity;
  }

  /** Dies here, if it is time and chance wants it. */
  async point(): Promise<void> {
    if (!this.#strikes()) return;
    if (this.#lane.random.chance(0.4)) {
      this.#becomeMortal();
      await new Promise(() => setInterval(() => {}, 1000));
    }
    this.#die();
  }

  /** As `point`, where nothing can be awaited. */
  pointNow(): void {
    if (!this.#strikes()) return;
    this.#dieWaiting();
    this.#die();
  }

  /** Runs a call, and if it is time dies before one of its atomic steps: in the midst of what may happen on no other way. */
  during<T>(call: () => T): T {
    if (!this.#strikes()) return call();
    let left = this.#lane.random.below(FEW_STEPS);
    const atomics = Atomics as unknown as Record<string, Step>;
    const originals = STEPS.map((name) => [name, atomics[name] as Step] as const);
    const restore = (): void => {
      for (const [name, step] of originals) atomics[name] = step;
    };
    for (const [name, step] of originals) {
      atomics[name] = (...args) => {
        if (left-- > 0) return step(...args);
        restore();
        this.#dieWaiting();
        // Not by a throw: the call would clean up after it.
        this.#exit(3);
      };
    }
    try {
      return call();
    } finally {
      restore();
    }
  }

  /** Lives on. */
  cancel(): void {
    clearTimeout(this.#timer);
  }

  #strikes(): boolean {
    return performance.now() >= this.#due && !this.#lane.stopping && this.#lane.random.chance(0.5);
  }

  /** Dies where it stands, by the hand of the main thread; maybe. */
  #dieWaiting(): void {
    if (!stopsAnywhere(this.#lane.seat) || !this.#lane.random.chance(0.4)) return;
    this.#becomeMortal();
    // At the end the main thread may itself wait for what this one holds, and then ends nobody.
    for (const word = new Int32Array(new SharedArrayBuffer(4)); !this.#lane.stopping; ) Atomics.wait(word, 0, 0, 10);
  }

  #becomeMortal(): void {
    const { board, index } = this.#lane.seat;
    Atomics.store(board.view, seatAt(index), 1);
  }

  #exit(code: number): never {
    // Without any of what a runtime does at its end.
    if (this.#lane.seat.process) process.kill(process.pid, "SIGKILL");
    process.exit(code);
  }

  #die(): never {
    if (this.#lane.seat.process) this.#exit(3);
    const way = this.#lane.random.below(3);
    // While another lane goes on, a throw ends nothing.
    if (way < 2 || !this.#lane.alone) this.#exit(way === 0 ? 0 : 3);
    throw new Error(DEATH);
  }
}

/**
 * Ends threads until the signal: those that wait for it; and, at random times, any.
 *
 * @param anywhere Whether the scenario can account for a thread that is ended between any two steps.
 */
export async function reap(crew: Crew, signal: AbortSignal, anywhere: boolean): Promise<void> {
  const random = new Random(crew.setting.seed, 0);
  const pause = (): number => (50 + random.below(100)) * factorOf({ process: crew.setting.processes === true });
  for (let next = pause(); !signal.aborted; next -= 2) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    for (const member of crew.members) if (crew.isMortal(member)) end(member, random);
    if (next > 0) continue;
    next = pause();
    if (!anywhere || crew.stopping) continue;
    // Where starting takes long, nobody would ever come to anything.
    const victims = crew.members.filter((member) => stopsAnywhere(member.seat) && (crew.hasBegun(member) || random.chance(0.1)));
    if (victims.length > 0) end(random.pick(victims), random);
  }
}

function end({ thread, seat }: Member, random: Random): void {
  if (seat.process || random.chance(0.5)) thread.kill();
  else void thread.terminate();
}
