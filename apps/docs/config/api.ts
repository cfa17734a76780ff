/** The API reference: what TypeDoc makes of the packages' own comments. */
import type { StarlightPlugin } from "@astrojs/starlight/types";
import starlightTypeDoc, { typeDocSidebarGroup } from "starlight-typedoc";
import { type Application, Converter, RendererEvent } from "typedoc";

/** The entry points of the packages, and what they are called in imports after the scope. */
const ENTRIES: Readonly<Record<string, string>> = {
  "core/src": "core",
  "pool/src": "pool",
  "pool/src/worker": "pool/worker",
  "pool/src/progress/progress-bar": "pool/progress",
  "shm/src": "shm",
};

/** Calls modules what users import, not where their sources lie. */
function nameModules(app: Application): void {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) module.name = ENTRIES[module.name] ?? module.name;
  });
}

/** A comment that TypeDoc warns of must not be published. */
function failOnWarnings(app: Application): void {
  app.renderer.on(RendererEvent.END, () => {
    const complaints = app.logger.warningCount + app.logger.errorCount;
    if (complaints > 0) throw new Error(`Cannot build the API reference as TypeDoc has ${complaints} complaints: see above`);
  });
}

const plugin: StarlightPlugin = starlightTypeDoc({
  entryPoints: Object.keys(ENTRIES).map((entry) => `../../packages/${entry}${entry.endsWith("src") ? "/index" : ""}.ts`),
  tsconfig: "config/tsconfig.api.json",
  output: "api",
  sidebar: { label: "API", collapsed: true },
  typeDoc: { name: "API", entryFileName: "index", disableGit: true, disableSources: true, plugin: [nameModules, failOnWarnings] },
});

/** Reads all sources, which takes its time: not for a mere check of types. */
export const api: StarlightPlugin = {
  ...plugin,
  hooks: { ...plugin.hooks, "config:setup": (options) => (options.command === "sync" ? undefined : plugin.hooks["config:setup"]?.(options)) },
};

export const apiSidebar = typeDocSidebarGroup;
