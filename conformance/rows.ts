/**
 * The rows of CPython's `_test_multiprocessing` that interlock answers for, and what it answers.
 *
 * Each row that is not impossible has one test, named `class.row`, in `packages/<package>/test/conformance/`. To add a
 * class: add it here, write its tests, and run `npm run conformance`. `npm run check` fails while the two differ.
 */

/** Whether the row holds as it stands, holds in an adapted form, or cannot be asked of this library. */
export type Verdict = "pass" | "adapted" | "impossible";

/** One test method of CPython's suite. */
export interface Row {
  /** The class of the original. */
  readonly class: string;
  /** The method of the original. */
  readonly row: string;
  readonly verdict: Verdict;
  /** How it was adapted, or why it is impossible; for a pass, what stands in for something of Python's, or "". */
  readonly how: string;
  /** The title of its test; undefined if it is impossible. */
  readonly test: string | undefined;
}

type Answer = Pick<Row, "verdict" | "how">;

const pass: Answer = { verdict: "pass", how: "" };
const passWith = (how: string): Answer => ({ verdict: "pass", how });
const adapted = (how: string): Answer => ({ verdict: "adapted", how });
const impossible = (how: string): Answer => ({ verdict: "impossible", how });

const OWNER = "`inspect(lock).owner?.name` for the repr's owner: undefined, `main`, or a thread's name, seen by itself and by others";
const CONTEXT = "`run(fn)`, `runAsync(fn)`, and the `Symbol.dispose` of `using` for `with`; `acquire()` returns the lock, not True";
const CLOSED = "`empty` is answered after a close as before it, used or not, for OSError: what is in the queue can still be got; there is no `join_thread`";

const CODES = "64-bit integers are bigints, and a byte stands for the code `c`";
const LOCK = "another `lock`, `false` included, throws a `TypeError` that names `Raw…`, which has neither method";
const SLICES = "`slice` and `assign` for a[i:j]";

const answers: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  _TestQueue: {
    test_put: passWith("`empty` and `full` are properties; `put({ timeout })` throws `TimeoutError` for Full, `tryPut` returns false"),
    test_get: passWith("`get({ timeout })` throws `TimeoutError` for Empty, `tryGet` returns undefined"),
    test_fork: passWith("a thread for the fork; no feeder, so what it put is there before it ends"),
    test_qsize: passWith("`size` for `qsize()`, on every system"),
    test_task_done: pass,
    test_no_import_lock_contention: impossible("modules are not imported under a lock that threads share"),
    test_timeout: passWith("after its whole timeout, where the original puts up with half of it"),
    test_queue_feeder_donot_stop_onexc: adapted("no feeder: what cannot be carried throws at the put, and takes no place"),
    test_queue_feeder_on_queue_feeder_error: impossible("it replaces a private hook of the feeder, and there is none"),
    test_closed_queue_empty_exceptions: adapted(CLOSED),
    test_closed_queue_put_get_exceptions: adapted("`QueueClosedError` for ValueError; a get throws it once nothing is left"),
  },
  _TestLock: {
    test_repr_lock: adapted(`${OWNER}; an async task counts as its thread`),
    test_lock: adapted("a release too many throws `LockStateError` for ValueError, as does a release by a thread that does not hold it"),
    test_lock_locked_2processes: passWith("and acquiring it then throws `AbandonedLockError`, where Python waits for ever"),
    test_repr_rlock: adapted(`${OWNER}; its count shows in the number of releases`),
    test_rlock: adapted(
      "a release too many throws `LockStateError` for AssertionError; `acquireAsync` never re-enters, so tasks of a thread exclude each other",
    ),
    test_rlock_locked_2processes: passWith("as test_lock_locked_2processes"),
    test_lock_context: adapted(CONTEXT),
    test_rlock_context: adapted(CONTEXT),
  },
  _TestSemaphore: {
    test_semaphore: pass,
    test_bounded_semaphore: adapted("a release too many throws `RangeError`; the original leaves it out, as macOS cannot tell"),
    test_timeout: passWith("`tryAcquire({ timeout })` for `acquire(block, timeout)`; `acquire({ timeout })` throws `TimeoutError`"),
  },
  _TestCondition: {
    test_notify: pass,
    test_notify_all: pass,
    test_notify_n: pass,
    test_timeout: pass,
    test_waitfor: pass,
    test_waitfor_timeout: pass,
    test_wait_result: adapted("without SIGINT: threads get no signals"),
  },
  _TestEvent: {
    test_event: pass,
    test_repr: adapted("`isSet()` and `inspect(event)` for the repr, seen by the parent and by a thread"),
  },
  _TestBarrier: {
    test_barrier: pass,
    test_barrier_10: pass,
    test_wait_return: pass,
    test_action: adapted("an action is local: each party attaches with its own, and the last to arrive runs it"),
    test_abort: pass,
    test_reset: pass,
    test_abort_and_reset: pass,
    test_timeout: pass,
    test_default_timeout: pass,
    test_single_thread: pass,
    test_thousand: passWith("a shared log under a `Lock` for the pipe to the parent"),
  },
  _TestValue: {
    test_value: adapted(CODES),
    test_rawvalue: adapted(CODES),
    test_getobj_getlock: passWith(LOCK),
    test_invalid_typecode: pass,
  },
  _TestArray: {
    test_array: adapted(SLICES),
    test_array_from_size: passWith(SLICES),
    test_rawarray: adapted(SLICES),
    test_getobj_getlock_obj: passWith(LOCK),
    test_invalid_typecode: pass,
  },
  _TestSharedCTypes: {
    test_sharedctypes: adapted("`RawValue` and `RawArray` for lock=False, `struct` for Structure, bytes up to the first 0 for the text of an array of `c`"),
    test_synchronize: adapted("as test_sharedctypes, with `Value` and `SharedArray`"),
    test_copy: adapted("a new value from the record of another for `copy`"),
  },
  _TestHeap: {
    test_heap: adapted(
      "5000 values and arrays of random size, 50 alive: zeroed, never in each other, contents kept; a slab is not used again but goes as a whole, which is seen after a forced collection; so there are no free lists to check",
    ),
    test_free_from_gc: impossible("no finalizer frees memory, so none can meet the allocator at work"),
  },
  TestSimpleQueue: {
    test_empty_exceptions: adapted(`a \`Queue\` for the SimpleQueue; ${CLOSED}`),
    test_empty: passWith("a `Queue` for the SimpleQueue"),
    test_close: passWith("a `Queue` for the SimpleQueue"),
    test_closed: impossible("it looks at the private ends of a pipe, and there is none"),
  },
};

/** All rows, in the order of the original. */
export const rows: readonly Row[] = Object.entries(answers).flatMap(([name, methods]) =>
  Object.entries(methods).map(([row, answer]) => ({
    class: name,
    row,
    ...answer,
    test: answer.verdict === "impossible" ? undefined : `${name}.${row}`,
  })),
);
