import { afterEach, expect, it } from "vitest";
import { createLog, type LogFile, openLog } from "../src/runtime/process-log.ts";

// Parent and child in one process: both have the file open.

let log: LogFile | undefined;
afterEach(() => log?.close());

function both(): { readonly parent: LogFile; readonly child: NonNullable<ReturnType<typeof openLog>> } {
  log = createLog();
  const child = log && openLog(log.descriptor);
  if (log === undefined || child === undefined) throw new Error("there is no log here");
  return { parent: log, child };
}

it("tells what has begun of a batch, and that nothing has of one that was never noted", () => {
  const { parent, child } = both();
  expect(parent.begun(0)).toBe(0);
  child.note(0, 3);
  child.note(1, 1);
  child.note(0, 7);
  expect([parent.begun(0), parent.begun(1), parent.begun(2), parent.begun(64)]).toEqual([7, 1, 0, 0]);
});

it("knows no more of a batch once a newer one has its slot", () => {
  const { parent, child } = both();
  child.note(5, 9);
  child.note(64 + 5, 1);
  expect([parent.begun(5), parent.begun(69)]).toEqual([undefined, 1]);
});

it("keeps last words, of which there are none at first", () => {
  const { parent, child } = both();
  child.note(63, 1);
  expect(parent.lastWords()).toBeUndefined();
  child.lastWords(Uint8Array.of(1, 2, 3));
  expect(parent.lastWords()).toEqual(Uint8Array.of(1, 2, 3));
});
