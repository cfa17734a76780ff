/**
 * A pool of processes by hand: a message for each call, to each process in turn.
 *
 * @module
 */
import { type ChildProcess, fork } from "node:child_process";
import * as functions from "./functions.ts";
import { type AnyPool, mapInChunks, type OpenProcesses } from "./pool.ts";

const names = Object.keys(functions);

export const openProcesses: OpenProcesses = (size) => {
  const pending = new Map<number, (result: unknown) => void>();
  let calls = 0;
  const children = Array.from({ length: size }, () => {
    const child = fork(new URL("./bare-process-worker.ts", import.meta.url), { serialization: "advanced" });
    child.on("message", (message) => {
      const [call, result] = message as [number, unknown];
      pending.get(call)?.(result);
      pending.delete(call);
    });
    return child;
  });
  const apply: AnyPool["apply"] = (name, argument) =>
    new Promise((resolve) => {
      const call = calls++;
      pending.set(call, resolve);
      children[call % size]?.send([call, names.indexOf(name), argument]);
    });
  return { apply, map: (numbers) => mapInChunks(apply, numbers, size), close: () => Promise.all(children.map(end)) };
};

/** Resolves when the process is gone. */
function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on("exit", () => resolve());
    child.kill();
  });
}
