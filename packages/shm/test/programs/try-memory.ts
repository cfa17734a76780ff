// Tries to share memory, and says what came of it.
import { Lock } from "@interlock/core";
import { capabilities, createMemory } from "@interlock/shm";

let error = "";
try {
  createMemory({ size: 100 }).close();
} catch (thrown) {
  error = String(thrown);
}
const lock = new Lock();
console.log(JSON.stringify({ error, sharedMemory: capabilities().sharedMemory, lock: lock.run(() => "works") }));
