import type { Runtime } from "./runtime.ts";
import { server } from "./server.ts";

export const bun: Runtime = server("bun");
