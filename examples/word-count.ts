import { JoinableQueue, Queue, QueueClosedError } from "@interlock/core";
import { Thread, task } from "@interlock/pool";

// Which words does a corpus use most? One producer reads it and puts paragraphs into a queue; counters take them from
// there and put what they have counted into a second queue. The sums must be those of a loop in one thread.

/** A few sentences. Small items cost more to hand over than to count. */
type Paragraph = readonly string[];

type Counts = Map<string, number>;

const COUNTERS = 2;
const PARAGRAPH = 50;
const WORD = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;

function countInto(counts: Counts, paragraph: Paragraph): void {
  for (const sentence of paragraph) {
    for (const [word] of sentence.toLowerCase().matchAll(WORD)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
}

/** The sentences of the corpus, some of them at a time. */
async function* paragraphs(): AsyncGenerator<Paragraph> {
  const { default: corpus } = await import("nlp-corpus");
  const sentences = corpus.all();
  for (let i = 0; i < sentences.length; i += PARAGRAPH) yield sentences.slice(i, i + PARAGRAPH);
}

/** Puts all paragraphs, waiting while the counters lag behind. */
export const read = task(import.meta, "read", async (queue: JoinableQueue<Paragraph>) => {
  let sentences = 0;
  for await (const paragraph of paragraphs()) {
    queue.put(paragraph);
    sentences += paragraph.length;
  }
  return sentences;
});

/** Counts paragraphs until none is left, then reports. */
export const count = task(import.meta, "count", (queue: JoinableQueue<Paragraph>, results: Queue<Counts>) => {
  const counts: Counts = new Map();
  let taken = 0;
  try {
    for (;;) {
      countInto(counts, queue.get());
      queue.taskDone();
      taken++;
    }
  } catch (error) {
    // The queue is closed once everything has been read and counted.
    if (!(error instanceof QueueClosedError)) throw error;
  }
  results.put(counts);
  return taken;
});

async function inOneThread(): Promise<Counts> {
  const counts: Counts = new Map();
  for await (const paragraph of paragraphs()) countInto(counts, paragraph);
  return counts;
}

async function inPipeline(counters: number): Promise<{ counts: Counts; shares: number[]; sentences: number }> {
  const queue = new JoinableQueue<Paragraph>({ capacityBytes: 2 ** 18 });
  // A counter's whole dictionary is one item.
  const results = new Queue<Counts>({ capacityBytes: 2 ** 23 });
  const reader = new Thread(read, [queue]);
  const workers = Array.from({ length: counters }, () => new Thread(count, [queue, results]));
  for (const thread of [reader, ...workers]) thread.start();

  const finished = Promise.all(workers.map((worker) => worker.result()));
  // If a counter fails, the reader must not wait for it to make room.
  finished.catch(() => queue.close());

  const sentences = await reader.result();
  await Promise.race([queue.joinAsync(), finished]);
  queue.close();
  const shares = await finished;

  const counts: Counts = new Map();
  for (let i = 0; i < counters; i++) {
    for (const [word, n] of results.get()) counts.set(word, (counts.get(word) ?? 0) + n);
  }
  return { counts, shares, sentences };
}

function top(counts: Counts): string {
  const entries = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return entries
    .slice(0, 8)
    .map(([word, n]) => `${word} ${n}`)
    .join(", ");
}

function same(a: Counts, b: Counts): boolean {
  return a.size === b.size && [...a].every(([word, n]) => b.get(word) === n);
}

if (import.meta.main) {
  const started = performance.now();
  const alone = await inOneThread();
  const middle = performance.now();
  const { counts, shares, sentences } = await inPipeline(COUNTERS);
  const end = performance.now();

  if (!same(alone, counts)) throw new Error("Cannot go on as the pipeline must count the words of one thread: received others");
  const words = [...counts.values()].reduce((sum, n) => sum + n, 0);
  console.log(`\n${sentences} sentences, ${words} words, ${counts.size} different: ${top(counts)}`);
  console.log(`one thread ${((middle - started) / 1000).toFixed(2)} s`);
  console.log(`1 reader and ${COUNTERS} counters ${((end - middle) / 1000).toFixed(2)} s, the same counts; paragraphs of each: ${shares.join(", ")}`);
}
