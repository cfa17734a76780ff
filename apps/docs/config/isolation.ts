import type { Connect, Plugin } from "vite";
import { ISOLATION } from "../../../scripts/browsers.ts";

/**
 * Sends the headers that isolate a page with every response, also with "304 Not Modified", which servers leave them out of: WebKit
 * starts no worker of a script that it has asked for again without them.
 */
export function isolation(): Plugin {
  const use = ({ middlewares }: { readonly middlewares: Connect.Server }): void => {
    middlewares.use((_, response, next) => {
      for (const [name, value] of Object.entries(ISOLATION)) response.setHeader(name, value);
      next();
    });
  };
  return { name: "interlock:isolation", configureServer: use, configurePreviewServer: use };
}
