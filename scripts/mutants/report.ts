/**
 * What the survivors are worth: each has an explanation, or is a hole in the explorations.
 *
 * @module
 */
import type { Survivor } from "../../packages/core/test/explore/survivors.ts";
import type { Mutant } from "./edits.ts";
import type { Outcome } from "./run.ts";

/** Sorts survivors and explanations of the files that ran into those that belong together and those that are left over. */
export function judge(outcomes: readonly Outcome[], explanations: readonly Survivor[]): { unexplained: readonly Mutant[]; outdated: readonly string[] } {
  const files = new Set(outcomes.map(({ mutant }) => mutant.file));
  const alive = outcomes.filter(({ killed }) => !killed).map(({ mutant }) => mutant);
  const outdated = explanations
    .filter(({ file }) => files.has(file))
    .flatMap(({ file, line, edits }) => edits.map((edit) => ({ file, text: line, edit })))
    .filter((one) => !alive.some((mutant) => isSame(mutant, one)));
  return {
    unexplained: alive.filter((mutant) => explain(mutant, explanations) === undefined),
    outdated: outdated.map(({ file, text, edit }) => `${file}: ${text}\n  ${edit}`),
  };
}

function explain(mutant: Mutant, explanations: readonly Survivor[]): string | undefined {
  return explanations.find(({ file, line, edits }) => edits.some((edit) => isSame(mutant, { file, text: line, edit })))?.why;
}

type Key = Pick<Mutant, "file" | "text" | "edit">;

function isSame(one: Key, other: Key): boolean {
  return one.file === other.file && one.text === other.text && one.edit === other.edit;
}

const TITLE = `# Mutants

Every edit of one place in the algorithms that might be a mistake, and what the explorations beside this file say to it. Written by
\`npm run mutants\`; the explanations stand in \`survivors.ts\`.

| file | mutants | killed | survivors |
| --- | --: | --: | --: |
`;

/** The report, in which the files that did not run keep what `old` says of them. */
export function report(order: readonly string[], outcomes: readonly Outcome[], explanations: readonly Survivor[], old: string): string {
  const rows: string[] = [];
  const sections: string[] = [];
  const sum = [0, 0];
  for (const file of order) {
    const ran = outcomes.filter(({ mutant }) => mutant.file === file);
    const alive = ran.filter(({ killed }) => !killed).map(({ mutant }) => mutant);
    const known = new RegExp(`^\\| ${file.replaceAll(".", "\\.")} \\| (\\d+) \\| (\\d+) \\|`, "m").exec(old);
    const [total, killed] = ran.length > 0 ? [ran.length, ran.length - alive.length] : [Number(known?.[1] ?? 0), Number(known?.[2] ?? 0)];
    rows.push(`| ${file} | ${total} | ${killed} | ${total - killed} |`);
    sum[0] = (sum[0] as number) + total;
    sum[1] = (sum[1] as number) + killed;
    const section = ran.length > 0 ? sectionOf(file, alive, explanations) : old.split(/^(?=## )/m).find((part) => part.startsWith(`## ${file}\n`));
    if (section !== undefined) sections.push(section.trimEnd());
  }
  const [total, killed] = sum as [number, number];
  rows.push(`| all | ${total} | ${killed} (${Math.floor((1000 * killed) / Math.max(total, 1)) / 10} %) | ${total - killed} |`);
  return `${TITLE}${rows.join("\n")}\n\n${sections.join("\n\n")}\n`;
}

function sectionOf(file: string, alive: readonly Mutant[], explanations: readonly Survivor[]): string | undefined {
  if (alive.length === 0) return undefined;
  const whys = Map.groupBy(alive, (mutant) => explain(mutant, explanations) ?? "Not explained.");
  const items = [...whys].map(([why, mutants]) => `${why}\n\n${mutants.map(({ edit }) => `- ${code(edit)}`).join("\n")}`);
  return `## ${file}\n\n${items.join("\n\n")}`;
}

function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}
