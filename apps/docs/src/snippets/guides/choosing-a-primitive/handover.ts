import { Queue } from "@interlock/core";
import { Thread, task } from "@interlock/pool";

export const measure = task(import.meta, "measure", async (words: Queue<string>, lengths: Queue<number>) => {
  for await (const word of words) lengths.put(word.length); // ends when the queue is closed
});

if (import.meta.main) {
  const [words, lengths] = [new Queue<string>({ maxSize: 2 }), new Queue<number>()];
  const thread = new Thread(measure, [words, lengths]);
  thread.start();
  for (const word of ["one", "three", "eleven"]) await words.putAsync(word); // waits while two are there
  words.close();
  await thread.result();
  console.log([lengths.get(), lengths.get(), lengths.get()]);
}
