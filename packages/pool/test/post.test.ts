import { Worker } from "node:worker_threads";
import { Atomic, Event, Lock, RawValue, RLock, type Shareable, Value } from "@interlock/core";
import { afterAll, describe, expect, it } from "vitest";

const objects = [new Atomic("int32"), new Event(), new Lock(), new RawValue("int32"), new RLock(), new Value("int32")];

const worker = new Worker("setInterval(() => {}, 1000)", { eval: true });
const { port1, port2 } = new MessageChannel();
const channel = new BroadcastChannel("interlock-test");
afterAll(async () => {
  port1.close();
  port2.close();
  channel.close();
  await worker.terminate();
});

describe.each(objects.map((object) => [object.constructor.name, object] as const))("%s", (kind: string, object: Shareable) => {
  const text = `Cannot post ${kind} as it is not plain data: post its .handle and call ${kind}.attach(handle) on the other side, or pass it to a task`;

  it.each([
    ["a worker", (message: unknown) => worker.postMessage(message)],
    ["a port", (message: unknown) => port1.postMessage(message)],
    ["a channel", (message: unknown) => channel.postMessage(message)],
    ["structuredClone", (message: unknown) => structuredClone(message)],
  ])("cannot be posted to %s without its handle", (_, post) => {
    expect(() => post(object)).toThrow(text);
    expect(() => post({ deep: [object] })).toThrow(text);
    expect(() => post({ handle: "instead" })).not.toThrow();
  });
});
