/**
 * One message to a process and one back, with nothing around them. This file is also the process.
 *
 * @module
 */
import { fork } from "node:child_process";

const PONG = "fork-ping-pong";

if (process.argv[2] === PONG) process.on("message", (n: number) => process.send?.(n + 1));

/** Starts the process, and returns what sends to it and awaits its answer. */
export function startForkPingPong(): (n: number) => Promise<number> {
  const child = fork(new URL(import.meta.url), [PONG], { serialization: "advanced" });
  let answer: (n: number) => void;
  child.on("message", (n) => answer(n as number));
  return (n) =>
    new Promise((resolve) => {
      answer = resolve;
      child.send(n);
    });
}
