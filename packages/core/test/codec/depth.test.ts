import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";

it("the deepest values fit on a worker's stack", async () => {
  const worker = new Worker(new URL("./depth-worker.ts", import.meta.url));
  const [went] = (await once(worker, "message")) as [Record<string, string>];
  expect(went).toEqual({ Array: "same", Object: "same", Map: "same", key: "same", Set: "same", Error: "same" });
  await worker.terminate();
});
