/** The programs that pages show, and what they print. */
const programs = import.meta.glob<string>("../snippets/**/*.ts", { query: "?raw", import: "default", eager: true });
const outputs = import.meta.glob<string>("../snippets/**/*.{out,match}", { query: "?raw", import: "default", eager: true });

export interface Snippet {
  readonly source: string;
  /** What it printed when it was recorded; undefined if only patterns say what it prints. */
  readonly recorded: string | undefined;
  /** Whether its output is another each time. */
  readonly varies: boolean;
  /** Whether a page can run it. */
  readonly runsInPage: boolean;
}

/**
 * Finds a snippet by its path in `src/snippets`, without the ending.
 *
 * @throws {RangeError} If there is none, or nobody knows what it prints.
 */
export function snippet(name: string): Snippet {
  const at = `../snippets/${name}`;
  const source = programs[`${at}.ts`] ?? programs[`${at}.server.ts`];
  if (source === undefined) throw new RangeError(`Cannot show a snippet as there is no src/snippets/${name}.ts: its name may be misspelt`);
  const recorded = outputs[`${at}.out`];
  const varies = outputs[`${at}.match`] !== undefined;
  if (recorded === undefined && !varies) {
    throw new RangeError(`Cannot show snippet ${name} as its output is unknown: run npm run snippets -w apps/docs -- --record ${name}`);
  }
  return { source, recorded, varies, runsInPage: `${at}.ts` in programs };
}
