/**
 * The runtimes that processes may run on, whatever this program runs on.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { ProcessOptions } from "@interlock/pool";

const pathOf = (name: string): string => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));

/** Whether this program runs on Node: then processes of Node are of the same version. */
const isNode = process.versions["deno"] === undefined && process.versions["bun"] === undefined;

/** How a process of each is started, from sources. */
export const RUNTIMES: Readonly<Record<string, ProcessOptions>> = {
  // The second flag is explained in vitest.config.ts.
  node: { execPath: isNode ? process.execPath : pathOf("node"), execArgv: ["--conditions=@interlock/source", "--wasm-wrapper-tiering-budget=1000000000"] },
  deno: { execPath: pathOf("deno"), execArgv: ["run", "-A", "--conditions=@interlock/source"] },
  bun: { execPath: pathOf("bun"), execArgv: ["--conditions=@interlock/source"] },
};
