/**
 * As `pool-deaths`, with processes. They are killed by others, too, at any moment; and nothing of them is left in the end.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";
import { Pool, type PoolOptions } from "@interlock/pool";
import { HANG_MS } from "../board.ts";
import type { Setting, Tally } from "../crew.ts";
import { Caller, MOST_CALLS } from "../pool-calls.ts";
import { begin, EXITS, IS_BUSY, IS_KILLED, IS_SLOW, nothing, REJECTS, THROWS } from "../pool-tasks.ts";
import { hasProcessTable, startedWith } from "../process-table.ts";
import { Random } from "../random.ts";
import { FiledRuns } from "../runs.ts";
import { expect, type Scenario } from "../scenario.ts";
import { storm } from "../storm.ts";

/** A process takes long to start, and each death starts one. */
const FORCE = { crowd: 3, patience: 3 * HANG_MS, afterlife: 0 };

/** For how long others let all processes live, in milliseconds. */
const SHORTEST = 100;
const LONGEST = 500;
/** How often they wait on after the end for somebody to kill. */
const MOST_PAUSES = 100;

/** More than a socket takes at once. */
const LARGE = 400_000;

/** How long after its end a pool may leave anything behind. */
const LEFT_MS = 5000;

/** How many descriptors a runtime opens when it likes, and once. */
const SPARE = 4;

const MARK = "INTERLOCK_STRESS";

async function run(setting: Setting): Promise<Tally> {
  const random = new Random(setting.seed);
  const runs = new FiledRuns(MOST_CALLS);
  const mark = crypto.randomUUID();
  const options: PoolOptions = { size: setting.threads, backend: "process", initializer: begin, initArgs: [runs.place], env: { [MARK]: mark } };
  await useOnce(options);
  const before = { files: files(), descriptors: descriptors() };
  const pool = new Pool(options);
  const dooms = [EXITS, THROWS, REJECTS, IS_KILLED, IS_KILLED, IS_BUSY, IS_SLOW] as const;
  const ways = { runs, violence: 0.5, dooms, memory: () => new Uint8Array(LARGE) };
  let tally: Tally;
  try {
    tally = await storm(pool, new Caller(pool, random, ways), setting, FORCE, (signal) => killAtRandom(mark, runs, new Random(setting.seed, 1), signal));
  } finally {
    await pool.terminate();
    runs.close();
  }
  await expectNothingLeft(mark, before);
  return tally;
}

/** Opens what the first pool of a program opens for good. */
async function useOnce(options: PoolOptions): Promise<void> {
  const pool = new Pool(options);
  await pool.apply(nothing);
  await pool.terminate();
}

/** Kills one process after the other: those that have started, and one that starts as long as others succeed meanwhile. */
async function killAtRandom(mark: string, { started }: FiledRuns, random: Random, signal: AbortSignal): Promise<void> {
  if (!hasProcessTable) return;
  let [kills, spared] = [0, 0];
  // Who starts late is waited for.
  for (let left = MOST_PAUSES; !signal.aborted || (kills === 0 && left > 0); left -= signal.aborted ? 1 : 0) {
    await sleep(SHORTEST + random.below(LONGEST - SHORTEST));
    const processes = startedWith(MARK, mark).filter(({ command }) => command.includes("--interlock-child"));
    const old = processes.filter(({ pid }) => started.has(pid));
    const young = processes.filter(({ pid }) => !started.has(pid));
    // Three in a row that cannot start are enough for a pool.
    const some = started.size > spared && random.chance(0.3) && young.length > 0 ? young : old;
    if (some.length === 0 || (signal.aborted && kills > 0)) continue;
    if (some === young) spared = started.size;
    kills++;
    process.kill(random.pick(some).pid, "SIGKILL");
  }
  expect(kills > 0, () => "Nobody was killed by others");
}

interface Remains {
  readonly files: readonly string[];
  readonly descriptors: number;
}

/** What a process has without a name, and had with one for a moment. */
function files(): string[] {
  return ["/dev/shm", tmpdir()].flatMap((directory) =>
    existsSync(directory) ? readdirSync(directory).filter((name) => /^interlock-[0-9a-f]{8}-/.test(name)) : [],
  );
}

/** How many this program has open. Those of a thread cannot be told from others'. */
function descriptors(): number {
  return hasProcessTable && isMainThread ? readdirSync("/proc/self/fd").length : 0;
}

async function expectNothingLeft(mark: string, before: Remains): Promise<void> {
  const left = (): string[] => [
    ...(hasProcessTable ? startedWith(MARK, mark).map(({ command }) => command) : []),
    ...files().filter((name) => !before.files.includes(name)),
    ...Array.from({ length: descriptors() - before.descriptors - SPARE }, () => "a descriptor"),
  ];
  for (const end = performance.now() + LEFT_MS; left().length > 0; await sleep(20)) {
    expect(performance.now() < end, () => `The pool has left behind: ${left().join(", ")}`);
  }
}

export const scenarios: readonly Scenario[] = [{ name: "process-deaths", deadly: true, only: "threads", costly: true, run }];
