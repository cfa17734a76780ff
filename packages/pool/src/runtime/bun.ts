import { monitorUncaught } from "./child-process.ts";
import type { Runtime } from "./runtime.ts";
import { server } from "./server.ts";

export const bun: Runtime = server("bun", {
  argvOf: (entry, { execArgv = process.execArgv }) => [...execArgv, process.getBuiltinModule("node:url").fileURLToPath(entry)],
  threadsClose: true,
  // It does not open what it constructs.
  openSocket: (fd) => process.getBuiltinModule("node:net").connect({ fd } as never),
  onUncaught(callback) {
    monitorUncaught(callback);
    // It counts a rejection for no exception.
    process.on("unhandledRejection", (error) => {
      if (process.listenerCount("unhandledRejection") > 1) return;
      setTimeout(() => {
        throw error;
      });
    });
  },
});
