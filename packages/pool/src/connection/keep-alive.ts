/**
 * What keeps a program alive while somebody waits at a connection: no engine counts a sleep on shared memory as work.
 *
 * @module
 */
import { LONGEST_DELAY } from "../transport/deadline.ts";

const waiting = new Set<object>();
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * Keeps the program alive, and an object from being collected.
 *
 * @returns What ends that.
 */
export function keepAlive(whom: object): () => void {
  const reason = { whom };
  waiting.add(reason);
  timer ??= setInterval(() => {}, LONGEST_DELAY);
  return () => {
    waiting.delete(reason);
    if (waiting.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
