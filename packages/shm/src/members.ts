/**
 * Who has a segment open, and who of them lives. A process that dies says nothing: but the system frees the byte of the file
 * that it had locked, one for each slot of the roster. A thread is known to its process alone, so each slot says whose it is.
 *
 * Five words for each slot, written by whoever has it:
 *
 * | word | means |
 * |---|---|
 * | PROCESS | the process; 0 once its thread has left |
 * | SLOT, GENERATION, MARK | of the thread in its process: its seat, and a mark of the roster there |
 * | DESCRIPTOR | its opening of the file, which outlives a thread that is ended by force, and keeps the byte locked |
 *
 * The last is written last and read first: who reads that of a new owner sees that this one lives.
 *
 * @module
 */
import { agentAlive, joinRoster, leaveRoster, onRetire, ROSTER_BYTES, type RosterGuard, SharedRoster, selfAtHome } from "@interlock/core/base";
import type { Descriptor, Sys } from "./sys/sys.ts";

const SLOTS = 1024;
const PROCESS = 0;
const SLOT = 1;
const GENERATION = 2;
const MARK = 3;
const DESCRIPTOR = 4;
const WORDS = 5;

/** The bytes that the members of a segment take: a roster, and whose each slot is. */
export const MEMBERS_BYTES: number = Math.ceil((ROSTER_BYTES + SLOTS * WORDS * 4) / 64) * 64;

/** The system is asked about a slot at most so often: it takes some microseconds. */
const PROBE_MS = 10;

/** This thread's part in a segment. */
export class Members {
  readonly roster: SharedRoster;
  readonly agent: ReturnType<typeof joinRoster>["agent"];
  readonly #stopMourning: () => void;
  readonly #sys: Sys;
  readonly #descriptor: Descriptor;
  readonly #origins: Int32Array;
  /** When each slot was asked about, as far as it was. */
  readonly #probed: Float64Array = new Float64Array(SLOTS);
  /** The slots that this opening of the file has locked. */
  readonly #mine = new Set<number>();
  /** Of dead threads of this process, by slot: the opening of the file that was made to give its byte up. */
  readonly #freed = new Map<number, Descriptor>();

  /** @param create Whether the segment is new. */
  constructor(sys: Sys, descriptor: Descriptor, buffer: SharedArrayBuffer | ArrayBuffer, byteOffset: number, create: boolean) {
    this.#sys = sys;
    this.#descriptor = descriptor;
    this.#origins = new Int32Array(buffer, byteOffset + ROSTER_BYTES, SLOTS * WORDS);
    const guard: RosterGuard = {
      take: (slot) => this.#take(slot),
      drop: (slot) => this.#drop(slot),
      lives: (slot) => this.#lives(slot),
    };
    this.roster = new SharedRoster(buffer, { byteOffset, create, guard });
    this.agent = joinRoster(this.roster, `${selfAtHome().name} of process ${process.pid}`).agent;
    this.#stopMourning = onRetire(() => this.#bury());
  }

  /** Ends this thread's part. */
  leave(): void {
    this.#stopMourning();
    // While nobody can take the slot: the words must not be those of its next owner.
    Atomics.store(this.#origins, this.agent.slot * WORDS + PROCESS, 0);
    leaveRoster(this.roster);
  }

  #take(slot: number): boolean {
    const lock = (): boolean => this.#sys.lock(this.#descriptor, slot, "exclusive");
    if (!lock() && !(this.#free(slot) && lock())) return false;
    this.#mine.add(slot);
    const { handle } = selfAtHome();
    const origin = [process.pid, handle.slot, handle.generation, markOf(handle.roster), this.#descriptor];
    for (const [word, value] of origin.entries()) Atomics.store(this.#origins, slot * WORDS + word, value);
    return true;
  }

  #drop(slot: number): void {
    this.#mine.delete(slot);
    this.#sys.unlock(this.#descriptor, slot);
  }

  #lives(slot: number): boolean {
    if (this.#mine.has(slot)) return true;
    if (!this.#livesAtHome(slot)) return false;
    const now = performance.now();
    if (now - (this.#probed[slot] as number) < PROBE_MS) return true;
    this.#probed[slot] = now;
    return this.#sys.locked(this.#descriptor, slot);
  }

  /** Whether it is not a thread of this process that is known to be dead. */
  #livesAtHome(slot: number): boolean {
    const word = (which: number): number => Atomics.load(this.#origins, slot * WORDS + which);
    if (word(PROCESS) !== process.pid) return true;
    const { roster } = selfAtHome().handle;
    return word(MARK) !== markOf(roster) || agentAlive({ roster, slot: word(SLOT), generation: word(GENERATION) });
  }

  /** Marks the threads of this process dead that are, and lets others have their slots. */
  #bury(): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      // Before whose it is: the next owner of the slot must not be taken for the dead one.
      const generation = this.roster.generationOf(slot);
      if (this.#mine.has(slot) || this.#livesAtHome(slot)) continue;
      if (generation !== undefined) this.roster.markDead(slot, generation);
      this.#free(slot);
    }
  }

  /**
   * Gives up the byte of a thread of this process that is dead; says whether it did. Its opening of the file is not closed: a thread
   * that its runtime fails to end may look at it yet, and must not find another file there.
   */
  #free(slot: number): boolean {
    const descriptor = Atomics.load(this.#origins, slot * WORDS + DESCRIPTOR);
    if (this.#mine.has(slot) || this.#livesAtHome(slot) || this.#freed.get(slot) === descriptor) return false;
    this.#freed.set(slot, descriptor);
    this.#sys.unlock(descriptor, slot);
    return true;
  }
}

/** What tells rosters apart: a random word that each has. */
function markOf(roster: SharedArrayBuffer): number {
  return new Int32Array(roster, 8, 1)[0] as number;
}
