/**
 * Two connected ends.
 *
 * @module
 */
import { describe } from "../describe.ts";
import { Connection } from "./connection.ts";
import { End } from "./end.ts";
import { openPorts } from "./ports.ts";

/** How a pipe is made. */
export interface PipeOptions {
  /** Whether both ends send and receive; true if absent. Else the first only receives, and the second only sends. */
  readonly duplex?: boolean;
}

/**
 * Makes a pipe: two connections, of which each receives what the other sends.
 *
 * Keep one, and send the other to a thread or process; or send both away.
 *
 * @typeParam A What the first end sends.
 * @typeParam B What the second end sends.
 * @returns Both ends; with `duplex: false` the reader, then the writer.
 * @throws {TypeError} If `duplex` is no boolean.
 *
 * @example
 * ```ts
 * import { Pipe } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * const [reader, writer] = Pipe<never, string>({ duplex: false });
 * writer.send("first");
 * writer.send("second");
 * writer.close();
 * const seen: string[] = [];
 * for await (const text of reader) seen.push(text);
 * assert.deepEqual(seen, ["first", "second"]);
 * reader.close();
 * ```
 */
export function Pipe<A = unknown, B = A>({ duplex = true }: PipeOptions = {}): [Connection<B, A>, Connection<A, B>] {
  if (typeof duplex !== "boolean") throw new TypeError(`Cannot create Pipe as 'duplex' must be a boolean: received ${describe(duplex)}`);
  const [first, second] = openPorts();
  return [new Connection<B, A>(new End(first, true, duplex).hold()), new Connection<A, B>(new End(second, duplex, true).hold())];
}
