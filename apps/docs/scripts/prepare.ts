/** Writes what the site is built of but nobody writes by hand: the bundles for snippets, and the pages of results. */
import { buildLib } from "./lib.ts";
import { writePages } from "./pages.ts";

await buildLib();
writePages();
