/**
 * What interlock asks of an operating system. One file for each system implements it.
 *
 * @module
 */

/** An open file, by the number that the operating system gives it. */
export type Descriptor = number;

/** What is known of an open file. */
export interface FileFacts {
  readonly uid: number;
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
  /** How many names it has. */
  readonly links: number;
}

/** One word that somebody sleeps on. */
export interface Watched {
  readonly address: number;
  readonly expected: number;
}

/** Memory that processes share, and sleep in it. All methods are synchronous, and none blocks longer than it is told to. */
export interface Sys {
  /** Which user this process acts for. */
  readonly uid: number;
  /** Creates memory without a name; undefined if that fails. */
  createAnonymous(label: string): Descriptor | undefined;
  /** Creates memory with a name, for this user alone; undefined if it exists or that fails. */
  createNamed(name: string): Descriptor | undefined;
  /** Opens memory by its name; undefined if there is none, or it is another user's. */
  openNamed(name: string): Descriptor | undefined;
  /** Opens what another process of this user has open; undefined if that is not possible. */
  openOf(pid: number, descriptor: Descriptor): Descriptor | undefined;
  /** Takes the name away; false if there is none. Whoever has the memory keeps it. */
  unlink(name: string): boolean;
  /** The names that exist and begin with a prefix. */
  names(prefix: string): string[];
  /** Gives a new file its size, and the memory for it; false if there is not enough. */
  allocate(descriptor: Descriptor, byteLength: number): boolean;
  /** Forbids for ever to change the size. */
  seal(descriptor: Descriptor): void;
  /** Whether nobody can make it smaller. */
  sealed(descriptor: Descriptor): boolean;
  facts(descriptor: Descriptor): FileFacts;
  close(descriptor: Descriptor): void;
  /** Puts the file in place of the first bytes of a memory whose address is a multiple of the page size; false if that fails. */
  map(address: number, byteLength: number, descriptor: Descriptor): boolean;
  /** Maps a file where there is room, into a buffer that threads do not share; undefined if that fails. */
  mapApart(byteLength: number, descriptor: Descriptor): { readonly buffer: ArrayBuffer; readonly address: number } | undefined;
  /** Whether `map` may be used on memory of the engine's. */
  readonly overlays: boolean;
  /** Puts zeroed memory of this process there instead. */
  unmap(address: number, byteLength: number): void;
  /** Locks one byte of a file for this opening of it, until it is closed or the process dies; false if another has it. */
  lock(descriptor: Descriptor, at: number, kind: "shared" | "exclusive"): boolean;
  unlock(descriptor: Descriptor, at: number): void;
  /** Whether another opening of the file has locked a byte. */
  locked(descriptor: Descriptor, at: number): boolean;
  address(memory: Uint8Array): number;
  /** Sleeps while the word at an address is as expected, for at most so many milliseconds; true if woken. */
  wait(address: number, expected: number, milliseconds: number): boolean;
  /** Sleeps while all words are as expected; the index of one that was woken, or -1, also before the time is up. */
  waitAny(words: readonly Watched[], milliseconds: number): number;
  /** Whether the word at an address is as expected. */
  equals(address: number, expected: number): boolean;
  /** Wakes sleepers in any process; returns how many. */
  wake(address: number, count: number): number;
}

/** How many words `waitAny` takes. */
export const MOST_WATCHED = 127;
