/**
 * The workers' side of calls that may kill their worker.
 *
 * @module
 */
import { task } from "@interlock/pool";
import { type CallFates, fatesIn, type Place } from "./fates.ts";

/** What becomes of the worker in a call. */
export const LIVES = 0;
export const EXITS = 1;
export const THROWS = 2;
/** It is busy for longer than its caller, who gives up, lets it live. */
export const IS_BUSY = 3;
/** A process is killed. */
export const IS_KILLED = 4;

/** Longer than the grace of an aborted call; but not for ever, as Deno's threads outlive their end. */
const BUSY_MS = 250;

let fates: CallFates | undefined;

/** Takes what calls are to do. */
export const begin = task(import.meta, "begin", (dooms: Place, runs: Place) => {
  fates = fatesIn(dooms, runs);
});

/** What a call comes to, unless its worker dies. */
export const resultOf = (id: number): number => id * 2 + 1;

/** Runs the call of a number; gives its result. */
function run<R>(id: number, result: R): R | Promise<R> {
  fates?.begins(id);
  switch (fates?.doomOf(id)) {
    case EXITS:
      return process.exit(3);
    case THROWS:
      setTimeout(() => {
        throw new Error("a death on purpose");
      });
      return new Promise(() => {});
    case IS_KILLED:
      process.kill(process.pid, "SIGKILL");
      return new Promise(() => {});
    case IS_BUSY:
      for (const end = performance.now() + BUSY_MS; performance.now() < end; );
      break;
    default:
  }
  return result;
}

export const callNumber = task(import.meta, "callNumber", (id: number) => run(id, resultOf(id)));

export const callLater = task(import.meta, "callLater", async (id: number) => {
  await new Promise((resolve) => setTimeout(resolve, id % 3));
  return run(id, resultOf(id));
});

/** With a record, which travels by the ring. */
export const callRecord = task(import.meta, "callRecord", ({ id, text }: { id: number; text: string }) =>
  run(id, { id: resultOf(id), text: text.toUpperCase() }),
);

/** With what only a message carries. */
export const callMessage = task(import.meta, "callMessage", (id: number, memory: ArrayBufferLike) =>
  run(id, { id: resultOf(id), size: memory.byteLength, memory }),
);
