/**
 * What may go wrong with a worker, where it may be at that moment, and what then becomes of its call. Plain data: the tests
 * and the table are made of it.
 */

/** Where calls run. */
export const BACKENDS = ["thread", "process"] as const;

/** What goes wrong. */
export const FAULTS = [
  "exit 0",
  "exit 3",
  "uncaught throw",
  "unhandled rejection",
  "out of memory",
  "SIGKILL",
  "abort",
  "terminate",
  "unclonable result",
  "unreadable result",
] as const;

/** What the worker is doing meanwhile. */
export const STATES = [
  "idle",
  "starting",
  "in initializer",
  "in every initializer",
  "in a task",
  "sending a result",
  "holding a lock",
  "waiting on a condition",
] as const;

export type BackendName = (typeof BACKENDS)[number];
export type Fault = (typeof FAULTS)[number];
export type State = (typeof STATES)[number];

/** What the call comes to. */
export type Fate =
  /** Its result. */
  | "served"
  /** `WorkerLostError` with an exit code, and what the worker threw as its cause. */
  | "WorkerLostError: 0"
  | "WorkerLostError: 1"
  | "WorkerLostError: 3"
  /** The same with the signal that ended a process: any of those with which runtimes end if they cannot go on, or the one that was sent. */
  | "WorkerLostError: a crash"
  | "WorkerLostError: SIGKILL"
  /** The reason of the abort. */
  | "the abort's reason"
  | "PoolClosedError"
  /** Names the path of what is to blame. */
  | "TypeError: result.code"
  | "TypeError: cannot be read";

/** One test; or the reason why there is none, on all runtimes or on those that are named. */
export interface Cell {
  readonly backend: BackendName;
  readonly fault: Fault;
  readonly state: State;
  readonly fate?: Fate;
  readonly reason?: string;
  readonly impossible?: { readonly on: readonly string[]; readonly reason: string };
}

const NO_SIGNALS = "a thread has no signals of its own";
const NO_LIMITS = "a thread has no memory limit of its own there: the whole program ends";
const NO_RESULT = "no result is sent here";
const NO_CALL = "there is no call to abort";
const NOT_BEGUN = "the call has not begun: the worker is let be, and the others are served by it once it has started";
const NO_TASK = "an initializer's result is not sent";

const DEATHS: Partial<Record<Fault, Fate>> = {
  "exit 0": "WorkerLostError: 0",
  "exit 3": "WorkerLostError: 3",
  "uncaught throw": "WorkerLostError: 1",
  "unhandled rejection": "WorkerLostError: 1",
  "out of memory": "WorkerLostError: 1",
  SIGKILL: "WorkerLostError: SIGKILL",
};

/** A death by which a worker of a backend ends; undefined if the fault is none. */
function deathOf(backend: BackendName, fault: Fault): Fate | undefined {
  return backend === "process" && fault === "out of memory" ? "WorkerLostError: a crash" : DEATHS[fault];
}

/** What the parent, or the way to it, does to a call. */
const OTHERS: Partial<Record<Fault, Fate>> = {
  abort: "the abort's reason",
  terminate: "PoolClosedError",
  "unclonable result": "TypeError: result.code",
  "unreadable result": "TypeError: cannot be read",
};

const sends = (fault: Fault): boolean => fault === "unclonable result" || fault === "unreadable result";

/** What becomes of a call, or why the question is moot. */
function answer(backend: BackendName, fault: Fault, state: State): Pick<Cell, "fate" | "reason"> {
  if (backend === "thread" && fault === "SIGKILL") return { reason: NO_SIGNALS };
  const death = deathOf(backend, fault);
  const usual = { fate: (death ?? OTHERS[fault]) as Fate };
  switch (state) {
    case "idle":
      if (sends(fault)) return { reason: NO_RESULT };
      if (fault === "abort") return { reason: NO_CALL };
      // The call that left the fault behind has its result.
      return death === undefined ? usual : { fate: "served" };
    case "starting":
      return sends(fault) ? { reason: NO_RESULT } : usual;
    case "in initializer":
      if (sends(fault)) return { reason: NO_TASK };
      // Its calls have not begun, so the next worker runs them.
      return death === undefined ? usual : { fate: "served" };
    case "in every initializer":
      if (sends(fault)) return { reason: NO_TASK };
      if (fault === "abort") return { reason: NOT_BEGUN };
      return usual;
    case "sending a result":
      // Thrown after the result is out.
      return fault === "uncaught throw" || fault === "unhandled rejection" ? { fate: "served" } : usual;
    case "waiting on a condition":
      return sends(fault) ? { reason: NO_RESULT } : usual;
    default:
      return usual;
  }
}

/** All pairs of a backend. */
export function cellsOf(backend: BackendName): readonly Cell[] {
  return FAULTS.flatMap((fault) =>
    STATES.map((state) => ({
      backend,
      fault,
      state,
      ...answer(backend, fault, state),
      ...(backend === "thread" && fault === "out of memory" ? { impossible: { on: ["deno", "bun"], reason: NO_LIMITS } } : {}),
    })),
  );
}

/** The name of a cell's test. */
export function titleOf({ backend, fault, state }: Cell): string {
  return `${backend}: ${fault} ${state}`;
}
