/**
 * What a user writes, and what comes back.
 *
 * @module
 */

/** A small program whose interleavings are explored. */
export interface Scenario {
  /** How many threads run it. */
  readonly threads: number;
  /** The size of the one `SharedArrayBuffer`. */
  readonly bytes: number;
  /** Runs once; the memory that it leaves is where every schedule begins. */
  setup?(context: SharedContext): void;
  /**
   * The program of one thread. It runs many times over, so it creates its objects afresh over `context.buffer` and keeps
   * nothing outside. It has ended once it returns or its promise settles.
   */
  thread(context: Context): void | Promise<void>;
  /** Runs once all threads have ended: the place for assertions on the outcome. */
  final?(context: SharedContext): void;
  /** Which threads may die at any step, and how many in one schedule. */
  readonly deaths?: { readonly threads: readonly number[]; readonly max: number };
}

/** What `setup` and `final` see. */
export interface SharedContext {
  readonly threads: number;
  readonly buffer: SharedArrayBuffer;
  /** Reads a plain shared cell; 0 before it was set. */
  get(cell: number): number;
  /** Writes a plain shared cell. */
  set(cell: number, value: number): void;
  /** Ends the schedule with a finding unless `ok`. */
  assert(ok: boolean, message: string): void;
}

/** What a thread sees. */
export interface Context extends SharedContext {
  readonly id: number;
  /** A point at which another thread may run; put one where plain code must not be interrupted. */
  mark(): void;
  /** Milliseconds on the virtual clock, as `performance.now()`. */
  now(): number;
  /** Whether a thread has not been killed. A point at which another thread may run, or die, where deaths are allowed. */
  alive(thread: number): boolean;
}

/** How far to look. */
export interface ExploreOptions {
  /** Explores every schedule that costs at most this many preemptions. 2 unless `pct` is given, then none. */
  readonly bound?: number;
  /** Random schedules with priorities, run after the bounded search. */
  readonly pct?: { readonly schedules: number; readonly depth?: number; readonly seed?: number };
  /** A wait of at least this many milliseconds is a slice: it never expires while nobody has died. 50 if absent. */
  readonly sliceMs?: number;
  /** Whom `notify` wakes: who has waited longest, or anyone. `"fifo"` if absent. */
  readonly wakes?: "fifo" | "any";
  /** More operations than this in one schedule are a finding. 5000 if absent. */
  readonly maxSteps?: number;
  /** Stops, incomplete, after this many schedules. */
  readonly maxSchedules?: number;
  /**
   * Prunes schedules that reach a known state. Pays from bound 3 on. A word that is read both plainly and by `Atomics`
   * spoils it. Off if absent.
   */
  readonly cache?: boolean;
  /** Reports cells that two threads use without order between them. On if absent. */
  readonly races?: boolean;
}

/** What went wrong. */
export type FindingKind = "deadlock" | "assertion" | "error" | "race" | "steps" | "nondeterminism";

/** A schedule that goes wrong. */
export interface Finding {
  readonly kind: FindingKind;
  readonly message: string;
  /** Leads to the same finding again: give it to `replay`. */
  readonly schedule: string;
  /** What each thread did, one line for each operation. */
  readonly trace: readonly string[];
  /** What was thrown, if that is what went wrong. */
  readonly cause?: unknown;
}

/** What an exploration did. */
export interface ExploreResult {
  readonly schedules: number;
  readonly steps: number;
  readonly seconds: number;
  /** Whether every schedule within the bound was seen. */
  readonly complete: boolean;
  /** The first schedule that goes wrong, if there is one. */
  readonly finding?: Finding;
}
