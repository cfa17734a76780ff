import type { Line, Order } from "../runner/line.ts";

/** What other threads logged just before the end may arrive just after it. */
const STRAGGLERS_MS = 50;

let runs = 0;

/** A snippet that runs. */
export interface Run {
  /** Ends all of its threads at once, whatever they do. */
  stop(): void;
}

/**
 * Runs a snippet in a worker of its own.
 *
 * @param listen Is told what it logs, and once how it ended; not if it was stopped.
 */
export function run(source: string, lib: URL, listen: (line: Line) => void): Run {
  const name = `interlock-snippet-${++runs}-${crypto.randomUUID()}`;
  const channel = new BroadcastChannel(name);
  let worker: Worker | undefined;
  let program: string | undefined;
  let over = false;

  const stop = (): void => {
    over = true;
    channel.close();
    worker?.terminate();
    if (program !== undefined) URL.revokeObjectURL(program);
  };
  const end = (line: Line): void => {
    if (over) return;
    stop();
    listen(line);
  };
  channel.onmessage = ({ data }: MessageEvent<Line>) => {
    if (data.kind === "out" || data.kind === "err") listen(data);
    else setTimeout(end, STRAGGLERS_MS, data);
  };
  const fail = (error: unknown): void => end({ kind: "failed", text: String(error) });

  // Whoever only reads loads no compiler.
  import("./compile.ts")
    .then(({ compile }) => {
      if (over) return;
      program = URL.createObjectURL(new Blob([compile(source, lib, name)], { type: "text/javascript" }));
      worker = new Worker(new URL("main.js", lib), { type: "module", name: "main" });
      worker.onerror = (event) => {
        event.preventDefault();
        fail(event.message || "the worker could not be loaded");
      };
      worker.postMessage({ program, channel: name } satisfies Order);
    })
    .catch(fail);
  return { stop };
}
