import { Atomic, Event, Lock, RawArray, Value } from "@interlock/core";
import { Pool, type Task } from "@interlock/pool";
import { type Guard, PACES, type PaceName, WORKERS } from "./guards.ts";
import { type Track, unlocked, withAtomic, withGetLock, withLock } from "./tasks.ts";

/** A race that runs, in memory that whoever looks may read at any time. */
export interface Race {
  readonly expected: number;
  /** How many additions each worker has made. */
  readonly made: Int32Array;
  /** What each addition wrote; of no length in a tight loop. */
  readonly wrote: Int32Array;
  /** What the counter holds. */
  total(): number;
  readonly ended: Promise<void>;
}

interface Counter {
  readonly task: Task<never, Promise<void>>;
  readonly args: readonly unknown[];
  total(): number;
}

const counters: Readonly<Record<Guard, () => Counter>> = {
  none: () => {
    const counter = new Value("int32", 0);
    return { task: unlocked, args: [counter], total: () => counter.value };
  },
  lock: () => {
    const counter = new Value("int32", 0);
    return { task: withLock, args: [counter, new Lock()], total: () => counter.value };
  },
  getLock: () => {
    const counter = new Value("int32", 0);
    return { task: withGetLock, args: [counter], total: () => counter.value };
  },
  atomic: () => {
    const counter = new Atomic("int32", 0);
    return { task: withAtomic, args: [counter], total: () => counter.load() };
  },
};

let pool: Pool | undefined;

/** Starts ten workers that add to one counter. The workers stay for the next race. */
export function startRace(guard: Guard, paceName: PaceName): Race {
  const { times, sleep, work } = PACES[paceName];
  const { task, args, total } = counters[guard]();
  const track: Track = {
    arrived: new Atomic("int32", 0),
    gate: new Event(),
    made: new RawArray("int32", WORKERS),
    wrote: new RawArray("int32", sleep > 0 ? WORKERS * times : 0),
  };
  pool ??= new Pool({ size: WORKERS, worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }) });
  const lanes = Array.from({ length: WORKERS }, (_, lane) => pool?.apply(task, [track, { times, sleep, work }, lane, ...args] as never));
  return {
    expected: WORKERS * times,
    made: track.made.view,
    wrote: track.wrote.view,
    total,
    ended: Promise.all([open(track), ...lanes]).then(
      () => {},
      (error: unknown) => {
        // The others stand before a gate that nobody opens, or the pool is none any more: the next race gets another.
        track.gate.set();
        void pool?.terminate();
        pool = undefined;
        throw error;
      },
    ),
  };
}

/** Opens the gate when all workers stand before it, so that they run at the same time. */
async function open({ arrived, gate }: Track): Promise<void> {
  for (let there = 0; there < WORKERS && !gate.isSet(); there = arrived.load()) await arrived.waitAsync(there, { timeout: 50 });
  gate.set();
}
