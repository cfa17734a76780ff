/**
 * Which files are mutated, and which explorations concern each: those that find most, or take least, first.
 *
 * @module
 */

/** A package of which files are mutated. */
export interface Corpus {
  /** Where the files lie. */
  readonly sources: string;
  /** Where the explorations lie, and what is said of the survivors. */
  readonly tests: string;
  /** The explorations of each file. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

const queue = ["queue-limits", "queue"];
const lock = ["lock-limits", "lock"];
const condition = ["condition-limits", "condition"];
const barrier = ["barrier-limits", "barrier", "barrier-deaths"];
const rwlock = ["rwlock-limits", "rwlock-readers", "rwlock"];

const core: Corpus["files"] = {
  "sys/mutex.ts": ["slices", ...lock, "rlock", ...rwlock, ...barrier],
  "sys/async-line.ts": ["line-slices", "event", "semaphore", ...lock, ...condition, ...barrier, ...rwlock],
  "sys/wait-point.ts": ["slices", "line-slices", "event", "semaphore", ...queue, ...condition, ...barrier, ...rwlock],
  "sys/permits.ts": ["semaphore"],
  "sys/ring.ts": queue,
  "sys/signals.ts": condition,
  "sys/rendezvous.ts": barrier,
  "sys/readers.ts": rwlock,
  "sys/shared-mutex.ts": rwlock,
  "event.ts": ["event"],
  "rlock.ts": ["rlock", ...condition],
  "condition.ts": condition,
  "barrier.ts": barrier,
  "sys/party.ts": barrier,
};

const pool: Corpus["files"] = {
  "channel/ring.ts": ["ring", "channel"],
  "channel/doorbell.ts": ["doorbell", "channel"],
  "channel/claims.ts": ["claims", "channel"],
};

export const corpora: readonly Corpus[] = [
  { sources: "packages/core/src/", tests: "packages/core/test/explore/", files: core },
  { sources: "packages/pool/src/", tests: "packages/pool/test/explore/", files: pool },
];

/** All files, relative to where those of their package lie. */
export const targets: readonly string[] = corpora.flatMap(({ files }) => Object.keys(files));

/** The path of a file. */
export function sourceOf(file: string): string {
  return corpusOf(file).sources + file;
}

/** The test files that must notice an edit of `file`. */
export function testsOf(file: string): readonly string[] {
  const { tests, files } = corpusOf(file);
  return (files[file] as readonly string[]).map((name) => `${tests}${name}.test.ts`);
}

/** The package of a file. */
export function corpusOf(file: string): Corpus {
  const corpus = corpora.find(({ files }) => Object.hasOwn(files, file));
  if (corpus === undefined) throw new RangeError(`Cannot mutate ${file}: choose from ${targets.join(" ")}`);
  return corpus;
}
