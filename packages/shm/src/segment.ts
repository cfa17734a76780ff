/**
 * Files of the operating system that hold what processes share: how they are made, named, checked and swept.
 *
 * @module
 */
import type { Descriptor, Sys } from "./sys/sys.ts";

/** What a memory of an engine's can have at most. */
const MOST_BYTES = 2 ** 32;

/** Generated names begin so. */
const PREFIX = "interlock-";

/** Only generated names are swept: any other is its owner's to take away. */
const GENERATED = /^interlock-[\w-]{16}$/;

/** The byte that everybody who has a segment open holds a shared lock on: who gets an exclusive one knows that nobody has. */
const ATTACHED = 2 ** 40;

/** A sweep takes microseconds for a file, unless it is held up. */
const SWEEP_MS = 1000;

/**
 * Checks a size.
 *
 * @param beside How many bytes the file has besides.
 */
export function requireSize(size: unknown, action: string, beside: number = 0): number {
  const most = MOST_BYTES - beside;
  if (typeof size !== "number") throw new TypeError(`Cannot ${action} as 'size' must be a number: received ${size === null ? "null" : typeof size}`);
  if (!Number.isInteger(size) || size < 1 || size > most) {
    throw new RangeError(`Cannot ${action} as 'size' must be an integer from 1 to ${most}: received ${size}`);
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
  const held = name === undefined || hold(sys, descriptor);
  // Somebody may have swept it in between.
  if (name !== undefined && sys.facts(descriptor).links === 0) {
    sys.close(descriptor);
    return createFile(sys, name, size, action);
  }
  if (!held) {
    sys.close(descriptor);
    throw new Error(`Cannot ${action} as another process is about to take the name ${JSON.stringify(name)} away`);
  }
  if (!sys.allocate(descriptor, size)) {
    sys.close(descriptor);
    if (name !== undefined) sys.unlink(name);
    throw new Error(`Cannot ${action} as there is no memory for ${size} bytes: look at "df /dev/shm", and at the limits of its container`);
  }
  if (name === undefined) sys.seal(descriptor);
  return descriptor;
}

/**
 * Says that this thread has a file open: as long as it does, nobody sweeps it. Waits for who is about to, as then the file has no
 * name any more; false if that takes too long.
 */
function hold(sys: Sys, descriptor: Descriptor): boolean {
  const deadline = performance.now() + SWEEP_MS;
  while (!sys.lock(descriptor, ATTACHED, "shared")) if (performance.now() > deadline) return false;
  return true;
}

/**
 * Takes a file that somebody else has created, so that nobody sweeps it. Refuses one that is not this user's alone.
 *
 * @param what Names it in errors.
 * @returns How many bytes it has.
 */
export function join(sys: Sys, descriptor: Descriptor, what: string, isNamed: boolean): number {
  // Without a name there is nothing to sweep.
  const held = !isNamed || hold(sys, descriptor);
  const { uid, mode, size, links } = sys.facts(descriptor);
  if (uid !== sys.uid) throw new TypeError(`Cannot attach ${what} as it is another user's: received uid ${uid}, not ${sys.uid}`);
  if ((mode & 0o077) !== 0) throw new TypeError(`Cannot attach ${what} as others may open it: received mode ${mode.toString(8)}, not 600`);
  if (isNamed && (!held || links === 0)) throw new Error(`Cannot attach ${what} as it was just taken away`);
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
    const descriptor = GENERATED.test(name) ? sys.openNamed(name) : undefined;
    if (descriptor === undefined) continue;
    if (sys.facts(descriptor).uid === sys.uid && sys.lock(descriptor, ATTACHED, "exclusive") && sys.unlink(name)) swept++;
    sys.close(descriptor);
  }
  return swept;
}
