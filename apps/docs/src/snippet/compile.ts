import { parse } from "es-module-lexer/js";
import { transform } from "sucrase";

/** What a page has of the packages, by the names that programs import. */
const MODULES: Readonly<Record<string, string>> = {
  "@interlock/core": "core.js",
  "@interlock/pool": "pool.js",
};

/** `import.meta.main` of a page: true only in the worker that was told to run this very module. */
const IS_MAIN = '(globalThis[Symbol.for("@interlock/docs/main")] === import.meta.url)';

/**
 * Makes a module for pages of a snippet, line by line: types are gone, bare imports are the page's bundles, and what is
 * logged goes to a channel. All threads of a program import the same module, so tasks are found by its URL as usual.
 *
 * @param lib The folder of the bundles.
 * @param channel Where the module logs to.
 * @throws {SyntaxError} If it is none, or imports what a page does not have.
 */
export function compile(source: string, lib: URL, channel: string): string {
  const { code } = transform(source, { transforms: ["typescript"], disableESTransforms: true });
  let made = code;
  const [imports] = parse(code);
  // From the end, so that positions stay.
  for (const { type, specifier, start, end } of [...imports].reverse()) {
    if (type === "import-meta") {
      const main = /^\s*\.\s*main\b/.exec(made.slice(end));
      if (main !== null) made = made.slice(0, start) + IS_MAIN + made.slice(end + main[0].length);
    } else {
      const url = resolve(specifier, lib);
      made = made.slice(0, start) + (type === "dynamic" ? JSON.stringify(url) : url) + made.slice(end);
    }
  }
  const logs = new URL(`console.js?channel=${encodeURIComponent(channel)}`, lib);
  return `import ${JSON.stringify(logs.href)}; ${made}`;
}

function resolve(specifier: string | undefined, lib: URL): string {
  const file = MODULES[specifier ?? ""];
  if (file !== undefined) return new URL(file, lib).href;
  throw new SyntaxError(`Cannot import ${JSON.stringify(specifier)} in a page: it has ${Object.keys(MODULES).join(" and ")}`);
}
