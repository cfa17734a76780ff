import { monitorUncaught, socketOf } from "./child-process.ts";
import type { Runtime } from "./runtime.ts";
import { server } from "./server.ts";

/** Flags that say what this program is, and not how it runs. */
const PROGRAM = /^(?:-e|--eval|-p|--print|-pe|-c|--check|-i|--interactive|--test|--run|--input-type|--inspect.*|--watch.*)(?:=|$)/;

export const node: Runtime = server("node", {
  argvOf(entry, { execArgv, resourceLimits }) {
    const flags = execArgv ?? process.execArgv.filter((flag, i, all) => !PROGRAM.test(flag) && !/^(?:-e|--eval|-p|--print|-pe)$/.test(all[i - 1] ?? ""));
    const heap = resourceLimits?.["maxOldGenerationSizeMb"];
    return [...flags, ...(heap === undefined ? [] : [`--max-old-space-size=${heap}`]), process.getBuiltinModule("node:url").fileURLToPath(entry)];
  },
  threadsClose: true,
  openSocket: socketOf,
  onUncaught: monitorUncaught,
});
