/**
 * Why no exploration notices some edits: scripts/mutants.ts compares.
 *
 * @module
 */

/** Edits of one line that survive for one reason. */
export interface Survivor {
  readonly file: string;
  /** The line, without indentation. */
  readonly line: string;
  readonly edits: readonly string[];
  readonly why: string;
}

export const survivors: readonly Survivor[] = [
  {
    file: "sys/mutex.ts",
    line: "const TAKEN = 0;",
    edits: ["const TAKEN = 0 → const TAKEN = 1"],
    why: "No held word is 1, either.",
  },
  {
    file: "sys/mutex.ts",
    line: "this.#line = { sequence: this.#at + SEQUENCE, lines: this.#at + LINES, unit: 1 };",
    edits: ["{ sequence: this.#at + SEQUENCE, lines: this.#at + LINES, unit: 1 } → { sequence: this.#at + SEQUENCE, lines: this.#at + LINES, unit: 2 }"],
    why: "Only whether there are lines is of importance, and what they add they take away.",
  },
  {
    file: "sys/mutex.ts",
    line: "const left = deadline === Infinity ? Infinity : deadline - agent.now();",
    edits: ["deadline === Infinity → deadline === 1"],
    why: "Infinity less the time is Infinity, too: the comparison saves a look at the clock.",
  },
  {
    file: "sys/mutex.ts",
    line: "if (this.#alive(word)) return false;",
    edits: ["return false; → return true;"],
    why: "Readers then count themselves before they find the writer, and take that back.",
  },
  {
    file: "sys/mutex.ts",
    line: "else if (Atomics.compareExchange(this.#words, this.#at, word, FREE) === word) this.#wake(1);",
    edits: ["Atomics.compareExchange(this.#words, this.#at, word, FREE) === word → (Atomics.compareExchange(this.#words, this.#at, word, FREE), true)"],
    why: "A needless wake: another thread has freed the lock, and woken a sleeper.",
  },
  {
    file: "sys/mutex.ts",
    line: "if (Atomics.compareExchange(this.#words, this.#at, word, word | ABANDONED) === word) this.#wake(Infinity);",
    edits: [
      "Atomics.compareExchange(this.#words, this.#at, word, word | ABANDONED) === word → (Atomics.compareExchange(this.#words, this.#at, word, word | ABANDONED), true)",
    ],
    why: "Needless wakes: another thread has noticed the death, and woken all.",
  },
  {
    file: "sys/async-line.ts",
    line: "const AWAKE = -1;",
    edits: ["const AWAKE = -1 → const AWAKE = -2"],
    why: "No number of slices is -2, either.",
  },
  {
    file: "sys/async-line.ts",
    line: "#seen = 0;",
    edits: ["#seen = 0; → #seen = 1;"],
    why: "It is set before anything looks at it.",
  },
  {
    file: "sys/async-line.ts",
    line: "if (this.#slices !== AWAKE && this.#entries.size === 0) this.#rouse();",
    edits: ["this.#slices !== AWAKE && this.#entries.size === 0 → this.#slices !== AWAKE || this.#entries.size === 0"],
    why: "A needless notification of a line that does not sleep.",
  },
  {
    file: "sys/async-line.ts",
    line: "#called = false;",
    edits: ["#called = false; → #called = true;"],
    why: "It is set before anything looks at it.",
  },
  {
    file: "sys/async-line.ts",
    line: "this.#slices = AWAKE;",
    edits: ["remove this.#slices = AWAKE;"],
    why: "A needless notification of a line that does not sleep.",
  },
  {
    file: "sys/async-line.ts",
    line: "const line = new AsyncLine(memory, at, amount > 0, () => byKey.delete(key));",
    edits: ["new AsyncLine(memory, at, amount > 0, () => byKey.delete(key)) → new AsyncLine(memory, at, amount > 1, () => byKey.delete(key))"],
    why: "Then all try, not only the first: each fails for itself.",
  },
  {
    file: "sys/wait-point.ts",
    line: "if (timeout <= 0) return attempt();",
    edits: ["timeout <= 0 → timeout < 0"],
    why: "A try is then counted as a waiter while it tries.",
  },
  {
    file: "sys/permits.ts",
    line: "const WAITERS = 2;",
    edits: ["const WAITERS = 2 → const WAITERS = 3"],
    why: "WAITERS then shares a word with the calls of the SINGLES, which counts those who wait, too: needless wakes.",
  },
  {
    file: "sys/permits.ts",
    line: "this.#at = offset >>> 2;",
    edits: ["offset >>> 2 → offset >>> 3"],
    why: "The scenarios have it at 0.",
  },
  {
    file: "sys/permits.ts",
    line: "return this.tryTake(n) || (timeout > 0 && this.#wait(n, timeout, call));",
    edits: ["timeout > 0 && this.#wait(n, timeout, call) → timeout >= 0 && this.#wait(n, timeout, call)"],
    why: "A try then tries twice.",
  },
  {
    file: "sys/permits.ts",
    line: "this.#singles.wake(n);",
    edits: ["this.#singles.wake(n) → this.#singles.wake(Infinity)"],
    why: "Needless wakes: who finds too few permits sleeps again.",
  },
  {
    file: "sys/permits.ts",
    line: "return n === 1 ? this.#singles : this.#several;",
    edits: ["n === 1 ? this.#singles : this.#several → n === 2 ? this.#singles : this.#several"],
    why: "Those who ask for two then have a queue of their own, of equals; the others, also those who ask for one, are all woken: needless wakes.",
  },
  {
    file: "sys/signals.ts",
    line: "if ((state >>> 16) + (state & NOTIFIED_MASK) >= MOST_WAITERS) return -1;",
    edits: [
      "if ((state >>> 16) + (state & NOTIFIED_MASK) >= MOST_WAITERS) return -1; → if ((state >>> 16) + (state & NOTIFIED_MASK) >= MOST_WAITERS) return -2;",
    ],
    why: "Any negative number will do.",
  },
  {
    file: "sys/signals.ts",
    line: "return (timeout > 0 && (this.#spin.until(attempt) || this.point.wait(attempt, timeout, call))) || this.withdraw(ticket);",
    edits: [
      "timeout > 0 && (this.#spin.until(attempt) || this.point.wait(attempt, timeout, call)) → timeout >= 0 && (this.#spin.until(attempt) || this.point.wait(attempt, timeout, call))",
    ],
    why: "A try then looks once more before it withdraws.",
  },
  {
    file: "sys/signals.ts",
    line: "let notified = false;",
    edits: ["notified = false → notified = true"],
    why: "Never read: the assignment after it is reached, or the catch clause ends the function.",
  },
  {
    file: "sys/signals.ts",
    line: "Atomics.add(this.#words, this.#at + GENERATION, 1);",
    edits: [
      "Atomics.add(this.#words, this.#at + GENERATION, 1) → Atomics.sub(this.#words, this.#at + GENERATION, 1)",
      "Atomics.add(this.#words, this.#at + GENERATION, 1) → Atomics.add(this.#words, this.#at + GENERATION, 2)",
    ],
    why: "Only that the number changes is of importance.",
  },
  {
    file: "sys/signals.ts",
    line: "this.point.wake(n);",
    edits: ["this.point.wake(n) → this.point.wake(Infinity)"],
    why: "Needless wakes: whoever finds no notification sleeps again.",
  },
  {
    file: "sys/rendezvous.ts",
    line: "const GENERATION_SHIFT = 15;",
    edits: ["GENERATION_SHIFT = 15 → GENERATION_SHIFT = 16"],
    why: "There are half as many generations before they repeat.",
  },
  {
    file: "sys/rendezvous.ts",
    line: "if ((full & (BROKEN | RESETTING)) === 0 && (full & COUNT) === this.parties) this.#breakFrom(full);",
    edits: ["BROKEN | RESETTING → BROKEN & RESETTING"],
    why: "What is broken is broken once more; what is reset now, whoever arrives next resets.",
  },
  {
    file: "sys/rendezvous.ts",
    line: "if (now === broke && now !== generation + 1) return true;",
    edits: ["generation + 1 → generation + 2"],
    why: "Any new mark tells those that wait of the reset; it is left over only if its number comes round in 131072 generations.",
  },
  {
    file: "sys/rendezvous.ts",
    line: "if ((state & COUNT) !== this.parties) this.break(generationOf(state));",
    edits: ["remove this.break(generationOf(state));"],
    why: "Whoever has arrived meanwhile then waits until its own timeout, as does whoever arrives later: nobody can tell the two apart.",
  },
  {
    file: "sys/rendezvous.ts",
    line: "if ((state & (BROKEN | RESETTING | COUNT)) === 0) return;",
    edits: ["state & (BROKEN | RESETTING | COUNT) → state | (BROKEN | RESETTING | COUNT)"],
    why: "A reset then starts a new generation also if nobody has arrived, which nobody can tell.",
  },
  {
    file: "sys/rendezvous.ts",
    line: "Atomics.compareExchange(this.#words, at, before, generation + 1);",
    edits: ["generation + 1 → generation + 2"],
    why: "Any new mark tells those that wait of the reset; it is left over only if its number comes round in 131072 generations.",
  },
  {
    file: "sys/rendezvous.ts",
    line: "if (!this.#change(state, (generationOf(state) + 1) << GENERATION_SHIFT)) return false;",
    edits: ["generationOf(state) + 1 → generationOf(state) - 1"],
    why: "The generations are passed in another order.",
  },
  {
    file: "sys/rendezvous.ts",
    line: "return this.#at + BROKE + (generation % 8);",
    edits: ["generation % 8 → generation % 9"],
    why: "The ring has a place more, in a word that is free.",
  },
  {
    file: "sys/readers.ts",
    line: "Atomics.or(this.#words, this.#at + SUMMARY, 1 << (this.#slot >> 5));",
    edits: ["this.#at + SUMMARY → this.#at - SUMMARY"],
    why: "SUMMARY is 0.",
  },
  {
    file: "sys/readers.ts",
    line: "this.#known = true;",
    edits: ["remove this.#known = true;", "this.#known = true → this.#known = false"],
    why: "The bits are set again at each read lock: needless work.",
  },
  {
    file: "sys/readers.ts",
    line: "if ((word & ~COUNT) !== this.#none || (word & COUNT) === 0) return -1;",
    edits: ["if ((word & ~COUNT) !== this.#none || (word & COUNT) === 0) return -1; → if ((word & ~COUNT) !== this.#none || (word & COUNT) === 0) return -2;"],
    why: "Any negative number will do.",
  },
  {
    file: "sys/readers.ts",
    line: "return Atomics.compareExchange(this.#words, this.#mine, word, word - 1) === word ? (word & COUNT) - 1 : -1;",
    edits: [
      "Atomics.compareExchange(this.#words, this.#mine, word, word - 1) === word → (Atomics.compareExchange(this.#words, this.#mine, word, word - 1), true)",
    ],
    why: "Fails only if the thread was reported dead while it lives, and then nobody looks at its word.",
  },
  {
    file: "sys/readers.ts",
    line: "return Atomics.compareExchange(this.#words, this.#mine, word, word - 1) === word ? (word & COUNT) - 1 : -1;",
    edits: [
      "Atomics.compareExchange(this.#words, this.#mine, word, word - 1) === word ? (word & COUNT) - 1 : -1 → Atomics.compareExchange(this.#words, this.#mine, word, word - 1) === word ? (word & COUNT) - 1 : -2",
    ],
    why: "Any negative number will do.",
  },
  {
    file: "sys/readers.ts",
    line: "for (let summary = Atomics.load(this.#words, this.#at + SUMMARY); summary !== 0; summary &= summary - 1) {",
    edits: ["this.#at + SUMMARY → this.#at - SUMMARY"],
    why: "SUMMARY is 0.",
  },
  {
    file: "sys/readers.ts",
    line: "Atomics.compareExchange(this.#words, at, word, 0);",
    edits: ["Atomics.compareExchange(this.#words, at, word, 0) → Atomics.compareExchange(this.#words, at, word, 1)"],
    why: "The word then names a dead reader of a life that never was, which counts as nothing: its bit stays, needless work for writers.",
  },
  {
    file: "sys/readers.ts",
    line: "Atomics.and(this.#words, map, ~bit);",
    edits: ["remove Atomics.and(this.#words, map, ~bit);"],
    why: "The bit of the dead stays: needless work for writers.",
  },
  {
    file: "sys/readers.ts",
    line: "Atomics.and(this.#words, map, ~bit);",
    edits: ["Atomics.and(this.#words, map, ~bit) → Atomics.or(this.#words, map, ~bit)"],
    why: "The bit of the dead stays, and others are set: needless work for writers.",
  },
  {
    file: "sys/readers.ts",
    line: "if (Atomics.load(this.#words, at) !== 0) Atomics.or(this.#words, map, bit);",
    edits: ["Atomics.load(this.#words, at) !== 0 → Atomics.load(this.#words, at) !== 1"],
    why: "The bit of the dead is set again: needless work for writers.",
  },
  {
    file: "sys/shared-mutex.ts",
    line: "const DRAINED = 1;",
    edits: ["const DRAINED = 1 → const DRAINED = 2"],
    why: "Any number but 0 will do.",
  },
  {
    file: "sys/shared-mutex.ts",
    line: "this.#drain = new WaitPoint(memory, gate + POINT_WORDS);",
    edits: ["gate + POINT_WORDS → gate - POINT_WORDS"],
    why: "Writers then wait in the last words of the first line, the tag among them: that is found by whoever attaches meanwhile.",
  },
  {
    file: "sys/shared-mutex.ts",
    line: "const left = deadline === Infinity ? Infinity : deadline - this.#now();",
    edits: ["deadline === Infinity → deadline === 1"],
    why: "Infinity less the time is Infinity, too: the comparison saves a look at the clock.",
  },
  {
    file: "sys/shared-mutex.ts",
    line: "return (left > 0 && (await this.#drain.waitAsync(this.#took, left, signal))) || this.#giveUp();",
    edits: ["left > 0 && (await this.#drain.waitAsync(this.#took, left, signal)) → left >= 0 && (await this.#drain.waitAsync(this.#took, left, signal))"],
    why: "Out of time, it then looks once more before it gives up.",
  },
  {
    file: "sys/shared-mutex.ts",
    line: "if (left === 0 && this.writer.locked) this.#drain.wake(Infinity);",
    edits: ["left === 0 && this.writer.locked → left === 0 || this.writer.locked"],
    why: "Needless wakes: a writer that finds readers sleeps again.",
  },
  {
    file: "sys/shared-mutex.ts",
    line: "if (left === 0 && this.writer.locked) this.#drain.wake(Infinity);",
    edits: ["this.#drain.wake(Infinity) → this.#drain.wake(1)"],
    why: "Only whoever holds WRITER sleeps there: one.",
  },
  {
    file: "event.ts",
    line: "if (Atomics.compareExchange(this.#words, this.#at, word, (word + 1) | 0) === word) this.#point.wake(Infinity);",
    edits: [
      "Atomics.compareExchange(this.#words, this.#at, word, (word + 1) | 0) === word → (Atomics.compareExchange(this.#words, this.#at, word, (word + 1) | 0), true)",
    ],
    why: "A needless wake: whoever set the flag meanwhile wakes the waiters, too.",
  },
  {
    file: "event.ts",
    line: "if (Atomics.compareExchange(this.#words, this.#at, word, (word + 1) | 0) === word) this.#point.wake(Infinity);",
    edits: ["(word + 1) | 0 → (word + 1) | 1"],
    why: "The sum is odd in any case.",
  },
  {
    file: "event.ts",
    line: "this.#at = at.offset >>> 2;",
    edits: ["at.offset >>> 2 → at.offset >>> 3"],
    why: "The scenarios have it at 0.",
  },
  {
    file: "sys/rendezvous.ts",
    line: "this.#at = offset >>> 2;",
    edits: ["offset >>> 2 → offset >>> 3"],
    why: "The scenarios have it at 0.",
  },
  {
    file: "sys/shared-mutex.ts",
    line: "const gate = (offset + LINE) >>> 2;",
    edits: ["(offset + LINE) >>> 2 → (offset + LINE) >>> 3"],
    why: "The scenarios have it at 0, and there is room for the gate in the middle, too.",
  },
  {
    file: "condition.ts",
    line: 'checkGuard("Condition", lock);',
    edits: ['remove checkGuard("Condition", lock);'],
    why: "What callers give is not a matter of interleavings: it has tests elsewhere.",
  },
  {
    file: "rlock.ts",
    line: "const ASYNC = -1;",
    edits: ["const ASYNC = -1 → const ASYNC = -2"],
    why: "Any negative number will do.",
  },
  {
    file: "rlock.ts",
    line: "if (mutex.depth > 0) {",
    edits: ["mutex.depth > 0 → mutex.depth >= 0"],
    why: "A depth of 0 does not get here.",
  },
  {
    file: "rlock.ts",
    line: "return timeout <= 0 ? mutex.tryLock() : mutex.lock(timeout);",
    edits: ["timeout <= 0 → timeout < 0"],
    why: "A try then marks the lock as contended before it gives up: one needless wake.",
  },
  {
    file: "condition.ts",
    line: "const memory = options?.memory ?? (lock?.memory.crossProcess ? lock.memory : undefined);",
    edits: ["negate lock?.memory.crossProcess"],
    why: "Only where neither was given, and processes share the lock: explorations say where a condition lies.",
  },
  {
    file: "condition.ts",
    line: 'this.#requireHeld("wait for");',
    edits: ['remove this.#requireHeld("wait for");'],
    why: "Releasing the lock refuses as well, and then what has begun is withdrawn.",
  },
  {
    file: "condition.ts",
    line: "if (n > 0) this.#signals.notify(n);",
    edits: ["if (n > 0) this.#signals.notify(n); → if (n >= 0) this.#signals.notify(n);"],
    why: "A notify of nobody then changes the generation, and moves nobody from the waiting to the notified.",
  },
  {
    file: "condition.ts",
    line: "this.#signals.withdraw(ticket);",
    edits: ["remove this.#signals.withdraw(ticket);"],
    why: "Reached only if the thread was reported dead after it was found to hold the lock.",
  },
  {
    file: "barrier.ts",
    line: 'return new Barrier(0, options, openTagged("Barrier", handle, RENDEZVOUS_BYTES));',
    edits: [
      'new Barrier(0, options, openTagged("Barrier", handle, RENDEZVOUS_BYTES)) → new Barrier(1, options, openTagged("Barrier", handle, RENDEZVOUS_BYTES))',
    ],
    why: "Where a barrier is attached, its memory tells how many parties there are.",
  },
  {
    file: "barrier.ts",
    line: "return true;",
    edits: ["return true; → return false;"],
    why: "The party that passed just in time then gives up once more, with the same outcome.",
  },
  {
    file: "sys/party.ts",
    line: "this.#rendezvous.breakIncomplete();",
    edits: ["remove this.#rendezvous.breakIncomplete();"],
    why: "Whoever has arrived meanwhile then waits until its own timeout, as does whoever arrives later: nobody can tell the two apart.",
  },
  {
    file: "sys/party.ts",
    line: "return true;",
    edits: ["return true; → return false;"],
    why: "Where this party has not arrived, nobody looks at what is returned.",
  },
  {
    file: "sys/async-line.ts",
    line: "if ((word & 1) === 0 || Atomics.compareExchange(words, at.sequence, word, (word + 1) | 0) !== word) return;",
    edits: [
      "(word & 1) === 0 → (word | 1) === 0",
      "Atomics.compareExchange(words, at.sequence, word, (word + 1) | 0) !== word → (Atomics.compareExchange(words, at.sequence, word, (word + 1) | 0), false)",
      "(word + 1) | 0 → (word + 2) | 0",
      "(word + 1) | 0 → (word + 1) | 1",
    ],
    why: "Needless notifications of lines that were called: only that the number changes is of importance to those that sleep.",
  },
  {
    file: "sys/wait-point.ts",
    line: "const CALL: number = UNCALLED + 1;",
    edits: ["UNCALLED + 1 → UNCALLED + 2"],
    why: "More announcements than waiters: needless notifications.",
  },
  {
    file: "sys/wait-point.ts",
    line: "if ((word & ~UNCALLED) !== announced) word = this.#announce();",
    edits: ["word & ~UNCALLED → word | ~UNCALLED"],
    why: "More announcements than waiters: needless notifications.",
  },
  {
    file: "sys/wait-point.ts",
    line: "announced = word & ~UNCALLED;",
    edits: ["remove announced = word & ~UNCALLED;", "word & ~UNCALLED → word | ~UNCALLED"],
    why: "More announcements than waiters: needless notifications.",
  },
  {
    file: "sys/wait-point.ts",
    line: "const left = deadline === Infinity ? Infinity : deadline - agent.now();",
    edits: ["deadline === Infinity → deadline === 1"],
    why: "Infinity less the time is Infinity, too: the comparison saves a look at the clock.",
  },
  {
    file: "sys/wait-point.ts",
    line: "this.#withdraw(announced);",
    edits: ["remove this.#withdraw(announced);"],
    why: "More announcements than waiters: needless notifications.",
  },
  {
    file: "sys/wait-point.ts",
    line: "const more = (word & UNCALLED) === UNCALLED ? word : word + 1;",
    edits: ["(word & UNCALLED) === UNCALLED ? word : word + 1 → (word & UNCALLED) === UNCALLED ? word : word + 2"],
    why: "More announcements than waiters: needless notifications.",
  },
  {
    file: "sys/wait-point.ts",
    line: "if ((word & ~UNCALLED) !== announced) return;",
    edits: ["word & ~UNCALLED → word | ~UNCALLED"],
    why: "More announcements than waiters: needless notifications.",
  },
  {
    file: "sys/wait-point.ts",
    line: "if (Atomics.compareExchange(this.#words, this.#calls, word, word - 1) === word) return;",
    edits: [
      "Atomics.compareExchange(this.#words, this.#calls, word, word - 1) === word → (Atomics.compareExchange(this.#words, this.#calls, word, word - 1), true)",
      "Atomics.compareExchange(this.#words, this.#calls, word, word - 1) → Atomics.compareExchange(this.#words, this.#calls, word, word + 1)",
    ],
    why: "More announcements than waiters: needless notifications.",
  },
  {
    file: "sys/wait-point.ts",
    line: "this.#memory.waiter.wait(this.#words, this.#calls, ~Atomics.load(this.#words, this.#calls), 0);",
    edits: [
      "this.#memory.waiter.wait(this.#words, this.#calls, ~Atomics.load(this.#words, this.#calls), 0) → this.#memory.waiter.wait(this.#words, this.#calls, ~Atomics.load(this.#words, this.#calls), 1)",
    ],
    why: "The words differ, so there is no wait.",
  },
  {
    file: "sys/wait-point.ts",
    line: "if ((waiters & BLOCKED_MASK) !== 0) this.#call(count);",
    edits: ["waiters & BLOCKED_MASK → waiters | BLOCKED_MASK"],
    why: "It finds nobody that was not called.",
  },
  {
    file: "sys/wait-point.ts",
    line: "const uncalled = word & UNCALLED;",
    edits: ["word & UNCALLED → word | UNCALLED"],
    why: "More announcements than waiters: needless notifications.",
  },
  {
    file: "sys/wait-point.ts",
    line: "const next = ((word & ~UNCALLED) + CALL + Math.max(0, uncalled - count)) | 0;",
    edits: [
      "(word & ~UNCALLED) + CALL → (word & ~UNCALLED) - CALL",
      "Math.max(0, uncalled - count) → Math.max(1, uncalled - count)",
      "((word & ~UNCALLED) + CALL + Math.max(0, uncalled - count)) | 0 → ((word & ~UNCALLED) + CALL + Math.max(0, uncalled - count)) | 1",
    ],
    why: "Of the calls only that their number changes is of importance; of the announcements, that there are no fewer than waiters.",
  },
  {
    file: "sys/wait-point.ts",
    line: "this.#memory.waiter.notify(this.#words, this.#calls, count);",
    edits: ["this.#memory.waiter.notify(this.#words, this.#calls, count) → this.#memory.waiter.notify(this.#words, this.#calls, Infinity)"],
    why: "Needless wakes: whoever cannot go on sleeps again.",
  },
  {
    file: "sys/ring.ts",
    line: "export const HEADER_BYTES: number = LINE * 3;",
    edits: ["HEADER_BYTES: number = LINE * 3 → HEADER_BYTES: number = LINE * 4"],
    why: "A line that nobody uses.",
  },
  {
    file: "sys/ring.ts",
    line: "export const MOST_CAPACITY: number = 2 ** 30;",
    edits: ["MOST_CAPACITY: number = 2 ** 30 → MOST_CAPACITY: number = 3 ** 30", "MOST_CAPACITY: number = 2 ** 30 → MOST_CAPACITY: number = 2 ** 31"],
    why: "What arguments are checked against.",
  },
  {
    file: "sys/ring.ts",
    line: "export const MOST_RECORDS: number = 2 ** 31 - 1;",
    edits: [
      "MOST_RECORDS: number = 2 ** 31 - 1 → MOST_RECORDS: number = 3 ** 31 - 1",
      "MOST_RECORDS: number = 2 ** 31 - 1 → MOST_RECORDS: number = 2 ** 31 - 2",
    ],
    why: "No exploration puts so many records.",
  },
  {
    file: "sys/ring.ts",
    line: "const SHORT_WORDS = 256;",
    edits: ["SHORT_WORDS = 256 → SHORT_WORDS = 257"],
    why: "Both ways copy the same words; they differ in how long they take.",
  },
  {
    file: "sys/ring.ts",
    line: "return { bytes: new Uint8Array(memory), words: new Int32Array(memory), length: 0 };",
    edits: [
      "{ bytes: new Uint8Array(memory), words: new Int32Array(memory), length: 0 } → { bytes: new Uint8Array(memory), words: new Int32Array(memory), length: 1 }",
    ],
    why: "Written before it is read.",
  },
  {
    file: "sys/ring.ts",
    line: "words[at + CAPACITY] = capacity;",
    edits: ["at + CAPACITY → at - CAPACITY"],
    why: "CAPACITY is 0.",
  },
  {
    file: "sys/ring.ts",
    line: "const capacity = words[at + CAPACITY] as number;",
    edits: ["at + CAPACITY → at - CAPACITY"],
    why: "CAPACITY is 0.",
  },
  {
    file: "sys/ring.ts",
    line: "this.capacity = words[at + CAPACITY] as number;",
    edits: ["at + CAPACITY → at - CAPACITY"],
    why: "CAPACITY is 0.",
  },
  {
    file: "sys/ring.ts",
    line: "return capacity >= LEAST_CAPACITY && (capacity & (capacity - 1)) === 0 && HEADER_BYTES + capacity <= bytes && max > 0;",
    edits: ["capacity - 1 → capacity - 2"],
    why: "From 4 on, that too is 0 for powers of two only.",
  },
  {
    file: "sys/ring.ts",
    line: "words[at + POSITIONS + ((puts + 1) & 1)] = end;",
    edits: ["(puts + 1) & 1 → (puts - 1) & 1"],
    why: "The same parity.",
  },
  {
    file: "sys/ring.ts",
    line: "this.items.wake(1);",
    edits: ["this.items.wake(1) → this.items.wake(Infinity)", "this.items.wake(1) → this.items.wake(2)"],
    why: "Needless wakes: who finds no record sleeps again.",
  },
  {
    file: "sys/ring.ts",
    line: "words[at + POSITIONS + ((gets + 1) & 1)] = (head + 1 + count) | 0;",
    edits: ["(gets + 1) & 1 → (gets - 1) & 1"],
    why: "The same parity.",
  },
  {
    file: "sys/ring.ts",
    line: "Atomics.store(this.#words, this.#at + CLOSED, 1);",
    edits: ["Atomics.store(this.#words, this.#at + CLOSED, 1) → Atomics.store(this.#words, this.#at + CLOSED, 2)"],
    why: "Anything but 0 is closed.",
  },
  {
    file: "sys/ring.ts",
    line: "#count = 0;",
    edits: ["#count = 0; → #count = 1;"],
    why: "Written before it is read.",
  },
  {
    file: "sys/ring.ts",
    line: "if (count <= SHORT_WORDS) {",
    edits: ["negate count <= SHORT_WORDS", "count <= SHORT_WORDS → count < SHORT_WORDS"],
    why: "Both ways copy the same words; they differ in how long they take.",
  },
  {
    file: "sys/ring.ts",
    line: "if (length < 0 || count >= used || used > mask + 1) {",
    edits: ["length < 0 || count >= used → length <= 0 || count >= used", "length < 0 || count >= used → length < 1 || count >= used"],
    why: "No record is empty: a value has a tag.",
  },
  {
    file: "sys/ring.ts",
    line: "const KEPT_WORDS = 1 << 18;",
    edits: ["KEPT_WORDS = 1 << 18 → KEPT_WORDS = 2 << 18", "KEPT_WORDS = 1 << 18 → KEPT_WORDS = 1 << 19"],
    why: "How much memory is kept for the next record; what comes is the same.",
  },
  {
    file: "sys/ring.ts",
    line: "const at = offset >>> 2;",
    edits: ["offset >>> 2 → offset >>> 3"],
    why: "The scenarios have it at 0.",
  },
  {
    file: "sys/ring.ts",
    line: "if (room < count) this.#taken = recordOf(Math.max(count, Math.min(2 * room, KEPT_WORDS)));",
    edits: ["room < count → room <= count", "Math.min(2 * room, KEPT_WORDS) → Math.min(3 * room, KEPT_WORDS)"],
    why: "How much memory is kept for the next record; what comes is the same.",
  },
  {
    file: "sys/ring.ts",
    line: "else if (room > KEPT_WORDS && count <= KEPT_WORDS) this.#taken = recordOf(count);",
    edits: [
      "negate room > KEPT_WORDS && count <= KEPT_WORDS",
      "room > KEPT_WORDS → room >= KEPT_WORDS",
      "room > KEPT_WORDS && count <= KEPT_WORDS → room > KEPT_WORDS || count <= KEPT_WORDS",
      "count <= KEPT_WORDS → count < KEPT_WORDS",
      "remove this.#taken = recordOf(count);",
    ],
    why: "How much memory is kept for the next record; what comes is the same.",
  },
  {
    file: "sys/ring.ts",
    line: "for (let i = 0; i < count; i++) words[i] = ring[(start + i) & mask] as number;",
    edits: [
      "for (let i = 0; i < count; i++) words[i] = ring[(start + i) & mask] as number; → for (let i = 0; i <= count; i++) words[i] = ring[(start + i) & mask] as number;",
    ],
    why: "A word more than counts, where nothing is.",
  },
  {
    file: "sys/ring.ts",
    line: "if (this.#agent.now() < slice) continue;",
    edits: ["this.#agent.now() < slice → this.#agent.now() <= slice"],
    why: "A millisecond of a slice.",
  },
];
