import { Pool, PoolClosedError, WorkerLostError } from "@interlock/pool";
import { capabilities, createMemory, type ShmMemory } from "@interlock/shm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Marks, set, whenSet } from "../fixtures/marks.ts";
import { square, standBy } from "./fault-tasks.ts";
import { optionsFor } from "./faulty-workers.ts";
import { BACKENDS, type Cell, cellsOf, type Fate, type State, titleOf } from "./matrix.ts";
import { sceneFor } from "./scenes.ts";
import { FAULT_MESSAGE } from "./strike.ts";
import { BOUND_MS, FILL_MS, type Settled, START_MS, settled, within } from "./within.ts";

// Whatever goes wrong with a worker, and wherever it is: its call ends as the matrix says, the other worker's call is
// served, and the pool is as good as new. Nothing of it takes longer than a bound.

const SIZE = 2;
const ABORT_REASON = new Error("enough");

/** The states in which a worker has something in common with this thread. */
const SHARING: readonly State[] = ["holding a lock", "waiting on a condition"];

/** Signals with which runtimes end a process that cannot go on. */
const CRASHES = ["SIGABRT", "SIGTRAP", "SIGILL", "SIGSEGV"];

let pool: Pool | undefined;
let marks: Marks;
/** What processes share. */
let memory: ShmMemory | undefined;
beforeEach(() => {
  marks = new Marks();
});
afterEach(async () => {
  await within("terminate", pool?.terminate() ?? Promise.resolve());
  marks.remove();
  memory?.close();
  memory = undefined;
});

/** The name of what became of a call. */
function fateOf({ error, value }: Settled): Fate | string {
  if (error === undefined) return value === undefined ? "undefined" : "served";
  if (error === ABORT_REASON) return "the abort's reason";
  if (error instanceof PoolClosedError) return "PoolClosedError";
  if (error instanceof WorkerLostError) return `WorkerLostError: ${howOf(error)}`;
  if (error instanceof TypeError) return `TypeError: ${/result\.code|cannot be read/.exec(error.message)?.[0]}`;
  return String(error);
}

function howOf({ exitCode, signal }: WorkerLostError): unknown {
  return CRASHES.includes(signal ?? "") ? "a crash" : (signal ?? exitCode);
}

/** What was thrown in a lost worker is the cause of its loss; what a process said of it is there too. */
function expectCause({ backend, fault }: Cell, { error }: Settled): void {
  if (!(error instanceof WorkerLostError)) return;
  const threw = fault === "uncaught throw" || fault === "unhandled rejection";
  if (threw) expect(error.cause).toMatchObject({ name: "RangeError", message: FAULT_MESSAGE });
  if (backend === "process" && (threw || fault === "out of memory")) expect(error.stderrTail).toContain(threw ? FAULT_MESSAGE : "");
  else if (fault === "out of memory") expect(error.cause).toMatchObject({ code: "ERR_WORKER_OUT_OF_MEMORY" });
}

async function play(cell: Cell): Promise<void> {
  const { backend, fault, state, fate } = cell;
  const sharing = SHARING.includes(state);
  if (backend === "process" && sharing) memory = createMemory({ size: 1 << 16 });
  const scene = sceneFor(cell, marks, memory);
  pool = new Pool({ size: SIZE, ...scene.options, ...optionsFor(backend, fault, sharing) });
  const [begun, over] = [marks.make("begun"), marks.make("over")];
  const bystander = settled(pool.apply(standBy, [begun, over]));
  // Where a worker can begin anything: so that the two are in different ones.
  if (!state.endsWith("initializer")) await within("the other call's beginning", whenSet(begun), START_MS);
  const abort = new AbortController();
  const call = settled(scene.call(pool, fault === "abort" ? { signal: abort.signal } : {}));
  await within("the way there", scene.ready(), START_MS);
  if (fault === "abort") abort.abort(ABORT_REASON);
  if (fault === "terminate") {
    if (state === "idle") await call;
    void pool.terminate();
  }

  const end = await within("the call", call, fault === "out of memory" ? FILL_MS : BOUND_MS);
  const terminated = fault === "terminate";
  const broken = state === "in every initializer";
  if (terminated && state === "idle") expect(fateOf(end)).toBe("served");
  // Which of the two calls is that of the worker at fault, nobody knows.
  else if ((terminated || fault === "abort") && state === "in initializer") expect([fate, "served"]).toContain(fateOf(end));
  else expect(fateOf(end)).toBe(fate);
  expectCause(cell, end);
  await scene.aftermath?.(pool, !terminated && !broken);
  set(over);
  expect(fateOf(await within("the other call", bystander))).toBe(terminated || broken ? fate : "served");

  const next = await within("the next calls", settled(pool.map(square, [1, 2, 3])));
  if (terminated || broken) expect(fateOf(next)).toBe(fate);
  else expect(next.value).toEqual([1, 4, 9]);
  await expect
    .poll(() => pool?.stats(), { timeout: BOUND_MS, interval: 10 })
    .toMatchObject({ waiting: 0, running: 0, ...(broken ? {} : { workers: terminated ? 0 : SIZE }) });
}

const runtime = import.meta.env["INTERLOCK_RUNTIME"] ?? "";

describe.each(BACKENDS)("a worker of the backend %s", (backend) => {
  for (const cell of cellsOf(backend)) {
    if (cell.fate === undefined) continue;
    const apart = backend === "process" && SHARING.includes(cell.state) && !capabilities().sharedMemory;
    it.skipIf(apart || cell.impossible?.on.includes(runtime))(titleOf(cell), () => play(cell), 3 * START_MS + FILL_MS);
  }
});
