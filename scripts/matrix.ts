/**
 * Merges what the lanes left into matrix/matrix.json and a page, and prints the page.
 *
 * Usage: node scripts/matrix.ts
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { checkout, readResults } from "./lane-result.ts";
import { lanes } from "./lanes.ts";
import { mergeLanes, renderMatrix } from "./merge-lanes.ts";

const { commit } = checkout();
const matrix = mergeLanes(lanes, readResults(), commit, new Date().toISOString());
const page = renderMatrix(matrix);
mkdirSync("matrix", { recursive: true });
writeFileSync("matrix/matrix.json", `${JSON.stringify(matrix, undefined, 2)}\n`);
writeFileSync("matrix/README.md", page);
console.log(page);
