import { Event } from "@interlock/core";
import { Pool, PoolClosedError, WorkerLostError } from "@interlock/pool";
import { afterEach, describe, expect, it } from "vitest";
import { square, standBy } from "./fault-tasks.ts";
import { workersFor } from "./faulty-worker.ts";
import { BACKENDS, CELLS, type Cell, type Fate, titleOf } from "./matrix.ts";
import { sceneFor } from "./scenes.ts";
import { FAULT_MESSAGE } from "./strike.ts";
import { type Settled, START_MS, settled, within } from "./within.ts";

// Whatever goes wrong with a worker, and wherever it is: its call ends as the matrix says, the other worker's call is
// served, and the pool is as good as new. Nothing of it takes longer than a bound.

const SIZE = 2;
const ABORT_REASON = new Error("enough");

const pools: Pool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await within("terminate", pool.terminate());
});

/** The name of what became of a call. */
function fateOf({ error, value }: Settled): Fate | string {
  if (error === undefined) return value === undefined ? "undefined" : "served";
  if (error === ABORT_REASON) return "the abort's reason";
  if (error instanceof PoolClosedError) return "PoolClosedError";
  if (error instanceof WorkerLostError) return `WorkerLostError: ${error.exitCode}`;
  if (error instanceof TypeError) return `TypeError: ${/result\.code|cannot be read/.exec(error.message)?.[0]}`;
  return String(error);
}

/** What was thrown in a lost worker is the cause of its loss. */
function expectCause({ fault }: Cell, { error }: Settled): void {
  if (!(error instanceof WorkerLostError)) return;
  if (fault === "uncaught throw" || fault === "unhandled rejection") expect(error.cause).toMatchObject({ message: FAULT_MESSAGE });
  if (fault === "out of memory") expect(error.cause).toMatchObject({ code: "ERR_WORKER_OUT_OF_MEMORY" });
}

async function play(cell: Cell): Promise<void> {
  const { fault, state, fate } = cell;
  const scene = sceneFor(cell);
  const worker = workersFor(fault);
  const pool = new Pool({ size: SIZE, ...scene.options, ...(worker === undefined ? {} : { worker }) });
  pools.push(pool);
  const [begun, over] = [new Event(), new Event()];
  const bystander = settled(pool.apply(standBy, [begun, over]));
  // Where a worker can begin anything: so that the two are in different ones.
  if (!state.endsWith("initializer")) await within("the other call's beginning", begun.waitAsync(), START_MS);
  const abort = new AbortController();
  const call = settled(scene.call(pool, fault === "abort" ? { signal: abort.signal } : {}));
  await within("the way there", scene.ready(), START_MS);
  if (fault === "abort") abort.abort(ABORT_REASON);
  if (fault === "terminate") {
    if (state === "idle") await call;
    void pool.terminate();
  }

  const end = await within("the call", call);
  const terminated = fault === "terminate";
  const broken = state === "in every initializer";
  if (terminated && state === "idle") expect(fateOf(end)).toBe("served");
  else expect(fateOf(end)).toBe(fate);
  expectCause(cell, end);
  await scene.aftermath?.(pool, !terminated && !broken);
  over.set();
  expect(fateOf(await within("the other call", bystander))).toBe(terminated || broken ? fate : "served");

  const next = await within("the next calls", settled(pool.map(square, [1, 2, 3])));
  if (terminated || broken) expect(fateOf(next)).toBe(fate);
  else expect(next.value).toEqual([1, 4, 9]);
  await expect
    .poll(() => pool.stats(), { timeout: 5000, interval: 10 })
    .toMatchObject({ waiting: 0, running: 0, ...(broken ? {} : { workers: terminated ? 0 : SIZE }) });
}

const runtime = import.meta.env["INTERLOCK_RUNTIME"] ?? "";

describe.each(BACKENDS)("a worker of the backend %s", (backend) => {
  for (const cell of CELLS) {
    if (cell.fate === undefined) continue;
    it.skipIf(cell.impossible?.on.includes(runtime))(titleOf(backend, cell), () => play(cell), 3 * START_MS);
  }
});
