import { Worker } from "node:worker_threads";
import { AbandonedLockError, inspect, Lock } from "@interlock/core";
import { superviseWorker } from "@interlock/pool";
import { expect, it } from "vitest";

it("reports what a worker of the user's held when it ended, and shows its name before that", async () => {
  const lock = new Lock();
  const worker = new Worker(new URL("./fixtures/supervised-worker.ts", import.meta.url));
  worker.postMessage({ seat: superviseWorker(worker, { name: "mine" }), lock: lock.handle });
  await new Promise((resolve) => worker.once("message", resolve));
  expect(inspect(lock).owner).toMatchObject({ name: "mine", alive: true });
  const started = performance.now();
  await worker.terminate();
  await expect(lock.acquireAsync()).rejects.toThrow(AbandonedLockError);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(lock.recover()).toBe(true);
});

it("refuses what is no worker", () => {
  expect(() => superviseWorker({})).toThrow(new TypeError("Cannot supervise as 'worker' must be a Worker: received Object"));
});
