// Starts children of every kind, says when they are there, and ends as the environment says: by itself when it is told to go
// on, or by whoever started it.
import { join } from "node:path";
import { set, whenSet } from "../fixtures/marks.ts";
import { type Family, startFamily } from "../fixtures/orphan-tasks.ts";

const { DIRECTORY = "", HOW: how } = process.env;
// A call under way would keep it alive. Exported, so that it stays: a pool that is dropped ends its workers.
export const family: Family = await startFamily(DIRECTORY, how !== "returns");
set(join(DIRECTORY, "ready"));
await whenSet(join(DIRECTORY, "go"));
if (how === "throws") {
  setTimeout(() => {
    throw new Error("the end");
  });
}
if (how === "exits") process.exit(7);
