/**
 * Which runtime this is: the only place that asks.
 *
 * @module
 */
import { browser } from "./browser.ts";
import { bun } from "./bun.ts";
import { deno } from "./deno.ts";
import { node } from "./node.ts";
import type { Runtime } from "./runtime.ts";

/** The runtime that runs this code. */
export function runtime(): Runtime {
  if ("Deno" in globalThis) return deno;
  if ("Bun" in globalThis) return bun;
  if (typeof process === "object" && process.versions?.node !== undefined) return node;
  return browser;
}
