// A thread starts children of every kind. When this program is told to go on, it ends the thread as the environment says, and
// goes on itself.

import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Thread } from "@interlock/pool";
import { set, whenSet } from "../fixtures/marks.ts";
import { startFamilyAndStay } from "../fixtures/orphan-tasks.ts";

const { DIRECTORY = "", HOW: how = "" } = process.env;
const thread = new Thread(startFamilyAndStay, [DIRECTORY, how.includes("deaf")]);
thread.start();
await whenSet(join(DIRECTORY, "go"));
if (how.includes("kill")) thread.kill();
else await thread.terminate();
set(join(DIRECTORY, "ended"));
await setTimeout(60_000);
