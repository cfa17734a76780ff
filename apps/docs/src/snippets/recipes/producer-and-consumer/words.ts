import { JoinableQueue, SharedArray } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const measure = task(import.meta, "measure", async (words: JoinableQueue<string>, lengths: SharedArray<"int32">) => {
  let mine = 0;
  for await (const word of words) {
    lengths.update(word.length, (n) => n + 1);
    words.taskDone();
    mine++;
  }
  return mine; // the queue was closed, and nothing is left in it
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const words = new JoinableQueue<string>({ maxSize: 8 }); // no more than eight wait
  const lengths = new SharedArray("int32", 10);
  const consumers = Array.from({ length: 4 }, () => pool.apply(measure, [words, lengths]));

  const text = "a queue hands each word to one of four consumers and waits while it is full ";
  for (const word of text.repeat(20).trim().split(" ")) await words.putAsync(word);
  await words.joinAsync(); // every word is done with
  words.close(); // ends the loops
  const counts = await Promise.all(consumers);
  console.log(`${counts.reduce((a, b) => a + b, 0)} words`);
  for (const [length, count] of lengths.entries()) if (count > 0) console.log(`${length} letters: ${count}`);
  await pool.terminate();
}
