import { existsSync } from "node:fs";
import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import starlightLinksValidator from "starlight-links-validator";
import { api, apiSidebar } from "./config/api.ts";
import { isolation } from "./config/isolation.ts";
import { withBase } from "./config/with-base.ts";

const docs = new URL("./src/content/docs/", import.meta.url);

/** A page of the sidebar, if it has been written. */
const page = (slug: string) => (["md", "mdx"].some((kind) => existsSync(new URL(`${slug}.${kind}`, docs))) ? [{ slug }] : []);

/** The pages of a folder, in the order of their `sidebar.order`, if there are any. */
const folder = (label: string, directory: string) => (existsSync(new URL(directory, docs)) ? [{ label, items: [{ autogenerate: { directory } }] }] : []);

/** Where the site will be: a path such as /interlock/ on a host that serves several. */
const base = process.env["DOCS_BASE"] ?? "/";

export default defineConfig({
  base,
  ...(process.env["DOCS_SITE"] === undefined ? {} : { site: process.env["DOCS_SITE"] }),
  trailingSlash: "always",
  integrations: [
    starlight({
      title: "interlock",
      description: "Python's multiprocessing for TypeScript: shared values, locks, queues and pools over threads and processes",
      favicon: "/favicon.svg",
      customCss: ["./src/styles/site.css"],
      components: { Head: "./src/components/Head.astro" },
      plugins: [api, starlightLinksValidator()],
      sidebar: [
        ...folder("Start", "start"),
        ...page("coming-from-python"),
        ...folder("Guides", "guides"),
        ...folder("Recipes", "recipes"),
        apiSidebar,
        { label: "Results", items: ["matrix", "conformance", "faults", "benchmarks", "changelog"].flatMap(page) },
      ],
    }),
  ],
  vite: {
    // Pages share memory between their workers: the development server and the preview send what that needs.
    plugins: [isolation(), withBase(base)],
    resolve: { conditions: ["@interlock/source", "module", "browser", "development|production"] },
    ssr: { resolve: { conditions: ["@interlock/source", "module", "node", "development|production"] } },
    worker: { format: "es" },
  },
});
