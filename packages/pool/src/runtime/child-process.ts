/**
 * OS processes of `node:child_process`, which Node, Deno and Bun all have. Messages travel over sockets of our own, by core's
 * codec: the runtimes' own channels are no faster, and do not understand each other.
 *
 * @module
 */
import type { Socket } from "node:net";
import { endWithProgram, nobodyCatches, signal } from "./family.ts";
import { createLog, openLog } from "./process-log.ts";
import { Remains } from "./remains.ts";
import type { ParentPort, Port, PortListener, SpawnOptions } from "./runtime.ts";
import { SocketLine } from "./socket-line.ts";
import { StderrTail } from "./stderr-tail.ts";

/** A socket by its number. */
export const socketOf = (fd: number): Socket => new (process.getBuiltinModule("node:net").Socket)({ fd, readable: true, writable: true });

/** As the name says. */
export const monitorUncaught = (callback: (error: unknown) => void): void =>
  void process.on("uncaughtExceptionMonitor", (error) => {
    if (nobodyCatches()) callback(error);
  });

/** In what the runtimes differ. */
export interface Processes {
  /** The arguments with which the runtime runs a module. */
  argvOf(entry: URL, options: SpawnOptions): readonly string[];
  /** Opens a socket that this process has inherited. */
  openSocket(descriptor: number): Socket;
  /** Calls back with what nobody catches, before the process ends of it. */
  onUncaught(callback: (error: unknown) => void): void;
  /** Whether the end of a thread closes what it had open. */
  readonly threadsClose: boolean;
}

/** How long a process may take to end once its line is cut. */
const CUT_MS = 1000;

/** What a child inherits, by number: its way to the parent, the way back, its log. */
const UP = 3;
const DOWN = 4;
const LOG = 5;

/** What follows the entry module in a child's arguments: that it is one, and whether it has a log. */
const MARK = "--interlock-child";
const MARK_WITH_LOG = "--interlock-child=log";

/** Starts a process. */
export function spawnProcess(entry: URL, options: SpawnOptions, { argvOf }: Processes): Port {
  const { env, cwd, execPath, stdio = "inherit" } = options;
  const { spawn } = process.getBuiltinModule("node:child_process");
  // Another runtime has other flags, and is not told how to run a module.
  const argv = execPath === undefined ? argvOf(entry, options) : [...(options.execArgv ?? []), process.getBuiltinModule("node:url").fileURLToPath(entry)];
  const log = createLog();
  let child: ReturnType<typeof spawn>;
  try {
    child = spawn(execPath ?? process.execPath, [...argv, log === undefined ? MARK : MARK_WITH_LOG], {
      stdio: ["ignore", stdio, stdio === "inherit" ? "pipe" : stdio, "pipe", "pipe", ...(log === undefined ? [] : [log.descriptor])],
      windowsHide: true,
      ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
      ...(cwd === undefined ? {} : { cwd }),
    });
  } catch (error) {
    log?.close();
    throw error;
  }
  endWithProgram(child);
  const { pid } = child;
  const tail = stdio === "inherit" && child.stderr ? new StderrTail(child.stderr) : undefined;
  // Where there are no descriptors left, Node has no list.
  const [up, down] = ((child.stdio as typeof child.stdio | undefined)?.slice(UP, LOG) ?? []) as Socket[];
  const line = up && down ? new SocketLine(up, down) : undefined;
  const exited = Promise.withResolvers<void>();
  const hold = (how: "ref" | "unref"): void => {
    if (pid === undefined) return;
    line?.[how]();
    try {
      child[how]();
    } catch {
      // Deno now and then throws "Bad resource ID" of a process that has ended: its exit is on its way.
    }
  };
  return {
    id: pid,
    log,
    stdout: stdio === "pipe" ? (child.stdout ?? undefined) : undefined,
    stderr: stdio === "pipe" ? (child.stderr ?? undefined) : undefined,
    post: (message) => line?.post(message),
    listen(listener: PortListener): void {
      let error: unknown;
      let gone = false;
      const exit = (code: number | null, signal: string | null): void => {
        if (gone) return;
        gone = true;
        exited.resolve();
        listener.exit({ code: code ?? undefined, signal: signal ?? undefined, error, stderrTail: tail?.text });
        line?.close();
        log?.close();
      };
      const remains = new Remains([...(line === undefined ? [] : [line.input]), ...(tail === undefined ? [] : [tail.stream])]);
      child.on("exit", (code, signal) => remains.whenTaken(() => exit(code, signal)));
      child.on("error", (failure) => {
        error = failure;
        // A process that could not be started never exits.
        if (pid === undefined) exit(null, null);
      });
      line?.listen(listener);
      // It has closed what it needs to serve, and would neither be heard nor hear.
      line?.onCut(() => setTimeout(signal, CUT_MS, child, "SIGKILL").unref());
    },
    askToEnd: () => signal(child, "SIGTERM"),
    terminate: () => {
      signal(child, "SIGKILL");
      return exited.promise;
    },
    ref: () => hold("ref"),
    unref: () => hold("unref"),
  };
}

/** The line to the process that started this one; undefined if it has none. */
export function parentProcess({ openSocket, onUncaught }: Processes): ParentPort | undefined {
  const mark = process.argv.at(-1);
  if (mark !== MARK && mark !== MARK_WITH_LOG) return undefined;
  // Not for the tasks.
  process.argv.pop();
  const line = new SocketLine(openSocket(DOWN), openSocket(UP));
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
