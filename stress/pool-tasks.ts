/**
 * The workers' side of calls that may kill their worker. A call is one number, which says which it is and what it is to do: so
 * calls can be as plain as those that travel fastest.
 *
 * @module
 */
import { task } from "@interlock/pool";
import { type NoteRun, openRuns } from "./runs.ts";

/** What becomes of the worker in a call. */
export const LIVES = 0;
export const EXITS = 1;
export const THROWS = 2;
/** It is busy for longer than its caller, who gives up, lets it live. */
export const IS_BUSY = 3;
/** The same, where the caller gives up after a set time. */
export const IS_SLOW = 4;
export const REJECTS = 5;
/** It kills itself, which only processes can. */
export const IS_KILLED = 6;

export type Doom = 0 | 1 | 2 | 3 | 4 | 5 | 6;

const DOOMS = 8;

/** Longer than the grace of an aborted call; but not for ever, as Deno's threads outlive their end. */
const BUSY_MS = 250;

/** A call: its number, and what it is to do. */
export const callOf = (id: number, doom: Doom): number => id * DOOMS + doom;

/** What a call comes to, unless its worker dies. */
export const resultOf = (id: number): number => id * 2 + 1;

let noteRun: NoteRun | undefined;

/** What a worker does first. */
export const begin = task(import.meta, "begin", (place: SharedArrayBuffer | string) => {
  noteRun = openRuns(place);
});

/** Runs a call; gives what `make` makes of its result. */
function run<R>(call: number, make: (result: number) => R): R | Promise<R> {
  const id = Math.floor(call / DOOMS);
  (noteRun as NoteRun)(id);
  switch (call % DOOMS) {
    case EXITS:
      return process.exit(3);
    case THROWS:
      setTimeout(() => {
        throw new Error("a death on purpose");
      });
      return new Promise(() => {});
    case REJECTS:
      void Promise.reject(new Error("a death on purpose"));
      return new Promise(() => {});
    case IS_KILLED:
      process.kill(process.pid, "SIGKILL");
      return new Promise(() => {});
    case IS_BUSY:
    case IS_SLOW:
      for (const end = performance.now() + BUSY_MS; performance.now() < end; );
      break;
    default:
  }
  return make(resultOf(id));
}

export const nothing = task(import.meta, "nothing", () => {});

export const callNumber = task(import.meta, "callNumber", (call: number) => run(call, (result) => result));

export const callLater = task(import.meta, "callLater", async (call: number) => {
  await new Promise((resolve) => setTimeout(resolve, call % 3));
  return run(call, (result) => result);
});

/** With a record, which travels by the ring. */
export const callRecord = task(import.meta, "callRecord", ({ call, text }: { call: number; text: string }) =>
  run(call, (result) => ({ result, text: text.toUpperCase() })),
);

/** With what only a message carries: shared memory, or much of other memory. */
export const callMessage = task(import.meta, "callMessage", (call: number, memory: SharedArrayBuffer | Uint8Array) =>
  run(call, (result) => ({ result, size: memory.byteLength, memory })),
);
