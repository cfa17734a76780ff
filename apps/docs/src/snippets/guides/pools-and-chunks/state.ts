import { context, Pool, task } from "@interlock/pool";

export const load = task(import.meta, "load", (words: string[]) => {
  context().state["known"] = new Set(words); // once in each worker, before all else
});

export const isKnown = task(import.meta, "isKnown", (word: string) => {
  const known = context().state["known"] as Set<string>;
  return known.has(word);
});

if (import.meta.main) {
  const pool = new Pool({ size: 4, initializer: load, initArgs: [["cat", "dog"]] });
  const words = ["cat", "cow", "dog"];
  const known = await pool.map(isKnown, words);
  for (const [i, word] of words.entries()) console.log(`${word}: ${known[i]}`);
  await pool.terminate();
}
