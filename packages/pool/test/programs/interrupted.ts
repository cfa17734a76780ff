// Is interrupted as by a terminal, together with its processes, and goes on: so do they.

import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { set } from "../fixtures/marks.ts";
import { answer, startFamily } from "../fixtures/orphan-tasks.ts";

const { DIRECTORY = "" } = process.env;
const interrupted = new Promise((resolve) => process.on("SIGINT", resolve));
const { asleep, pool } = await startFamily(DIRECTORY, false);
set(join(DIRECTORY, "ready"));
// No listener to a signal keeps a program alive.
await Promise.race([interrupted, setTimeout(60_000)]);
await setTimeout(300);
console.log(asleep.isAlive(), await pool.apply(answer), pool.stats().lost);
process.exit(5);
