import { Event } from "@interlock/core";
import { WorkerLostError } from "@interlock/pool";
import { afterEach, expect, it } from "vitest";
import type { BatchListener, RunOptions } from "../src/backend.ts";
import type { Batch } from "../src/batch.ts";
import { ParentChannel, WorkerChannel } from "../src/channel/channel.ts";
import { Claims } from "../src/channel/claims.ts";
import { DOORBELL_BYTES } from "../src/channel/doorbell.ts";
import { VALUES } from "../src/channel/records.ts";
import { browser } from "../src/runtime/browser.ts";
import { Child } from "../src/transport/child.ts";
import { seal, sealResult } from "../src/transport/message.ts";
import { DeafPort } from "./fixtures/deaf-port.ts";

const batch: Batch = { task: { module: "m", name: "t" }, count: 1, items: [[]], spread: true, eager: true };

/** Gives the child the batch; what becomes of its call. */
function run(child: Child, options: RunOptions = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const listener: BatchListener = {
      values: (_, values) => resolve(values[0]),
      failed: (_, error) => reject(error),
      returned: () => reject(new Error("returned")),
      stored: () => {},
      report: () => {},
      took: () => {},
    };
    child.dispatch(batch, { listener, over: () => {} }, options);
  });
}

const resultOf = (id: number, value: unknown): unknown =>
  sealResult({ kind: "result", id, form: VALUES, from: 0, count: 1, values: [value], packed: false, last: true, cost: 0 });

let port: DeafPort;
function makeChild(crossProcess = false): Child {
  port = new DeafPort();
  return new Child(() => port, { name: "c", crossProcess });
}

afterEach(() => port.listener?.exit({ code: 0 }));

it("ignores messages that are not ours", async () => {
  const child = makeChild();
  const result = run(child);
  for (const message of [null, undefined, 5, "result", [], { kind: "result", id: 0, values: [] }]) port.listener?.message(message);
  port.listener?.message(resultOf(0, 1));
  expect(await result).toBe(1);
  expect(child.ready).toBe(false);
});

it.each(["the parent", "the child"])("fails what is under way when %s cannot read a message, and ends the child", async (side) => {
  const child = makeChild();
  port.listener?.message(seal({ kind: "ready" }));
  const first = run(child);
  if (side === "the parent") port.listener?.unreadable(new Error("garbage"));
  else port.listener?.message(seal({ kind: "unreadable" }));
  await expect(first).rejects.toThrow('Cannot finish task "t" as a message between it and its caller cannot be read');
  expect(port.kills).toBe(1);
});

it("fails what is under way when a record of the channel cannot be read, and takes the next", async () => {
  const channel = new ParentChannel(new SharedArrayBuffer(DOORBELL_BYTES));
  port = new DeafPort();
  const child = new Child(() => port, { name: "c", crossProcess: false, channel });
  // The first goes by message, as whatever moves something.
  void run(child, { transfer: [] }).catch(() => {});
  const [call, waiting] = [run(child), run(child)];
  const worker = new WorkerChannel(channel.handle);
  worker.cameBeside();
  worker.claims.claim(worker.receive()?.slot as number, 1);
  worker.send(VALUES, 1, 0, ["garbled"], 1, true, 0);
  const bytes = new Uint8Array(channel.handle.memory);
  const at = Buffer.from(bytes).lastIndexOf("garbled");
  bytes.fill(0xff, at - 4, at);
  worker.send(VALUES, 7, 0, [1], 1, true, 0);
  child.drain();
  await expect(call).rejects.toThrow('Cannot finish task "t" as a message between it and its caller cannot be read');
  expect(port.kills).toBe(1);
  child.drain();
  expect(channel.hasReply).toBe(false);
  // What had not begun has no part in it.
  port.listener?.exit({ code: 1 });
  await expect(waiting).rejects.toThrow("returned");
});

it("is killed a second after it said that it leaves, if it does not, also while this thread blocks", () => {
  makeChild();
  const announced = performance.now();
  port.listener?.message(seal({ kind: "leaving", code: 4 }));
  for (let i = 0; i < 2; i++) {
    new Event().wait({ timeout: 400 });
    // On a busy machine these waits may take the whole second.
    if (performance.now() - announced < 1000) expect(port.kills).toBe(0);
  }
  new Event().wait({ timeout: 500 });
  expect(port.kills).toBe(1);
});

it("hands back what had not begun when it ended", async () => {
  const child = makeChild();
  const waiting = run(child);
  port.listener?.exit({ code: 1 });
  await expect(waiting).rejects.toThrow("returned");
});

it("keeps the program alive until it has ended when it is terminated", () => {
  const child = makeChild();
  child.unref();
  void child.terminate();
  expect(port.keepsProgram).toBe(true);
  child.unref();
  expect(port.keepsProgram).toBe(true);
});

it("is killed once, however long this thread blocks meanwhile", () => {
  const child = makeChild();
  void child.terminate();
  new Event().wait({ timeout: 300 });
  expect(port.kills).toBe(1);
});

it("rejects what may have begun when it ends, and hands back what comes later", async () => {
  const child = makeChild(true);
  port.listener?.message(seal({ kind: "ready" }));
  const running = run(child);
  port.listener?.exit({ signal: "SIGSEGV" });
  await expect(running).rejects.toThrow('Cannot finish task "t" as c ended with signal SIGSEGV before it delivered the result');
  await expect(running).rejects.toThrow(WorkerLostError);
  await expect(run(child)).rejects.toThrow("returned");
});

it.each([false, true])("has lost what it claimed and did not begin if it may go on after its end (%s)", (mayRun) => {
  const channel = new ParentChannel(new SharedArrayBuffer(DOORBELL_BYTES));
  port = new DeafPort();
  const child = new Child(() => port, { name: "c", crossProcess: false, channel });
  const lost: number[] = [];
  const returned: number[] = [];
  const listener: BatchListener = {
    values: () => {},
    failed: (at) => lost.push(at),
    returned: (from, to) => returned.push(from, to),
    stored: () => {},
    report: () => {},
    took: () => {},
  };
  child.dispatch({ ...batch, count: 10, items: Array.from({ length: 10 }, () => []) }, { listener, over: () => {} });
  const worker = new WorkerChannel(channel.handle);
  const slot = worker.receive()?.slot as number;
  worker.claims.claim(slot, 4);
  worker.claims.words[Claims.progressAt(slot)] = 1;
  port.listener?.exit({ code: 1, mayRun });
  expect(lost).toEqual(mayRun ? [0, 1, 2, 3] : [0]);
  expect(returned).toEqual([lost.length, 10]);
});

it("may go on after its end if it is a page's worker that threw, and not if it said that it has ended", () => {
  const exits: unknown[] = [];
  const listener = { message: () => {}, unreadable: () => {}, exit: (exit: unknown) => exits.push(exit) };
  const worker = { terminate: () => {}, postMessage: () => {} } as unknown as Worker;
  browser.adopt(worker).listen(listener);
  const error = new Error("thrown");
  worker.onerror?.({ error, message: "thrown", preventDefault: () => {} } as unknown as ErrorEvent);
  worker.onmessage?.({ data: { "@interlock/ended": 3 } } as MessageEvent);
  expect(exits).toEqual([{ code: 1, mayRun: true, error }, { code: 3 }]);
});
