import { Event } from "@interlock/core";
import { WorkerLostError } from "@interlock/pool";
import { afterEach, expect, it } from "vitest";
import type { Port, PortListener } from "../src/runtime/runtime.ts";
import { Child } from "../src/transport/child.ts";
import { seal } from "../src/transport/message.ts";
import type { Packed } from "../src/transport/pack.ts";

/** A child that does nothing but what the test says. */
class DeafPort implements Port {
  readonly id = 1;
  kills = 0;
  listener: PortListener | undefined;
  listen(listener: PortListener): void {
    this.listener = listener;
  }
  terminate(): Promise<void> {
    this.kills++;
    return new Promise(() => {});
  }
  post(): void {}
  ref(): void {}
  unref(): void {}
}

const packed: Packed = { batch: { task: { module: "m", name: "t" }, calls: [[]] }, calls: [[]] };

let port: DeafPort;
function makeChild(crossProcess = false): Child {
  port = new DeafPort();
  return new Child(() => port, { name: "c", crossProcess });
}

afterEach(() => port.listener?.exit({ code: 0 }));

it("ignores messages that are not ours", async () => {
  const child = makeChild();
  const result = child.run(packed);
  for (const message of [null, undefined, 5, "result", [], { kind: "result", id: 0, outcomes: [] }]) port.listener?.message(message);
  const outcomes = [{ ok: true, value: 1 }];
  port.listener?.message(seal({ kind: "result", id: 0, outcomes }));
  expect(await result).toEqual(outcomes);
  expect(child.ready).toBe(false);
});

it("fails what is under way when a message cannot be read, on either side, and goes on", async () => {
  const child = makeChild();
  const text = 'Cannot finish task "t" as a message between it and its caller cannot be read';
  const first = child.run(packed);
  port.listener?.unreadable(new Error("garbage"));
  await expect(first).rejects.toThrow(text);
  const second = child.run(packed);
  port.listener?.message(seal({ kind: "unreadable" }));
  await expect(second).rejects.toThrow(text);
  const third = child.run(packed);
  port.listener?.message(seal({ kind: "result", id: 2, outcomes: [] }));
  expect(await third).toEqual([]);
});

it("is killed once, however long this thread blocks meanwhile", () => {
  const child = makeChild();
  void child.terminate();
  new Event().wait({ timeout: 300 });
  expect(port.kills).toBe(1);
});

it("rejects what is under way when it ends, and what comes later", async () => {
  const child = makeChild(true);
  const running = child.run(packed);
  port.listener?.exit({ signal: "SIGSEGV" });
  await expect(running).rejects.toThrow('Cannot finish task "t" as c ended with signal SIGSEGV before it delivered the result');
  await expect(child.run(packed)).rejects.toThrow(WorkerLostError);
});
