/**
 * Files of the operating system that hold what processes share: how they are made, named, checked and swept.
 *
 * @module
 */
import type { Descriptor, Sys } from "./sys/sys.ts";

const MOST_BYTES = 2 ** 32;

/** Generated names begin so, and only those are swept. */
export const PREFIX = "interlock-";

/** The byte that everybody who has a segment open holds a shared lock on: who gets an exclusive one knows that nobody has. */
const ATTACHED = 2 ** 40;

/** Checks a size. */
export function requireSize(size: unknown, action: string): number {
  if (typeof size !== "number") throw new TypeError(`Cannot ${action} as 'size' must be a number: received ${size === null ? "null" : typeof size}`);
  if (!Number.isInteger(size) || size < 1 || size > MOST_BYTES) {
    throw new RangeError(`Cannot ${action} as 'size' must be an integer from 1 to ${MOST_BYTES}: received ${size}`);
  }
  return size;
}

/** Checks a name. */
export function requireName(name: unknown, action: string): string {
  if (typeof name !== "string") throw new TypeError(`Cannot ${action} as 'name' must be a string: received ${name === null ? "null" : typeof name}`);
  // Python's names begin with a slash in the system, and have none in its API.
  const plain = name.startsWith("/") ? name.slice(1) : name;
  if (plain === "" || plain.length > 250 || /[/\0]/.test(plain) || plain === "." || plain === "..") {
    throw new TypeError(`Cannot ${action} as 'name' must be 1 to 250 characters without a slash or a zero in it: received ${JSON.stringify(name)}`);
  }
  return plain;
}

/** A name that nobody guesses: 26 characters, with 96 random bits. */
export function generateName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return (
    PREFIX +
    btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
  );
}

/** Creates a file of a size, with a name or without. Throws `Error` if that fails. */
export function createFile(sys: Sys, name: string | undefined, size: number, action: string): Descriptor {
  const descriptor = name === undefined ? sys.createAnonymous("interlock") : sys.createNamed(name);
  if (descriptor === undefined) {
    throw new Error(
      `Cannot ${action} as ${name === undefined ? "the system has no memory without a name" : `the name ${JSON.stringify(name)} is taken, or not allowed`}`,
    );
  }
  hold(sys, descriptor);
  // Somebody may have swept it in between.
  if (name !== undefined && sys.facts(descriptor).links === 0) {
    sys.close(descriptor);
    return createFile(sys, name, size, action);
  }
  if (!sys.allocate(descriptor, size)) {
    sys.close(descriptor);
    if (name !== undefined) sys.unlink(name);
    throw new Error(`Cannot ${action} as there is no memory for ${size} bytes: look at "df /dev/shm", and at the limits of its container`);
  }
  if (name === undefined) sys.seal(descriptor);
  return descriptor;
}

/** Says that this thread has a file open: as long as it does, nobody sweeps it. */
export function hold(sys: Sys, descriptor: Descriptor): void {
  sys.lock(descriptor, ATTACHED, "shared");
}

/** Refuses a file that is not this user's alone. */
export function requireOwn(sys: Sys, descriptor: Descriptor, what: string): number {
  const { uid, mode, size } = sys.facts(descriptor);
  if (uid !== sys.uid) throw new TypeError(`Cannot attach ${what} as it is another user's: received uid ${uid}, not ${sys.uid}`);
  if ((mode & 0o077) !== 0) throw new TypeError(`Cannot attach ${what} as others may open it: received mode ${mode.toString(8)}, not 600`);
  return size;
}

/**
 * Takes the names of segments away that nobody has open: what programs of this user left that were killed.
 *
 * @returns How many.
 */
export function sweep(sys: Sys): number {
  let swept = 0;
  for (const name of sys.names(PREFIX)) {
    const descriptor = sys.openNamed(name);
    if (descriptor === undefined) continue;
    if (sys.facts(descriptor).uid === sys.uid && sys.lock(descriptor, ATTACHED, "exclusive") && sys.unlink(name)) swept++;
    sys.close(descriptor);
  }
  return swept;
}
