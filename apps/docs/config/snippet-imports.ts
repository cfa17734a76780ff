import type { Plugin } from "vite";

const IMPORT = 'import Snippet from "/src/components/Snippet.astro";';

/** Lets every page use `<Snippet name="..." />` without importing it. */
export function snippetImports(): Plugin {
  return {
    name: "interlock:snippet-imports",
    enforce: "pre",
    transform(code, id) {
      if (!/\.mdx(?:\?|$)/.test(id) || !code.includes("<Snippet ") || /^import Snippet /m.test(code)) return undefined;
      // After the frontmatter, on a line of its own.
      return { code: code.replace(/^---\n[\s\S]*?\n---\n/, (frontmatter) => `${frontmatter}${IMPORT}\n\n`), map: null };
    },
  };
}
