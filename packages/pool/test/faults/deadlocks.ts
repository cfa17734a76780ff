/**
 * The cases of CPython's `ExecutorDeadlockTest`: a call that goes wrong where its arguments or its result are on their way
 * must end in an error, and not in a pool that waits for ever.
 */
import { type Pool, task } from "@interlock/pool";
import { fall, fallSending, measureUnless, sendUnreadable, squareUnless, type Way } from "./deadlock-tasks.ts";
import { square } from "./fault-tasks.ts";
import type { BackendName } from "./matrix.ts";

/** One case. */
export interface DeadlockCase {
  /** The method of the original. */
  readonly row: string;
  /** What stands in for what the original does. */
  readonly how: string;
  /** What its call must be rejected with. */
  readonly error: RegExp;
  /** What goes wrong in the import of its module. */
  readonly imports?: string;
  /** Whether it closes the pool. */
  readonly closes?: boolean;
  run(pool: Pool): Promise<unknown>;
}

const LOST = /^WorkerLostError: .* ended with (?:exit code [13]|signal SIGKILL)/;
const RAISED = /^RangeError: raised/;
const BIG = 1 << 20;
const MANY = 10_000;

/** What goes wrong in the import, as its module names it. */
const IMPORTS: Readonly<Record<Way, string>> = { kill: "SIGKILL", crash: "uncaught throw", exit: "exit 3", raise: "raise" };

/** A crash of a worker, in the original a segmentation fault. */
const CRASHES: Readonly<Record<BackendName, Way>> = { thread: "crash", process: "kill" };

const imported = task(new URL("./faulty-module.ts", import.meta.url).href, "imported", () => 0);

function unclonable(): never {
  return {
    get value() {
      throw new RangeError("raised");
    },
  } as never;
}

/** Closes the pool while the call goes wrong, and waits until all is over. */
async function closed(pool: Pool, call: Promise<unknown>): Promise<unknown> {
  pool.close();
  const [end] = await Promise.allSettled([call, pool.join()]);
  if (end.status === "rejected") throw end.reason;
  return end.value;
}

const PICKLE = "a getter of the argument throws";
const UNPICKLE = "in the import of the task's module: nothing of the user's runs where arguments are read";
const FUNCTION = "in the task";
const RESULT = "in a getter of the result";
const RECEIVE = "the message of the result cannot be read; for an exit, its worker ends at once";

/** What stands in for a crash. */
const OF_CRASH: Readonly<Record<BackendName, string>> = { thread: "an error that nobody catches", process: "SIGKILL" };

function inWays(backend: BackendName, row: (way: string) => string, how: string, run: (pool: Pool, way: Way) => Promise<unknown>): DeadlockCase[] {
  return (["crash", "exit", "error"] as const).map((name) => {
    const way = name === "crash" ? CRASHES[backend] : name === "error" ? "raise" : name;
    return {
      row: row(name),
      how: name === "crash" ? `${OF_CRASH[backend]} ${how}` : how,
      imports: IMPORTS[way],
      error: way === "raise" ? RAISED : LOST,
      run: (pool) => run(pool, way),
    };
  });
}

/** All cases of a backend. */
export function deadlockCases(backend: BackendName): readonly DeadlockCase[] {
  return [
    { row: "test_error_at_task_pickle", how: PICKLE, error: RAISED, run: (pool) => pool.apply(square, [unclonable()]) },
    ...inWays(
      backend,
      (way) => `test_${way}_at_task_unpickle`,
      UNPICKLE,
      (pool) => pool.apply(imported),
    ),
    ...inWays(
      backend,
      (way) => `test_${way}_during_func_exec_on_worker`,
      FUNCTION,
      (pool, way) => pool.apply(fall, [way]),
    ),
    backend === "process"
      ? {
          row: "test_crash_during_result_pickle_on_worker",
          how: `${OF_CRASH[backend]} ${RESULT}`,
          error: LOST,
          run: (pool) => pool.apply(fallSending, ["kill"]),
        }
      : {
          row: "test_crash_during_result_pickle_on_worker",
          how: `${RESULT}: nothing is caught or thrown there, so its worker is ended meanwhile`,
          error: /^TimeoutError: /,
          run: (pool) => pool.apply(fallSending, ["crash"], { timeout: 20 }),
        },
    { row: "test_exit_during_result_pickle_on_worker", how: RESULT, error: LOST, run: (pool) => pool.apply(fallSending, ["exit"]) },
    {
      row: "test_error_during_result_pickle_on_worker",
      how: RESULT,
      error: RAISED,
      run: (pool) => pool.apply(fallSending, ["raise"]),
    },
    {
      row: "test_error_during_result_unpickle_in_result_handler",
      how: RECEIVE,
      error: /^TypeError: .* cannot be read/,
      run: (pool) => pool.apply(sendUnreadable, ["raise"]),
    },
    {
      row: "test_exit_during_result_unpickle_in_result_handler",
      how: RECEIVE,
      error: /^TypeError: .* cannot be read|^WorkerLostError/,
      run: (pool) => pool.apply(sendUnreadable, ["exit"]),
    },
    {
      row: "test_shutdown_deadlock",
      how: "`close` and `join` while the worker ends",
      error: LOST,
      closes: true,
      run: (pool) => closed(pool, pool.apply(fall, [CRASHES[backend]])),
    },
    {
      row: "test_shutdown_deadlock_pickle",
      how: "`close` and `join` while the argument is refused",
      error: RAISED,
      closes: true,
      run: (pool) => closed(pool, pool.apply(square, [unclonable()])),
    },
    {
      row: "test_crash_big_data",
      how: "the worker exits while many megabytes are on their way to it",
      error: LOST,
      run: (pool) =>
        pool.map(
          measureUnless,
          Array.from({ length: 8 }, (_, i) => new Uint8Array(BIG).fill(i === 2 ? 1 : 0)),
          { chunkSize: 1 },
        ),
    },
    {
      row: "test_gh105829_should_not_deadlock_if_wakeup_pipe_full",
      how: `the worker exits while ${MANY} small calls wait`,
      error: LOST,
      async run(pool) {
        const calls = await Promise.allSettled(Array.from({ length: MANY }, (_, n) => pool.apply(squareUnless, [n])));
        calls.forEach((call, n) => {
          if (call.status === "fulfilled" && call.value !== n * n) throw new Error(`${n} gave ${call.value}`);
        });
        const [lost] = calls.filter(({ status }) => status === "rejected");
        throw (lost as PromiseRejectedResult).reason;
      },
    },
  ];
}

/** The name of a case's test. */
export function deadlockTitle(backend: string, { row }: DeadlockCase): string {
  return `${backend}: ${row}`;
}
