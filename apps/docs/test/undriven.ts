/**
 * Runs snippets in a browser that nobody drives, as readers' browsers are: a page clicks Run and posts what it sees.
 *
 * A Firefox that is driven over WebDriver BiDi attaches itself to every worker, and now and then never returns from
 * `new Worker` in a worker. Without a driver it does. WebKitGTK is opened by its driver, which does no more than that.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plugin } from "vite";
import { type BrowserName, browsers, findBrowser, type PlaywrightBrowser } from "../../../scripts/browsers.ts";
import { WebKitSession } from "../../../scripts/webkit-session.ts";

/** What became of a snippet. */
export interface Report {
  readonly name: string;
  readonly state: string;
  readonly printed: string;
}

/** What a snippet may take; several start workers on a busy machine. */
const SNIPPET_MS = 60_000;

const ARGS: Readonly<Record<PlaywrightBrowser, (profile: string) => readonly string[]>> = {
  chromium: (profile) => ["--headless", `--user-data-dir=${profile}`, ...(browsers.chromium.launchOptions?.args ?? [])],
  firefox: (profile) => ["--headless", "--no-remote", "--profile", profile],
};

/** The page that does it: each of the site's pages in a frame, and each snippet of it in turn. */
const harness = (pages: readonly string[]): string => `<!doctype html>
<title>snippets</title>
<iframe style="width: 1000px; height: 800px"></iframe>
<script type="module">
  const frame = document.querySelector("iframe");
  const until = async (find) => {
    for (const end = Date.now() + ${SNIPPET_MS}; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) {
      const found = find();
      if (found) return found;
    }
  };
  for (const page of ${JSON.stringify(pages)}) {
    await new Promise((resolve) => { frame.onload = resolve; frame.src = page; });
    const snippets = await until(() => {
      const all = [...frame.contentDocument.querySelectorAll("interlock-snippet")];
      return all.length > 0 && all.every((one) => one.hasAttribute("data-ready")) && all;
    });
    for (const snippet of snippets ?? []) {
      snippet.querySelector("button[name=run]").click();
      await until(() => ["done", "failed"].includes(snippet.dataset.state));
      // What goes to standard error is not part of what is recorded.
      const printed = [...snippet.querySelectorAll("[role=log] :is(.out, .failed)")].map((line) => line.textContent).join("");
      await fetch("/reports", { method: "POST", body: JSON.stringify({ name: snippet.dataset.name, state: snippet.dataset.state, printed }) });
      snippet.querySelector("button[name=stop]").click();
    }
  }
  await fetch("/reports", { method: "POST", body: "null" });
</script>`;

/** Serves the harness and takes its reports; `done` resolves when it has been through all pages. */
export function harnessOf(pages: readonly string[]): { readonly plugin: Plugin; readonly reports: Map<string, Report>; readonly done: Promise<void> } {
  const reports = new Map<string, Report>();
  let end = (): void => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  const plugin: Plugin = {
    name: "interlock:harness",
    configurePreviewServer: ({ middlewares }) => {
      middlewares.use("/harness", (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end(harness(pages)));
      middlewares.use("/reports", (request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk) => chunks.push(chunk));
        request.on("end", () => {
          response.end();
          const report = JSON.parse(Buffer.concat(chunks).toString()) as Report | null;
          if (report === null) end();
          else reports.set(report.name, report);
        });
      });
    },
  };
  return { plugin, reports, done };
}

/** Opens a page in a fresh browser; returns what ends it. */
export async function openUndriven(name: BrowserName, url: string): Promise<() => Promise<void>> {
  if (name === "webkit") {
    const session = new WebKitSession();
    await session.open(url);
    return () => session.close();
  }
  const program = findBrowser(name);
  if (program === undefined) throw new Error(`Cannot open ${url} as there is no ${name}: install it, or set ${browsers[name].variable}`);
  const profile = mkdtempSync(join(tmpdir(), "interlock-docs-"));
  const child: ChildProcess = spawn(program, [...ARGS[name](profile), url], { stdio: "ignore" });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  return async () => {
    child.kill();
    await exited;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
}
