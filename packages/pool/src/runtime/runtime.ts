/**
 * What interlock asks of a runtime. One file for each runtime implements it; nothing else knows which one runs.
 *
 * @module
 */

/** How a child ended. */
export interface Exit {
  /** The exit code; absent after a signal, or where the runtime tells none. */
  readonly code?: number | undefined;
  /** The signal that ended a process. */
  readonly signal?: string | undefined;
  /** What the child threw and nobody caught. */
  readonly error?: unknown;
  /** The last that a process wrote to its standard error. */
  readonly stderrTail?: string | undefined;
  /** Whether it may go on for a moment, as it was only told to end. */
  readonly mayRun?: boolean | undefined;
}

/** What a child wrote into its log; see `process-log`. */
export interface ParentLog {
  /** How many calls of a batch it had begun, or was about to begin; undefined if that is not known any more. */
  begun(batch: number): number | undefined;
  /** What it threw and nobody caught. */
  lastWords(): Uint8Array | undefined;
  close(): void;
}

/** A child's way to note what its parent must know of its death. */
export interface ChildLog {
  /** Notes that a number of calls of a batch have begun, or are about to. It is noted when this returns. */
  note(batch: number, count: number): void;
  /** Notes what was thrown. */
  lastWords(words: Uint8Array): void;
}

/** Settings of a child. A runtime ignores what it does not know. */
export interface SpawnOptions {
  readonly name?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly execArgv?: readonly string[] | undefined;
  readonly resourceLimits?: Readonly<Record<string, number>> | undefined;
  readonly cwd?: string | undefined;
  readonly execPath?: string | undefined;
  readonly stdio?: StdioOption | undefined;
}

/** What becomes of what a process prints. */
export type StdioOption = "inherit" | "ignore" | "pipe";

/** What both ends of a line call. */
export interface MessageListener {
  message(message: unknown): void;
  /** A message came that cannot be turned into values. */
  unreadable(error: unknown): void;
}

/** What a port calls. `exit` comes once, after the last message. */
export interface PortListener extends MessageListener {
  exit(exit: Exit): void;
}

/** The parent's end of the line to a child. */
export interface Port {
  /** The thread's or process's number. */
  readonly id: number | undefined;
  /** Sends a message. MUST throw here and now if it cannot be cloned. */
  post(message: unknown, transfer?: readonly unknown[]): void;
  /** Names the listener. MUST be called in the turn that made the port. */
  listen(listener: PortListener): void;
  /** What the child notes, where it has a log. Read it after its end. */
  readonly log?: ParentLog | undefined;
  /** What a process prints, if that is piped. */
  readonly stdout?: AsyncIterable<Uint8Array> | undefined;
  readonly stderr?: AsyncIterable<Uint8Array> | undefined;
  /** Asks the operating system to end the child, which may clean up first; a child without this is asked by message. */
  askToEnd?(): void;
  /** Ends the child as fast as the runtime can, without its cooperation. Resolves when it is gone. */
  terminate(): Promise<void>;
  /** Lets the program end although the child runs. */
  unref(): void;
  /** Keeps the program alive while the child runs. */
  ref(): void;
}

/** The child's end. */
export interface ParentPort {
  /** Sends a message. MUST throw here and now if it cannot be cloned. */
  post(message: unknown, transfer?: readonly unknown[]): void;
  listen(listener: MessageListener): void;
  /** The child ends once all that was posted is out, and nothing else keeps it. */
  close(): void;
  /** Ends the child at once. */
  exit(code: number): void;
  /** Calls back with the exit code while the child ends, if it ends by itself. */
  onExit(callback: (code: number) => void): void;
  /** Where the child notes what its parent must know of its death. */
  readonly log?: ChildLog | undefined;
  /** Calls back with what the child throws and nobody catches, before it ends of it; absent where the parent hears of it. */
  onUncaught?(callback: (error: unknown) => void): void;
}

/** Tells the code of tasks from the rest of a worker. */
export interface TaskScope {
  /** Runs tasks: whatever they call, now or later, is inside. */
  run<R>(tasks: () => R): R;
  /** As `run`, for one of several calls that run at once; `call()` tells which one the caller belongs to. */
  runAs<R>(call: object, task: () => R): R;
  /** Counts a task that has not settled yet, for runtimes that cannot follow it. */
  hold(unsettled: PromiseLike<unknown>): void;
  /** Runs what is no task although a task may have led to it. */
  outside<R>(other: () => R): R;
  /** Whether the caller is a task, or was called by one. */
  inside(): boolean;
  /** What was given to `runAs`; undefined if unknown. */
  call(): object | undefined;
}

/** An event for those who observe the program. */
export interface Topic<T extends object> {
  /** Whether anybody listens: cheap enough to ask each time. */
  readonly hasSubscribers: boolean;
  /** Tells them. MUST NOT throw, whatever they do. */
  publish(details: T): void;
}

/** Ports whose messages are taken when they are wanted. */
export interface Ports {
  /** Makes of a message what is posted. */
  wrap(message: unknown): unknown;
  /** The next message; undefined if there is none. Throws if it cannot be read. */
  receive(port: MessagePort): { readonly message: unknown } | undefined;
}

/** The one place that knows which runtime this is. */
export interface Runtime {
  readonly name: "node" | "deno" | "bun" | "browser";
  /** How many threads make progress at once. */
  readonly parallelism: number;
  /** The number of this process; undefined where there are none. */
  readonly pid: number | undefined;
  /** The number of this thread, 0 for the main one. */
  readonly threadId: number;
  /** The numbers of signals, by name. */
  readonly signals: Readonly<Record<string, number>>;
  spawnThread(entry: URL, options: SpawnOptions): Port;
  spawnProcess?(entry: URL, options: SpawnOptions): Port;
  /**
   * Calls back with the number of a process that watches over those that this thread starts, if it does not notice by itself when
   * the thread ends. Absent where it does.
   */
  onWatcher?(callback: (watcher: number) => void): void;
  /** Has such a process end those it watches over, and then itself. */
  dismissWatcher?(watcher: number): void;
  /** The port of a worker that the user made. */
  adopt(worker: unknown): Port;
  /** Whether a thread that blocks for a moment is awake, and then answers, sooner than one in its event loop. */
  readonly dozes: boolean;
  /** Whether a thread in its event loop is awake sooner by a message than by a wake of what it awaits in shared memory. */
  readonly knocks: boolean;
  /** The line to whoever started this thread or process; undefined in a main thread that nobody started. */
  parent(): ParentPort | undefined;
  /** How to take messages from ports that nobody listens to; absent where ports only call back. */
  readonly ports?: Ports;
  /** An array for so many numbers, of a kind to which the engine writes them fast. */
  doubles(length: number): unknown[];
  /** The bytes of memory that this thread or process uses for itself; undefined where nobody tells. */
  usedMemory(): number | undefined;
  /** Lets the program end although a timer runs. */
  unrefTimer(timer: unknown): void;
  /** The event of that name; where nobody can listen, one without subscribers. */
  topic(name: string): Topic<never>;
  /** Warns whoever runs the program. */
  warn(message: string, type: string): void;
  /** Calls back when a worker that the user made has ended. */
  whenEnded(worker: unknown, callback: () => void): void;
  /** A scope for the tasks of this worker. */
  taskScope(): TaskScope;
}
