/** What goes wrong, from within a worker. */
import { Socket } from "node:net";
import { currentProcess } from "@interlock/pool";
import type { Fault } from "./matrix.ts";

/** What is thrown. */
export const FAULT_MESSAGE = "nobody catches this";

/** What is in a result that is not to be read. */
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
      // Small objects: larger ones drive Node's collector to its limit, where it ends the program or hangs, not the thread. No
      // list of them: where that cannot grow, Bun throws.
      for (let hoard: unknown; ; ) hoard = { hoard, a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11, l: 12, m: 13, n: 14, o: 15 };
    case "SIGKILL":
      process.kill(process.pid, "SIGKILL");
      break;
    default:
  }
}

/** A result that does not arrive. */
export function badResult(fault: Fault): unknown {
  if (fault === "unclonable result") return { code: () => 1 };
  const { id, pid } = currentProcess();
  if (id === pid) {
    garble();
    return UNREADABLE;
  }
  // The shared memory keeps it out of the ring, so that it goes by message.
  return { memory: new SharedArrayBuffer(8), text: UNREADABLE };
}

/** What is not to be read is damaged on its way out of this process, behind the length of its message. */
function garble(): void {
  const { write } = Socket.prototype;
  Socket.prototype.write = function (this: Socket, piece: Uint8Array, ...rest: []) {
    if (Buffer.from(piece).includes(UNREADABLE)) piece.fill(0xff, 8);
    return write.call(this, piece, ...rest);
  } as typeof write;
}

/** Keeps the worker busy, as a deaf computation does; not for ever, as Deno's threads outlive their end. */
export function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
