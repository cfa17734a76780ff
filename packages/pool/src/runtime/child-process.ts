/**
 * OS processes of `node:child_process`, which Node, Deno and Bun all have. Messages travel by structured clone.
 *
 * @module
 */
import type { ParentPort, Port, PortListener, SpawnOptions } from "./runtime.ts";

/** Starts a process. */
export function spawnProcess(entry: URL, options: SpawnOptions): Port {
  const { env, execArgv, cwd } = options;
  const { fork } = process.getBuiltinModule("node:child_process");
  const child = fork(process.getBuiltinModule("node:url").fileURLToPath(entry), [], {
    serialization: "advanced",
    ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
    ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  const exited = Promise.withResolvers<void>();
  return {
    id: child.pid,
    post: (message) => {
      child.send(message as object, (error) => {
        // A send to a child that is gone fails here; its exit is what counts.
        void error;
      });
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
      child.on("exit", exit);
    },
    terminate: () => {
      child.kill("SIGKILL");
      return exited.promise;
    },
    ref: () => {
      child.ref();
      child.channel?.ref?.();
    },
    unref: () => {
      child.unref();
      child.channel?.unref?.();
    },
  };
}

/** The line to the process that started this one; undefined if it has none. */
export function parentProcess(): ParentPort | undefined {
  if (process.send === undefined) return undefined;
  // No child outlives its parent.
  process.on("disconnect", () => process.exit());
  return {
    post: (message) => void process.send?.(message),
    listen: (callback) => void process.on("message", callback),
    close: () => process.disconnect(),
    exit: (code) => process.exit(code),
    onExit: (callback) => void process.on("exit", callback),
  };
}
