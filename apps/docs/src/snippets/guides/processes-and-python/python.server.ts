import { execFileSync } from "node:child_process";
import { ShareableList, SharedMemory } from "@interlock/shm";

const PROGRAM = `
import sys
from multiprocessing import resource_tracker, shared_memory

memory = shared_memory.SharedMemory(name=sys.argv[1])
words = shared_memory.ShareableList(name=sys.argv[2])
for one in (memory, words.shm):
    resource_tracker.unregister(one._name, "shared_memory")  # else Python takes away what is not its own

numbers = memory.buf.cast("d")
for i in range(4):
    numbers[i] *= numbers[i]
words[1] = "python"

numbers.release()
for one in (memory, words.shm):
    one.close()
`;

if (import.meta.main) {
  const memory = SharedMemory.create({ size: 32 });
  const words = ShareableList.create(["node", "nobody", 42]);
  new Float64Array(memory.buffer, 0, 4).set([1, 2, 3, 4]);
  execFileSync("python3", ["-c", PROGRAM, memory.name, words.shm.name]);
  console.log(new Float64Array(memory.buffer, 0, 4).join(" "));
  console.log([...words].join(" "));
  for (const one of [memory, words.shm]) {
    one.unlink();
    one.close();
  }
}
