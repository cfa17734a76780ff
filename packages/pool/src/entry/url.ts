/**
 * Where the child's entry module lies: beside this one, in the sources or in the build.
 *
 * @module
 */

// A variable, so that bundlers leave it alone: under a bundler, workers come from the `worker` option.
const here: string = import.meta.url;

/** The URL of the child's entry module. */
export const entry = (): URL => new URL(/\.ts(?:$|\?)/.test(here) ? "./child.ts" : "./child.js", here);
