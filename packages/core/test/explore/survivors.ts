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

export const survivors: readonly Survivor[] = [];
