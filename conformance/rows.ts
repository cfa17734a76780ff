/**
 * The rows of CPython's `_test_multiprocessing` that interlock answers for, and what it answers.
 *
 * Each row that is not impossible has one test, named `class.row`, in `packages/<package>/test/conformance/`. To add a
 * class: add it here, write its tests, and run `npm run conformance`. Tests that ask the same of threads and of processes are
 * in a `describe` with the name of the kind. `npm run check` fails while the two differ.
 */

/** Whether the row holds as it stands, holds in an adapted form, or cannot be asked of this library. */
export type Verdict = "pass" | "adapted" | "impossible";

/** What a test runs its calls in. */
export type Kind = "thread" | "process";

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
  /** What its test runs on; nothing if it is impossible. */
  readonly kinds: readonly Kind[];
}

type Answer = Pick<Row, "verdict" | "how"> & Partial<Pick<Row, "kinds">>;

/** Classes whose rows are asked of threads and of processes, in one file for both. */
const ON_BOTH: ReadonlySet<string> = new Set([
  "_TestProcess",
  "_TestSubclassingProcess",
  "_TestConnection",
  "_TestPoll",
  "_TestPicklingConnections",
  "_TestPool",
  "_TestPoolWorkerErrors",
  "_TestPoolWorkerLifetime",
  "TestInitializers",
  "TestPoolNotLeakOnFailure",
  "MiscTestCase",
  "TestNoForkBomb",
  "TestWait",
]);

/** Classes whose rows are asked of threads, and by shm's tests once more of processes, in memory that those share. */
const IN_MEMORY: ReadonlySet<string> = new Set([
  "_TestQueue",
  "_TestLock",
  "_TestSemaphore",
  "_TestCondition",
  "_TestEvent",
  "_TestBarrier",
  "_TestValue",
  "_TestArray",
  "_TestSharedCTypes",
  "TestSimpleQueue",
]);

const pass: Answer = { verdict: "pass", how: "" };
const passWith = (how: string): Answer => ({ verdict: "pass", how });
const adapted = (how: string): Answer => ({ verdict: "adapted", how });
const impossible = (how: string): Answer => ({ verdict: "impossible", how, kinds: [] });
/** Of processes only. */
const ofProcesses = (answer: Answer): Answer => ({ ...answer, kinds: ["process"] });

const OWNER = "`inspect(lock).owner?.name` for the repr's owner: undefined, `main`, or a thread's name, seen by itself and by others";
const CONTEXT = "`run(fn)`, `runAsync(fn)`, and the `Symbol.dispose` of `using` for `with`; `acquire()` returns the lock, not True";
const CLOSED = "`empty` is answered after a close as before it, used or not, for OSError: what is in the queue can still be got; there is no `join_thread`";

const CODES = "64-bit integers are bigints, and a byte stands for the code `c`";
const LOCK = "another `lock`, `false` included, throws a `TypeError` that names `Raw…`, which has neither method";
const PROMISE = "a promise for the AsyncResult";
const NOTHING_LOST = "nothing is lost: all items before the source's error give their results, where Python loses those of a chunk that is not full";

const FORKSERVER = "there is no fork server: each process starts anew";
const CHILDREN = "threads for processes";
const SOCKETS = "there is nothing for sockets: the runtime has them, and its own ways to wait for them";
const DESCRIPTORS = "connections are no file descriptors, and carry none";

const SLICES = "`slice` and `assign` for a[i:j]";

const answers: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  _TestProcess: {
    test_current: adapted("`id` is the number of a process, or that of a thread in its process; there is no authentication key"),
    test_set_executable: ofProcesses(adapted("the option `execPath` of one process, which is text, for `set_executable`")),
    test_args_argument: passWith("exit code 0 also of threads"),
    test_daemon_argument: pass,
    test_parent_process_attributes: passWith("a thread's parent has the same process id"),
    test_parent_process: impossible("no child outlives its parent, so none finds it dead"),
    test_process: adapted("an object at the end of the arguments for keyword arguments"),
    test_process_mainthread_native_id: adapted("the `id` of `currentProcess()` for the number of the main thread"),
    test_interrupt: impossible("children let an interrupt pass, and their parent ends them: there is no `interrupt()`"),
    test_interrupt_no_handler: impossible("as test_interrupt"),
    test_terminate: adapted("`join` resolves to false if the child still runs; the exit code is -15 for threads, too"),
    test_kill: adapted("as test_terminate, and -9"),
    test_cpu_count: pass,
    test_active_children: pass,
    test_recursion: passWith("lines of a file for the pipe"),
    test_sentinel: adapted("the promise of `join()` for the sentinel, and `Promise.race` to wait for several"),
    test_close: adapted("an `Error` for ValueError; `exitCode` and `result()` stay"),
    test_many_processes: passWith("5 at once, as in the original for processes that start anew"),
    test_lose_target_ref: adapted("of its arguments, as the task is the module's; seen after a forced collection"),
    test_child_fd_inflation: ofProcesses(pass),
    test_wait_for_threads: passWith("threads that the child starts are its own children"),
    test_error_on_stdio_flush_1: impossible("nothing is flushed at the end: the runtime writes what a program prints"),
    test_error_on_stdio_flush_2: impossible("as test_error_on_stdio_flush_1"),
    test_forkserver_sigint: impossible(FORKSERVER),
    test_forkserver_sigkill: impossible(FORKSERVER),
    test_forkserver_auth_is_enabled: impossible(FORKSERVER),
    test_forkserver_without_auth_fails: impossible(FORKSERVER),
  },
  _TestSubclassingProcess: {
    test_subclassing: adapted("the class is known to the parent alone, and gives its task to `super`; arguments and result for the pipe"),
    test_stderr_flush: adapted(
      "what a task throws is the child's `error`, whose `stack` names file and line; what nobody catches is also on a process's standard error, in full",
    ),
    test_sys_exit: adapted("`process.exit(n)` and `process.exitCode` for numbers; any other reason is thrown: then the code is 1, and `error` the reason"),
  },
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
  _TestConnection: {
    test_connection: adapted(`${CHILDREN}; there is no \`fileno\`, and the child echoes values and bytes each in their own way`),
    test_duplex_false: passWith("`ConnectionError` for OSError"),
    test_spawn_close: passWith("the child's end was moved, so the parent has no copy of it to close: closing it does nothing"),
    test_sendbytes: passWith("`RangeError` for ValueError"),
    test_fd_transfer: impossible(DESCRIPTORS),
    test_large_fd_transfer: impossible(DESCRIPTORS),
    test_missing_fd_transfer: impossible(DESCRIPTORS),
    test_context: adapted("the `Symbol.dispose` of `using` for `with`; `ConnectionError` for OSError"),
    test_wait_empty: pass,
  },
  _TestPoll: {
    test_empty_string: pass,
    test_strings: pass,
    test_boundaries: passWith("the child gives the reader back, where in Python both have it"),
    test_dont_merge: pass,
  },
  _TestPicklingConnections: {
    test_access: passWith("what is sent is moved: the sender's is closed"),
    test_pickling: impossible(SOCKETS),
  },
  _TestHeap: {
    test_heap: adapted(
      "5000 values and arrays of random size, 50 alive: zeroed, never in each other, contents kept; a slab is not used again but goes as a whole, which is seen after a forced collection; so there are no free lists to check",
    ),
    test_free_from_gc: impossible("no finalizer frees memory, so none can meet the allocator at work"),
  },
  _TestPool: {
    test_apply: adapted("without keyword arguments: a promise is awaited"),
    test_map: pass,
    test_starmap: pass,
    test_starmap_async: passWith(PROMISE),
    test_map_async: passWith(PROMISE),
    test_map_async_callbacks: passWith("`then` for both callbacks, which are also called for an empty map"),
    test_map_unplicklable: passWith("a getter's own error for what `__reduce__` raises; for a function a `TypeError` with its path"),
    test_map_chunksize: pass,
    test_map_handle_iterable_exception: pass,
    test_async: passWith(PROMISE),
    test_async_timeout: adapted("the `timeout` is the call's own, from its beginning: it ends the call, and costs its worker if that does not settle"),
    test_imap: passWith("results are awaited one by one, and the end is `done`"),
    test_imap_handle_iterable_exception: adapted(`${NOTHING_LOST}; then the source's error, and the end`),
    test_imap_unordered: pass,
    test_imap_unordered_handle_iterable_exception: adapted(`${NOTHING_LOST}; then the source's error, and the end`),
    test_make_pool: passWith("`stats().workers` for the private list of workers"),
    test_terminate: passWith("and what was pending is rejected with `PoolClosedError`, where Python waits for ever"),
    test_empty_iterable: pass,
    test_context: passWith("`Symbol.asyncDispose` of `await using` for `with`"),
    test_traceback: adapted(
      "the worker's stack is the error's own `stack`, and its `cause` what the task gave it, for a RemoteTraceback; it names files, without their text",
    ),
    test_wrapped_exception: pass,
    test_map_no_failfast: passWith("`failFast: true` throws at once"),
    test_release_task_refs: adapted("seen after a forced collection; also for `imap`, `apply`, and calls with a signal that lives on"),
    test_enter: adapted("`await using` asks nothing of the pool: its first call is refused instead"),
    test_resource_warning: adapted("a `ResourceWarning` a second after the pool is collected; its workers end when they have done what they were given"),
  },
  _TestPoolWorkerErrors: {
    test_async_error_callback: passWith("`then` for the callback"),
    test_unpickleable_result: adapted("a `TypeError` with the path of what cannot be cloned for MaybeEncodingError"),
  },
  _TestPoolWorkerLifetime: {
    test_pool_worker_lifetime: passWith("`maxTasksPerWorker` counts calls, where Python counts chunks; `context().workerId` for the process id"),
    test_pool_worker_lifetime_early_close: pass,
    test_pool_maxtasksperchild_invalid: passWith("`RangeError`, and `TypeError` for the text"),
    test_worker_finalization_via_atexit_handler_of_multiprocessing: passWith("a program with an idle pool ends, and its workers with it"),
  },
  TestInitializers: {
    test_pool_initializer: passWith("`context().state` for a global variable"),
    test_manager_initializer: impossible("there is no manager"),
  },
  TestPoolNotLeakOnFailure: {
    test_release_unused_processes: adapted(
      "the option `worker` that throws, or the runtime where it starts a process, for a class of processes that fails to start",
    ),
  },
  MiscTestCase: {
    test_large_pool: adapted("16 threads, or 8 processes, for 200 workers"),
  },
  TestNoForkBomb: {
    test_noforkbomb: adapted("a `TypeError` that says how to guard the main part for RuntimeError"),
  },
  TestWait: {
    test_wait: pass,
    test_wait_slow: pass,
    test_wait_socket: impossible(SOCKETS),
    test_wait_socket_slow: impossible(SOCKETS),
    test_wait_timeout: passWith("half a second for five"),
    test_wait_integer: adapted("the `Thread` itself for its sentinel"),
    test_neg_timeout: pass,
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
    kinds: answer.kinds ?? (ON_BOTH.has(name) || IN_MEMORY.has(name) ? ["thread", "process"] : ["thread"]),
  })),
);

/** What a report calls the test of a row that runs on a kind: its title, within a `describe` of the kind's name but for threads alone. */
export const testOf = ({ class: name, test }: Row, kind: Kind): string => (ON_BOTH.has(name) || kind === "process" ? `${kind} ${test}` : `${test}`);
