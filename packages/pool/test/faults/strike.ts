/** What goes wrong, from within a worker. */
import type { Fault } from "./matrix.ts";

/** What is thrown. */
export const FAULT_MESSAGE = "nobody catches this";

/** What is in an object that is not to be read. */
export const UNREADABLE = "not to be read";

/** Never settles. */
export const never: Promise<never> = new Promise(() => {});

/** Lets it go wrong. Returns if that takes a turn of the event loop. */
export function strike(fault: Fault): void {
  switch (fault) {
    case "exit 0":
      process.exit(0);
      break;
    case "exit 3":
      process.exit(3);
      break;
    case "uncaught throw":
      setTimeout(() => {
        throw new RangeError(FAULT_MESSAGE);
      });
      break;
    case "unhandled rejection":
      void Promise.reject(new RangeError(FAULT_MESSAGE));
      break;
    case "out of memory":
      // Small objects: larger ones drive Node's collector to its limit, where it ends the program or hangs, not the thread.
      for (const hoard: unknown[] = []; ; ) hoard.push([hoard]);
    default:
  }
}

/** A result that does not arrive. */
export function badResult(fault: Fault): unknown {
  // The shared memory keeps it out of the ring, so that it goes by message.
  return fault === "unreadable result" ? { memory: new SharedArrayBuffer(8), text: UNREADABLE } : { code: () => 1 };
}

/** Keeps the thread busy, as a deaf computation does; not for ever, as Deno's threads outlive their end. */
export function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
