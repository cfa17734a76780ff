import { monitorUncaught, type Processes, socketOf } from "./child-process.ts";
import type { Runtime } from "./runtime.ts";
import { server } from "./server.ts";
import { wrappedPorts } from "./worker-threads.ts";

/** A process has all permissions, as whoever may start one has; and what makes packages from npm work. */
const RUN = ["run", "-A", "--unstable-bare-node-builtins", "--unstable-detect-cjs"];

const processes: Processes = {
  argvOf(entry, { execArgv = [], resourceLimits }) {
    const heap = resourceLimits?.["maxOldGenerationSizeMb"];
    const module = entry.protocol === "file:" ? process.getBuiltinModule("node:url").fileURLToPath(entry) : entry.href;
    return [...RUN, ...(heap === undefined ? [] : [`--v8-flags=--max-old-space-size=${heap}`]), ...execArgv, module];
  },
  // What belongs to a process that does not keep its thread alive is left open.
  threadsClose: false,
  openSocket: socketOf,
  onUncaught: monitorUncaught,
};

export const deno: Runtime = server("deno", processes, wrappedPorts);
