/**
 * Runs mutants, a few at a time, each in a process of its own.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Mutant } from "./edits.ts";
import { testsOf } from "./targets.ts";

const child = fileURLToPath(new URL("child.ts", import.meta.url));

/**
 * A process that has been silent for so many seconds does not come back. Seconds are counted here: if the whole machine pauses,
 * they do not pass.
 */
const SILENCE = 60;
/** No exploration takes so long, but of a mutant that moves on for ever. */
const LONGEST = 900;

/** What became of a mutant. */
export interface Outcome {
  readonly mutant: Mutant;
  readonly killed: boolean;
  /** Whether the time limit killed it. */
  readonly timedOut: boolean;
  /** What was said last: the name of the test that failed. */
  readonly said: string;
  readonly seconds: number;
}

const TRIES = 3;

/** Runs test files with one edit, or none; `reach` says how far they look. Tries again if something else ends the run. */
export function runTests(files: readonly string[], mutant: Mutant | null, reach: "quick" | "all", tries: number = TRIES): Promise<Omit<Outcome, "mutant">> {
  const start = performance.now();
  const run = spawn(process.execPath, ["--conditions=@interlock/source", child, JSON.stringify(mutant), ...files], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, INTERLOCK_EXPLORE: reach },
  });
  return new Promise((resolve) => {
    let said = "";
    let timedOut = false;
    let silence = 0;
    let seconds = 0;
    const watch = setInterval(() => {
      if (++silence < SILENCE && ++seconds < LONGEST) return;
      timedOut = true;
      run.kill("SIGKILL");
    }, 1000);
    run.stdout.on("data", (data: Buffer) => {
      silence = 0;
      said =
        String(data)
          .trim()
          .split("\n")
          .findLast((line) => line !== ".") ?? said;
    });
    run.on("close", (code, signal) => {
      clearInterval(watch);
      // Ended from outside, which says nothing about the mutant; but one that runs out of memory aborts itself.
      if (code === null && !timedOut && signal !== "SIGABRT" && tries > 1) return resolve(runTests(files, mutant, reach, tries - 1));
      resolve({ killed: code !== 0, timedOut, said, seconds: (performance.now() - start) / 1000 });
    });
  });
}

/** Runs all, `jobs` at a time, and tells each outcome as it comes. */
export async function runMutants(mutants: readonly Mutant[], jobs: number, tell: (outcome: Outcome) => void): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = mutants.entries();
  const worker = async (): Promise<void> => {
    for (const [i, mutant] of queue) {
      const tests = testsOf(mutant.file);
      let result = await runTests(tests, mutant, "quick");
      // Few of those that survive the first part are killed by the rest, which takes ten times as long.
      if (!result.killed) result = await runTests(tests, mutant, "all");
      const outcome = { mutant, ...result };
      outcomes[i] = outcome;
      tell(outcome);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return outcomes;
}
