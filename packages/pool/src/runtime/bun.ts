import { parentProcess, spawnProcess } from "./child-process.ts";
import type { Runtime } from "./runtime.ts";
import { parentThread, spawnThread, threadPort } from "./worker-threads.ts";

export const bun: Runtime = {
  name: "bun",
  get parallelism() {
    return process.getBuiltinModule("node:os").availableParallelism();
  },
  spawnThread,
  spawnProcess,
  adopt: (worker) => threadPort(worker as never),
  parent: () => parentThread() ?? parentProcess(),
};
