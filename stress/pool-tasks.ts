/**
 * The workers' side of calls that may kill their worker. What a call is to do, and how often it ran, is in shared memory
 * that the initializer brings: so the calls themselves can be as plain as those that travel fastest.
 *
 * @module
 */
import { task } from "@interlock/pool";

/** What becomes of the worker in a call. */
export const LIVES = 0;
export const EXITS = 1;
export const THROWS = 2;
/** It is busy for longer than its caller, who gives up, lets it live. */
export const IS_BUSY = 3;

/** Longer than the grace of an aborted call; but not for ever, as Deno's threads outlive their end. */
const BUSY_MS = 250;

/** Of each call, by number: what it is to do, and how often it has run. */
export interface Fates {
  readonly dooms: Uint8Array;
  readonly runs: Int32Array;
}

let fates: Fates | undefined;

/** Takes the memory, not views of it: Deno takes a long time to receive a large view. */
export const begin = task(import.meta, "begin", (dooms: SharedArrayBuffer, runs: SharedArrayBuffer) => {
  fates = { dooms: new Uint8Array(dooms), runs: new Int32Array(runs) };
});

/** What a call comes to, unless its worker dies. */
export const resultOf = (id: number): number => id * 2 + 1;

/** Runs the call of a number; gives its result. */
function run<R>(id: number, result: R): R | Promise<R> {
  const { dooms, runs } = fates as Fates;
  Atomics.add(runs, id, 1);
  switch (dooms[id]) {
    case EXITS:
      return process.exit(3);
    case THROWS:
      setTimeout(() => {
        throw new Error("a death on purpose");
      });
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
export const callMessage = task(import.meta, "callMessage", (id: number, memory: SharedArrayBuffer) =>
  run(id, { id: resultOf(id), size: memory.byteLength, memory }),
);
