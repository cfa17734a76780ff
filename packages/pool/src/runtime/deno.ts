import type { Runtime } from "./runtime.ts";
import { server } from "./server.ts";

export const deno: Runtime = server("deno", "later");
