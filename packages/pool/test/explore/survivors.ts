/**
 * Why no exploration notices some edits: scripts/mutants.ts compares.
 *
 * @module
 */
import type { Survivor } from "../../../core/test/explore/survivors.ts";

export const survivors: readonly Survivor[] = [
  {
    file: "channel/ring.ts",
    line: "this.control = new Int32Array(buffer, offset, HEADER_BYTES / 4);",
    edits: ["HEADER_BYTES / 4 → HEADER_BYTES / 5"],
    why: "A view of fewer words, which has both.",
  },
  {
    file: "channel/ring.ts",
    line: "return position & (this.capacity - 1);",
    edits: ["this.capacity - 1 → this.capacity - 2"],
    why: "Positions are multiples of eight.",
  },
  {
    file: "channel/ring.ts",
    line: "this.#head = (this.#tail - this.capacity) | 0;",
    edits: ["(this.#tail - this.capacity) | 0 → (this.#tail - this.capacity) | 1"],
    why: "No record fits into a byte: HEAD is looked at either way.",
  },
  {
    file: "channel/ring.ts",
    line: "if (skipped > 0) {",
    edits: ["skipped > 0 → skipped >= 0", "skipped > 0 → skipped > 1"],
    why: "At least eight bytes are skipped; where none are, the record itself takes the place of the SKIP.",
  },
  {
    file: "channel/ring.ts",
    line: "if (bytes <= this.#room) return true;",
    edits: ["bytes <= this.#room → bytes < this.#room"],
    why: "A needless look at HEAD, which then decides.",
  },
  {
    file: "channel/doorbell.ts",
    line: "if (this.#knock === undefined) futex.notify(this.#words, BELL, Infinity);",
    edits: ["futex.notify(this.#words, BELL, Infinity) → futex.notify(this.#words, BELL, 1)"],
    why: "Only one thread sleeps on a doorbell.",
  },
  {
    file: "channel/doorbell.ts",
    line: "if (this.#turn(POST, DOZING, AT_WORK)) futex.notify(this.#words, POST, Infinity);",
    edits: ["futex.notify(this.#words, POST, Infinity) → futex.notify(this.#words, POST, 1)"],
    why: "Only one thread sleeps on a doorbell.",
  },
  {
    file: "channel/doorbell.ts",
    line: "return Atomics.load(this.#words, word) === from && Atomics.compareExchange(this.#words, word, from, to) === from;",
    edits: ["Atomics.compareExchange(this.#words, word, from, to) === from → (Atomics.compareExchange(this.#words, word, from, to), true)"],
    why: "A needless notification: another one has woken the thread.",
  },
  {
    file: "channel/doorbell.ts",
    line: "const AT_WORK = 2;",
    edits: ["const AT_WORK = 2 → const AT_WORK = 3"],
    why: "Any third value does.",
  },
  {
    file: "channel/claims.ts",
    line: "const LIMIT_SHIFT = 16;",
    edits: ["LIMIT_SHIFT = 16 → LIMIT_SHIFT = 17"],
    why: "Fifteen bits have room there, too.",
  },
  {
    file: "channel/claims.ts",
    line: "export const SLOTS = 64;",
    edits: ["const SLOTS = 64 → const SLOTS = 65"],
    why: "One slot more is as good.",
  },
  {
    file: "channel/claims.ts",
    line: "return slot * WORDS + CLAIM;",
    edits: ["slot * WORDS + CLAIM → slot * WORDS - CLAIM"],
    why: "CLAIM is 0.",
  },
  {
    file: "channel/claims.ts",
    line: "if (claims <= 0 || Atomics.compareExchange(this.words, at, word, word + claims) === word) return claims;",
    edits: [
      "claims <= 0 || Atomics.compareExchange(this.words, at, word, word + claims) === word → claims < 0 || Atomics.compareExchange(this.words, at, word, word + claims) === word",
    ],
    why: "A word that is exchanged for itself.",
  },
];
