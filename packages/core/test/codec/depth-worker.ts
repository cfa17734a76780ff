import { parentPort } from "node:worker_threads";
import { decode, encode } from "../../src/codec.ts";
import { difference } from "./same.ts";

/** Nests each kind of container as deep as is allowed, and posts how that went. */
const wrap: Record<string, (inner: unknown) => unknown> = {
  Array: (inner) => [inner],
  Object: (inner) => ({ inner }),
  Map: (inner) => new Map([["k", inner]]),
  key: (inner) => new Map([[inner, 1]]),
  Set: (inner) => new Set([inner]),
  Error: (cause) => new Error("e", { cause }),
};
const went: Record<string, string> = {};
for (const [name, around] of Object.entries(wrap)) {
  let value: unknown = 1;
  for (let i = 0; i < 500; i++) value = around(value);
  try {
    went[name] = difference(value, decode(encode(value))) ?? "same";
  } catch (error) {
    went[name] = String(error);
  }
}
parentPort?.postMessage(went);
