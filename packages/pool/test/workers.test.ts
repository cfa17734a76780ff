import { afterEach, expect, it } from "vitest";
import type { BatchListener } from "../src/backend.ts";
import { WorkersBackend } from "../src/backends/workers.ts";
import type { Batch } from "../src/batch.ts";
import { type ChannelHandle, type Order, WorkerChannel } from "../src/channel/channel.ts";
import { VALUES } from "../src/channel/records.ts";
import { seal, sealResult, type ToChild, unseal } from "../src/transport/message.ts";
import { DeafPort } from "./fixtures/deaf-port.ts";
import { later } from "./fixtures/later.ts";

/** That of the latest worker, and how many there were. */
let port: DeafPort;
let spawned = 0;

/** One worker that does nothing but what the test says. */
class OneWorker extends WorkersBackend {
  override readonly name = "one";
  override readonly sharesMemory = false;

  constructor() {
    const lives = { maxTasksPerWorker: Infinity, maxMemoryPerWorker: Infinity, idleTimeout: Infinity };
    super({ size: 1, label: "one", concurrency: 1, initializer: undefined, ...lives }, false);
    this.startAll();
  }

  protected override spawn(): DeafPort {
    spawned++;
    port = new DeafPort();
    return port;
  }
}

/** Two workers that share memory with this thread, and do nothing but what the test says. */
class TwoWorkers extends WorkersBackend {
  override readonly name = "two";
  override readonly sharesMemory = true;
  readonly ports: DeafPort[] = [];

  constructor() {
    const lives = { maxTasksPerWorker: Infinity, maxMemoryPerWorker: Infinity, idleTimeout: Infinity };
    super({ size: 2, label: "two", concurrency: 1, initializer: undefined, ...lives }, true);
    this.startAll();
  }

  protected override spawn(): DeafPort {
    port = new DeafPort();
    this.ports.push(port);
    return port;
  }
}

const batch: Batch = { task: { module: "m", name: "t" }, count: 1, items: [[]], spread: true, eager: true };

const listener: BatchListener = { values: () => {}, stored: () => {}, failed: () => {}, returned: () => {}, report: () => {}, took: () => {} };

afterEach(() => port.listener?.exit({ code: 0 }));

it("a worker whose call settles soon after its abort is kept, also if the news of its beginning comes last", async () => {
  const backend = new OneWorker();
  const abort = new AbortController();
  const call = backend.run(batch, { signal: abort.signal, timeout: 10_000 }, listener);
  port.listener?.message(seal({ kind: "ready" }));
  abort.abort(new Error("enough"));
  port.listener?.message(seal({ kind: "begun", id: 0 }));
  port.listener?.message(sealResult({ kind: "result", id: 0, form: VALUES, from: 0, count: 1, values: [1], packed: false, last: true, cost: 1 }));
  await expect(call).rejects.toThrow("enough");
  await later(250);
  expect(port.kills).toBe(0);
});

it("a worker whose aborted call does not settle is ended", async () => {
  const backend = new OneWorker();
  const abort = new AbortController();
  void backend.run(batch, { signal: abort.signal }, listener).catch(() => {});
  port.listener?.message(seal({ kind: "ready" }));
  abort.abort(new Error("enough"));
  await expect.poll(() => port.kills, { timeout: 5000 }).toBe(1);
});

it("three workers in a row that cannot start are enough: calls are told why", async () => {
  spawned = 0;
  const backend = new OneWorker();
  for (let tries = 1; tries <= 3; tries++) {
    expect(spawned).toBe(tries);
    port.listener?.exit({ code: 7, error: new SyntaxError("no such module") });
    await later(0);
  }
  const refused = await backend.run(batch, {}, listener).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    name: "WorkerLostError",
    message: "Cannot start one-3 as it ended with exit code 7 before it began any call, as those before it did",
    exitCode: 7,
    cause: new SyntaxError("no such module"),
  });
  expect(spawned).toBe(3);
});

it("the end of a worker that was to tell of all replies, and did not, lets them be heard", async () => {
  const backend = new TwoWorkers();
  const [first, second] = backend.ports as [DeafPort, DeafPort];
  const channels = backend.ports.map((one) => {
    one.listener?.message(seal({ kind: "ready" }));
    const start = one.posted.map((message) => unseal<ToChild>(message)).find((message) => message?.kind === "start");
    // As if it died before it told.
    const channel = new WorkerChannel((start as { channel: ChannelHandle }).channel, () => {});
    channel.bell.attend();
    return channel;
  });
  const values: unknown[] = [];
  const telling = { ...listener, values: (_: number, results: readonly unknown[]) => values.push(...results) } as BatchListener;
  const calls = [backend.run(batch, {}, telling).catch(() => values.push("lost")), backend.run(batch, {}, telling)];
  channels.forEach((channel, i) => {
    const order = channel.receive() as Order;
    channel.claims.claim(order.slot, 1);
    channel.send(VALUES, order.id, 0, [i], 1, true, 0);
  });
  const started = performance.now();
  first.listener?.exit({ code: 1 });
  await Promise.all(calls);
  expect(values).toEqual([0, 1]);
  expect(performance.now() - started).toBeLessThan(5000);
  second.listener?.exit({ code: 0 });
});
