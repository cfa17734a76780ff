/**
 * What a process notes where it outlives the process, so that after its death it is known what it had begun: a file without
 * a name, which both have open. A word in memory that only they share would do, but needs the operating system's help.
 *
 * | bytes | mean |
 * |---|---|
 * | 16 for each of 64 slots: 0 to 7 | the batch that the slot is about, by its id; a batch has the slot of its id modulo 64 |
 * | 8 to 15 | how many calls of the batch the process has begun, or was about to begin |
 * | from 1024 on | what the process threw and nobody caught, as the codec writes it |
 *
 * The child writes, and the parent reads after its death. A slot is written before a call begins.
 *
 * @module
 */
import type { ChildLog, ParentLog } from "./runtime.ts";

const SLOTS = 64;
const SLOT_BYTES = 16;
const ERROR_AT = SLOTS * SLOT_BYTES;

const files = (): typeof import("node:fs") => process.getBuiltinModule("node:fs");

/** The parent's side of a log. */
export interface LogFile extends ParentLog {
  /** For the child to inherit. */
  readonly descriptor: number;
}

/** Creates a log; undefined where that is not possible, and then a death loses all that the process was given. */
export function createLog(): LogFile | undefined {
  const fs = files();
  // On Linux this is memory, and never on a disk.
  const directory = fs.existsSync("/dev/shm") ? "/dev/shm" : process.getBuiltinModule("node:os").tmpdir();
  const path = `${directory}/interlock-${crypto.randomUUID()}`;
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, "wx+", 0o600);
    fs.unlinkSync(path);
  } catch {
    return undefined;
  }
  try {
    // Now, where there is no room for it: to find that out is not for the child.
    fs.writeSync(descriptor, new Uint8Array(ERROR_AT));
  } catch {
    fs.closeSync(descriptor);
    return undefined;
  }
  const read = (at: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, length, at));
  };
  return {
    descriptor,
    begun(batch) {
      const slot = read((batch % SLOTS) * SLOT_BYTES, SLOT_BYTES).slice();
      if (slot.length < SLOT_BYTES) return 0;
      const [about, count] = new Float64Array(slot.buffer) as unknown as [number, number];
      if (about === batch + 1) return count;
      // A newer batch has taken the slot, and nothing is known of this one.
      return about > batch ? undefined : 0;
    },
    lastWords() {
      const words = read(ERROR_AT, files().fstatSync(descriptor).size);
      return words.length === 0 ? undefined : words;
    },
    close: () => fs.closeSync(descriptor),
  };
}

/** The child's side of the log that it has inherited; undefined if it cannot be used. */
export function openLog(inherited: number): ChildLog | undefined {
  const fs = files();
  let descriptor = inherited;
  const [slot, end] = [new Float64Array(2), new Uint8Array(1)];
  const bytes = new Uint8Array(slot.buffer);
  try {
    fs.fstatSync(descriptor);
    fs.writeSync(descriptor, end, 0, 0, 0);
  } catch {
    // Deno numbers files by itself.
    try {
      descriptor = fs.openSync(`/dev/fd/${inherited}`, "r+");
    } catch {
      return undefined;
    }
  }
  return {
    note(batch, count) {
      slot[0] = batch + 1;
      slot[1] = count;
      fs.writeSync(descriptor, bytes, 0, SLOT_BYTES, (batch % SLOTS) * SLOT_BYTES);
    },
    lastWords: (words) => void fs.writeSync(descriptor, words, 0, words.length, ERROR_AT),
  };
}
