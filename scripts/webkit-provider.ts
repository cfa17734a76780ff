/** Lets Vitest run tests in WebKitGTK. */
import { defineBrowserProvider } from "@vitest/browser";
import type { BrowserProvider, BrowserProviderOption, TestProject } from "vitest/node";
import { WebKitSession } from "./webkit-session.ts";

export function webkit(): BrowserProviderOption {
  return defineBrowserProvider({
    name: "webkit",
    supportedBrowser: ["webkit"],
    options: {},
    providerFactory: (project) => new WebKitProvider(project),
  });
}

class WebKitProvider implements BrowserProvider {
  readonly name = "webkit";
  /** The driver has one session at a time. */
  readonly supportsParallelism = false;
  /** Which browser this is, once it runs: named as Playwright's provider names its own. */
  browser: { version(): string } | null = null;
  readonly #session = new WebKitSession();

  constructor(project: TestProject) {
    // The window stays as it is: no test looks at it.
    project.browser?.registerCommand("__vitest_viewport" as never, (() => {}) as never);
  }

  getCommandsContext(): Record<string, unknown> {
    return {};
  }

  async openPage(_id: string, url: string): Promise<void> {
    await this.#session.open(url);
    const { version } = this.#session;
    this.browser = { version: () => version };
  }

  async close(): Promise<void> {
    await this.#session.close();
  }
}
