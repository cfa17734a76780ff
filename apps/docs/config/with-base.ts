import type { Plugin } from "vite";

/** Puts the path of the site before links that begin at its root: pages are written without it. */
export function withBase(base: string): Plugin {
  return {
    name: "interlock:with-base",
    enforce: "pre",
    transform: (code, id) => (base !== "/" && /\.mdx(?:\?|$)/.test(id) ? { code: code.replaceAll("](/", `](${base}`), map: null } : undefined),
  };
}
