import { useMemory } from "@interlock/core/testing";
import { Process } from "@interlock/pool";
import { createMemory } from "@interlock/shm";
import { afterAll, beforeAll, describe } from "vitest";
import { parties } from "../../../pool/test/conformance/support.ts";

// The rows of core once more: processes for the threads, and all objects in memory that they share. Under "process", with the same
// names. Not the heap's: such memory is one piece, and gives nothing back.

const memory = createMemory({ size: 16 << 20 });
beforeAll(() => useMemory(memory));
afterAll(() => {
  useMemory(undefined);
  memory.close();
});

parties.kind = Process;

for (const load of [
  () => import("../../../pool/test/conformance/lock.test.ts"),
  () => import("../../../pool/test/conformance/semaphore.test.ts"),
  () => import("../../../pool/test/conformance/condition.test.ts"),
  () => import("../../../pool/test/conformance/event.test.ts"),
  () => import("../../../pool/test/conformance/barrier.test.ts"),
  () => import("../../../pool/test/conformance/value.test.ts"),
  () => import("../../../pool/test/conformance/array.test.ts"),
  () => import("../../../pool/test/conformance/shared-types.test.ts"),
  () => import("../../../pool/test/conformance/queue.test.ts"),
]) {
  // More than all that a test waits for at most: only to start, processes may take 15 s.
  describe("process", { timeout: 60_000 }, async () => {
    await load();
  });
}
