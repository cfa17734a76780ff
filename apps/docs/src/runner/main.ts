/**
 * The worker in which a snippet's main part runs. It may block, and ends when it is terminated.
 *
 * @module
 */
import { type Line, MAIN, type Order } from "./line.ts";

self.onmessage = async ({ data: { program, channel } }: MessageEvent<Order>): Promise<void> => {
  const page = new BroadcastChannel(channel);
  const tell = (line: Line): void => page.postMessage(line);
  self.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    tell({ kind: "failed", text: describe(event.reason, program) });
  });
  self.addEventListener("error", (event) => {
    event.preventDefault();
    tell({ kind: "failed", text: describe(event.error ?? event.message, program) });
  });
  (globalThis as unknown as Record<symbol, string>)[MAIN] = program;
  try {
    await import(program);
    tell({ kind: "done" });
  } catch (error) {
    tell({ kind: "failed", text: describe(error, program) });
  }
};

/** An error, and the line of the snippet that it comes from, if the engine tells. */
function describe(error: unknown, program: string): string {
  if (!(error instanceof Error)) return `Uncaught ${String(error)}`;
  const [, line] = error.stack?.split(program)[1]?.match(/^:(\d+)/) ?? [];
  return `Uncaught ${error.name}: ${error.message}${line === undefined ? "" : ` (line ${line})`}`;
}
