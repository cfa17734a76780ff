import { monitorUncaught, type Processes, socketOf } from "./child-process.ts";
import type { Runtime } from "./runtime.ts";
import { server } from "./server.ts";
import { wrappedPorts } from "./worker-threads.ts";

/** What makes packages from npm work. */
const UNSTABLE = ["--unstable-bare-node-builtins", "--unstable-detect-cjs"];

const processes: Processes = {
  argvOf(entry, { execArgv = [], resourceLimits }) {
    const heap = resourceLimits?.["maxOldGenerationSizeMb"];
    const flags = [...UNSTABLE, ...(heap === undefined ? [] : [`--v8-flags=--max-old-space-size=${heap}`]), ...execArgv];
    // A process has all permissions, as whoever may start one has.
    if (entry.protocol === "file:") return ["run", "-A", ...flags, process.getBuiltinModule("node:url").fileURLToPath(entry)];
    // From JSR. Whatever runs by URL has no deno.json, and knows none of the program's imports; code that is given has that of the directory.
    return ["eval", ...flags, `import ${JSON.stringify(entry.href)}`, "--"];
  },
  // What belongs to a process that does not keep its thread alive is left open.
  threadsClose: false,
  openSocket: socketOf,
  onUncaught: monitorUncaught,
};

export const deno: Runtime = server("deno", processes, wrappedPorts);
