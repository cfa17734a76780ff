/**
 * The numbers of Linux's system calls, for each processor.
 *
 * @module
 */

/** What a processor calls what interlock asks of Linux. */
export interface Numbers {
  readonly close: number;
  readonly mmap: number;
  readonly fcntl: number;
  readonly ftruncate: number;
  readonly fallocate: number;
  readonly openat: number;
  readonly unlinkat: number;
  readonly geteuid: number;
  readonly futex: number;
  readonly statx: number;
  readonly memfdCreate: number;
  readonly clockGettime: number;
  readonly fchmod: number;
  /** A flag of `openat`. */
  readonly noFollow: number;
}

const NUMBERS: Readonly<Record<string, Numbers>> = {
  x64: {
    close: 3,
    mmap: 9,
    fcntl: 72,
    ftruncate: 77,
    fallocate: 285,
    openat: 257,
    unlinkat: 263,
    geteuid: 107,
    futex: 202,
    statx: 332,
    memfdCreate: 319,
    clockGettime: 228,
    fchmod: 91,
    noFollow: 0o400000,
  },
  arm64: {
    close: 57,
    mmap: 222,
    fcntl: 25,
    ftruncate: 46,
    fallocate: 47,
    openat: 56,
    unlinkat: 35,
    geteuid: 175,
    futex: 98,
    statx: 291,
    memfdCreate: 279,
    clockGettime: 113,
    fchmod: 52,
    noFollow: 0o100000,
  },
};
/** The same on all of them. */
export const FUTEX_WAITV = 449;

/** Whether this processor's numbers are known. */
export const isKnown = (arch: string): boolean => Object.hasOwn(NUMBERS, arch);

/** The numbers of a processor that is known. */
export function numbersOf(arch: string): Numbers {
  return NUMBERS[arch] as Numbers;
}
