/**
 * OS processes of `node:child_process`, which Node, Deno and Bun all have. Messages travel over a socket of our own, by core's
 * codec: the runtimes' own channels are no faster, and do not understand each other.
 *
 * @module
 */
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { OrphanWatch } from "./orphan-watch.ts";
import { createLog, openLog } from "./process-log.ts";
import type { ParentPort, Port, PortListener, SpawnOptions } from "./runtime.ts";
import { SocketLine } from "./socket-line.ts";
import { StderrTail } from "./stderr-tail.ts";

/** A socket by its number. */
export const socketOf = (fd: number): Socket => new (process.getBuiltinModule("node:net").Socket)({ fd, readable: true, writable: true });

/** As the name says. */
export const monitorUncaught = (callback: (error: unknown) => void): void => void process.on("uncaughtExceptionMonitor", callback);

/** In what the runtimes differ. */
export interface Processes {
  /** The arguments with which the runtime runs a module. */
  argvOf(entry: URL, options: SpawnOptions): readonly string[];
  /** Opens a socket that this process has inherited. */
  openSocket(descriptor: number): Socket;
  /** Calls back with what nobody catches, before the process ends of it. */
  onUncaught(callback: (error: unknown) => void): void;
}

/** How long the last messages of a process that has ended may take. */
const DRAIN_MS = 1000;

/** What a child inherits, by number. */
const SOCKET = 3;
const LOG = 4;

/** What follows the entry module in a child's arguments: that it is one, and whether it has a log. */
const MARK = "--interlock-child";
const MARK_WITH_LOG = "--interlock-child=log";

/** Starts a process. */
export function spawnProcess(entry: URL, options: SpawnOptions, { argvOf }: Processes): Port {
  const { env, cwd, execPath, stdio = "inherit" } = options;
  const { spawn } = process.getBuiltinModule("node:child_process");
  const log = createLog();
  // Another runtime has other flags, and is not told how to run a module.
  const argv = execPath === undefined ? argvOf(entry, options) : [...(options.execArgv ?? []), process.getBuiltinModule("node:url").fileURLToPath(entry)];
  const child = spawn(execPath ?? process.execPath, [...argv, log === undefined ? MARK : MARK_WITH_LOG], {
    stdio: ["ignore", stdio, stdio === "inherit" ? "pipe" : stdio, "pipe", ...(log === undefined ? [] : [log.descriptor])],
    windowsHide: true,
    ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  endWithProgram(child);
  const tail = stdio === "inherit" && child.stderr ? new StderrTail(child.stderr) : undefined;
  // Absent if it could not be started.
  const socket = child.stdio[SOCKET] as Socket | null | undefined;
  const line = socket ? new SocketLine(socket) : undefined;
  const exited = Promise.withResolvers<void>();
  return {
    id: child.pid,
    log,
    stdout: stdio === "pipe" ? (child.stdout ?? undefined) : undefined,
    stderr: stdio === "pipe" ? (child.stderr ?? undefined) : undefined,
    post: (message) => line?.post(message),
    listen(listener: PortListener): void {
      let error: unknown;
      let gone = false;
      let silent = line === undefined;
      let ended: readonly [number | null, string | null] | undefined;
      const exit = (): void => {
        if (gone || ended === undefined) return;
        gone = true;
        const [code, signal] = ended;
        exited.resolve();
        listener.exit({ code: code ?? undefined, signal: signal ?? undefined, error, stderrTail: tail?.text });
        log?.close();
      };
      const onExit = (code: number | null, signal: string | null): void => {
        ended ??= [code, signal];
        // The last messages may still be on their way; a process of its own may keep the line open.
        if (silent) exit();
        else setTimeout(exit, DRAIN_MS).unref();
      };
      line?.listen(listener);
      line?.onEnd(() => {
        silent = true;
        exit();
      });
      child.on("error", (failure) => {
        error = failure;
        // A process that could not be started never exits.
        if (child.pid === undefined) {
          silent = true;
          onExit(null, null);
        }
      });
      child.on("exit", onExit);
    },
    askToEnd: () => signal(child, "SIGTERM"),
    terminate: () => {
      signal(child, "SIGKILL");
      return exited.promise;
    },
    ref: () => {
      if (child.pid === undefined) return;
      child.ref();
      line?.ref();
    },
    unref: () => {
      if (child.pid === undefined) return;
      child.unref();
      line?.unref();
    },
  };
}

/** Sends a signal to a child that runs. Not by `child.kill`, of which Deno counts only the first. */
function signal({ pid, exitCode, signalCode }: ChildProcess, name: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(pid, name);
  } catch {
    // It is gone.
  }
}

interface Family {
  readonly children: Set<ChildProcess>;
  readonly watch: OrphanWatch;
}

let family: Family | undefined;

/** Most children notice that their parent is gone; one that never returns to its event loop does not. */
function endWithProgram(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  family ??= beginFamily();
  const { children, watch } = family;
  children.add(child);
  watch.add(pid);
  child.on("exit", () => {
    children.delete(child);
    watch.delete(pid);
  });
}

/** The processes that are killed when the program ends. */
function beginFamily(): Family {
  const children = new Set<ChildProcess>();
  const end = (): void => {
    for (const child of children) signal(child, "SIGKILL");
  };
  process.on("exit", end);
  // Deno calls no exit listener after an error that nobody catches.
  process.on("uncaughtExceptionMonitor", () => {
    if (process.listenerCount("uncaughtException") === 0) end();
  });
  return { children, watch: new OrphanWatch() };
}

/** The line to the process that started this one; undefined if it has none. */
export function parentProcess({ openSocket, onUncaught }: Processes): ParentPort | undefined {
  const mark = process.argv.at(-1);
  if (mark !== MARK && mark !== MARK_WITH_LOG) return undefined;
  // Not for the tasks.
  process.argv.pop();
  const line = new SocketLine(openSocket(SOCKET));
  // No child outlives its parent.
  line.onEnd(() => process.exit());
  // A terminal interrupts all processes at once: it is the parent that ends its children.
  process.on("SIGINT", () => {});
  return {
    post: (message) => line.post(message),
    listen: (listener) => line.listen(listener),
    // Not end(): a child that goes on must notice that its parent is gone.
    close: () => line.whenFlushed(() => line.unref()),
    exit: (code) => process.exit(code),
    onExit: (callback) => void process.on("exit", callback),
    log: mark === MARK_WITH_LOG ? openLog(LOG) : undefined,
    onUncaught,
  };
}
