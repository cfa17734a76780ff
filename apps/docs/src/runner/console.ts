/**
 * The first import of every compiled snippet: sends what its thread logs to the page, as Node would print it.
 *
 * @module
 */
import { format } from "node-inspect-extracted";
import type { Line } from "./line.ts";

const name = new URL(import.meta.url).searchParams.get("channel");
if (name === null) throw new TypeError("Cannot capture the console as the URL of this module names no channel");
const channel = new BroadcastChannel(name);

const say =
  (kind: "out" | "err") =>
  (...values: unknown[]): void =>
    channel.postMessage({ kind, text: format(...values) } satisfies Line);

console.log = console.info = console.debug = say("out");
console.error = console.warn = say("err");
