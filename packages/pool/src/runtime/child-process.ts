/**
 * OS processes of `node:child_process`, which Node, Deno and Bun all have. Messages travel by structured clone.
 *
 * @module
 */
import type { ChildProcess } from "node:child_process";
import type { ParentPort, Port, PortListener, SpawnOptions } from "./runtime.ts";

/** When `send` notices that a message cannot be cloned. Where that is later, it takes the program down. */
export type Serialization = "at once" | "later";

/** How long the last messages of a process that has ended may take. */
const DRAIN_MS = 1000;

/** Starts a process. */
export function spawnProcess(entry: URL, options: SpawnOptions, serialization: Serialization): Port {
  const { env, execArgv, cwd } = options;
  const { fork } = process.getBuiltinModule("node:child_process");
  const child = fork(process.getBuiltinModule("node:url").fileURLToPath(entry), [], {
    serialization: "advanced",
    ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
    ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  endWithProgram(child);
  const exited = Promise.withResolvers<void>();
  return {
    id: child.pid,
    post: (message) => {
      if (serialization === "later") structuredClone(message);
      // A child that could not be started has no line, and one that is gone fails the callback: its exit is what counts.
      child.send?.(message as object, () => {});
    },
    listen(listener: PortListener): void {
      let error: unknown;
      let gone = false;
      const exit = (code: number | null, signal: string | null): void => {
        if (gone) return;
        gone = true;
        exited.resolve();
        listener.exit({ code: code ?? undefined, signal: signal ?? undefined, error });
      };
      child.on("message", (message) => listener.message(message));
      child.on("error", (failure) => {
        error = failure;
        // A process that could not be started never exits.
        if (child.pid === undefined) exit(null, null);
      });
      // "exit" may overtake messages, "close" does not.
      child.on("close", exit);
      child.on("exit", (code, signal) => setTimeout(exit, DRAIN_MS, code, signal).unref());
    },
    terminate: () => {
      child.kill("SIGKILL");
      return exited.promise;
    },
    ref: () => {
      if (child.pid === undefined) return;
      child.ref();
      child.channel?.ref?.();
    },
    unref: () => {
      if (child.pid === undefined) return;
      child.unref();
      child.channel?.unref?.();
    },
  };
}

let running: Set<ChildProcess> | undefined;

/** Most children notice that their parent is gone; one that never returns to its event loop does not. */
function endWithProgram(child: ChildProcess): void {
  running ??= watchProgram();
  running.add(child);
  child.on("exit", () => running?.delete(child));
}

/** The processes that are killed when the program ends. */
function watchProgram(): Set<ChildProcess> {
  const children = new Set<ChildProcess>();
  const end = (): void => {
    for (const child of children) child.kill("SIGKILL");
  };
  process.on("exit", end);
  // Deno calls no exit listener after an error that nobody catches.
  process.on("uncaughtExceptionMonitor", () => {
    if (process.listenerCount("uncaughtException") === 0) end();
  });
  return children;
}

/** The line to the process that started this one; undefined if it has none. */
export function parentProcess(serialization: Serialization): ParentPort | undefined {
  if (process.send === undefined) return undefined;
  // No child outlives its parent.
  process.on("disconnect", () => process.exit());
  let unsent = 0;
  let closing = false;
  // Not disconnect(): it cuts off what is being sent, and a child that goes on must notice that its parent is gone.
  const closeOnceSent = (): void => {
    if (closing && unsent === 0) process.channel?.unref();
  };
  return {
    post: (message) => {
      if (serialization === "later") structuredClone(message);
      unsent++;
      // It fails if the parent is gone: then this process ends anyway.
      process.send?.(message, undefined, undefined, () => {
        unsent--;
        closeOnceSent();
      });
    },
    listen: (listener) => void process.on("message", (message) => listener.message(message)),
    close: () => {
      closing = true;
      closeOnceSent();
    },
    exit: (code) => process.exit(code),
    onExit: (callback) => void process.on("exit", callback),
  };
}
