/** What a snippet should print. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of the snippets. */
export const SNIPPETS: string = join(import.meta.dirname, "../src/snippets");

export interface Expected {
  /** Its exact output. */
  readonly out: string | undefined;
  /** A regular expression for each line, which goes before the output. */
  readonly match: string | undefined;
}

/** What is recorded of a snippet. */
export function expectedOf(name: string): Expected {
  const read = (kind: string): string | undefined => {
    const file = join(SNIPPETS, `${name}.${kind}`);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  return { out: read("out"), match: read("match") };
}

/** How an output differs from what is expected; undefined if it does not. */
export function mismatch(printed: string, { out, match }: Expected): string | undefined {
  const got = lines(printed);
  if (match === undefined) {
    if (out === undefined) return "nothing is recorded of its output";
    return printed.trimEnd() === out.trimEnd() ? undefined : `printed\n${printed}instead of\n${out}`;
  }
  const patterns = lines(match);
  if (got.length !== patterns.length) return `printed ${got.length} lines instead of ${patterns.length}\n${printed}`;
  const wrong = patterns.findIndex((pattern, i) => !new RegExp(`^(?:${pattern})$`, "u").test(got[i] ?? ""));
  return wrong === -1 ? undefined : `printed ${JSON.stringify(got[wrong])}, which ${patterns[wrong]} does not match`;
}

const lines = (text: string): string[] => text.trimEnd().split("\n");
