/** A module in whose import something goes wrong: a variable says what. Only workers import it. */
import { task } from "@interlock/pool";
import type { Fault } from "./matrix.ts";
import { never, spin, strike } from "./strike.ts";

// Bun's modules do not see the query of their URL.
const fault = process.env["INTERLOCK_FAULT"] as Fault;
if ((fault as string) === "raise") throw new RangeError("raised");
strike(fault);
if (fault === "abort" || fault === "terminate") spin(1000);
// What is thrown later ends the import.
else await never;

export const imported = task(import.meta, "imported", () => "imported");
