/**
 * The thread that sleeps for another: see `wait-desk`. Importing it does something, and only that thread does.
 *
 * @module
 */
import { futex } from "@interlock/core/base";
import { access } from "./sys/select.ts";
import type { Sys, Watched } from "./sys/sys.ts";
import { ASKED, BELL, CHANGED, DUTY, EXPECTED, FIRST, HIGH, LATE, LOW, OFFERED, PLACES, STATE, STRIDE, TOLD, UNTIL } from "./wait-desk.ts";

/** How long it sleeps at most while nothing is asked: Deno does not wake a thread to end it. */
const IDLE_MS = 1000;

/** What was asked and is not answered, by its place. */
interface Question extends Watched {
  readonly place: number;
  readonly deadline: number;
}

const { workerData } = process.getBuiltinModule("node:worker_threads");
const { sys } = access();
if (sys !== undefined) serve(sys, new Int32Array(workerData as SharedArrayBuffer));

function serve(sys: Sys, words: Int32Array): never {
  const bell = sys.address(new Uint8Array(words.buffer as SharedArrayBuffer));
  const open = new Map<number, Question>();
  /**
   * Those that nobody woke as long as they were to sleep: if the word of one has changed, a wake-up was lost, and the answer must not
   * hide it. Of others whose sleep ended with theirs nothing is known: a wake may have come since.
   */
  let inVain: ReadonlySet<Question> = new Set();
  Atomics.store(words, DUTY, OFFERED);
  // A program that ends waits for that.
  futex.notify(words, DUTY, 1);
  while (Atomics.load(words, DUTY) === OFFERED) futex.wait(words, DUTY, OFFERED, IDLE_MS);
  for (;;) {
    const rings = Atomics.load(words, BELL);
    take(words, open);
    for (const question of open.values()) {
      const { place, address, expected, deadline } = question;
      const changed = !sys.equals(address, expected);
      if (Atomics.load(words, place + STATE) === TOLD || (changed && !inVain.has(question))) answer(words, open, place, CHANGED);
      else if (changed || performance.now() >= deadline) answer(words, open, place, LATE);
    }
    if (open.size === 0) {
      futex.wait(words, BELL, rings, IDLE_MS);
      continue;
    }
    const questions = [...open.values()];
    const now = performance.now();
    // No longer than an asker's slice, for which a runtime that ends has to wait.
    const until = Math.min(...questions.map(({ deadline }) => deadline));
    // Whose time is up already is looked at once more.
    const woken = until > now ? sys.waitAny([{ address: bell, expected: rings }, ...questions], until - now) : 0;
    const question = questions[woken - 1];
    if (question !== undefined) answer(words, open, question.place, CHANGED);
    inVain = new Set(woken < 0 && performance.now() >= until ? questions.filter(({ deadline }) => deadline <= until) : []);
  }
}

/** Takes what was asked since. */
function take(words: Int32Array, open: Map<number, Question>): void {
  for (let i = 0; i < PLACES; i++) {
    const place = FIRST + i * STRIDE;
    const state = Atomics.load(words, place + STATE);
    if (open.has(place) || (state !== ASKED && state !== TOLD)) continue;
    const address = (words[place + HIGH] as number) * 2 ** 32 + ((words[place + LOW] as number) >>> 0);
    open.set(place, { place, address, expected: words[place + EXPECTED] as number, deadline: performance.now() + (words[place + UNTIL] as number) });
  }
}

function answer(words: Int32Array, open: Map<number, Question>, place: number, state: number): void {
  open.delete(place);
  Atomics.store(words, place + STATE, state);
  futex.notify(words, place + STATE, 1);
}
