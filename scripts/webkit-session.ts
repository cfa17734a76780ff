/** A window of WebKitGTK, as Debian has it: opened by WebKitWebDriver, on a screen that nobody sees. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { findBrowser } from "./browsers.ts";

/** How long the driver may take to listen. */
const PATIENCE_MS = 30_000;

/** One browser with one page: the driver has no more at a time. */
export class WebKitSession {
  /** What the browser calls its version, once a page is open. */
  version = "";
  readonly #children: ChildProcess[] = [];
  /** Where it takes its commands. */
  #session: Promise<string> | undefined;

  constructor() {
    process.once("exit", () => this.#kill());
  }

  /** Opens a page in place of the one before. */
  async open(url: string): Promise<void> {
    this.#session ??= this.#start();
    await ask("POST", `${await this.#session}/url`, { url });
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    if (session !== undefined) await ask("DELETE", session).catch(() => {});
    this.#kill();
  }

  async #start(): Promise<string> {
    const screen = this.#spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], {});
    const display = await firstLine(screen.stdio[3] as Readable, screen);
    const port = await freePort();
    // Without the variable it has no SharedArrayBuffer, cross-origin isolated or not.
    const env = { DISPLAY: `:${display}`, JSC_useSharedArrayBuffer: "1" };
    const driver = this.#spawn(findBrowser("webkit") ?? "WebKitWebDriver", [`--port=${port}`], env);
    const base = `http://127.0.0.1:${port}`;
    await listening(base, driver);
    const { sessionId, capabilities } = (await ask("POST", `${base}/session`, { capabilities: { alwaysMatch: {} } })) as {
      sessionId: string;
      capabilities: { browserVersion: string };
    };
    this.version = capabilities.browserVersion;
    return `${base}/session/${sessionId}`;
  }

  #spawn(program: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
    // Whoever waits for it is told.
    child.on("error", () => {});
    this.#children.push(child);
    return child;
  }

  #kill(): void {
    // The driver first: its browser is on the screen.
    for (const child of this.#children.splice(0).reverse()) child.kill();
  }
}

/** One command of the WebDriver protocol. */
async function ask(method: string, url: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: { error?: string; message?: string } | null };
  if (!response.ok) throw new Error(`Cannot ${method} ${url} as WebKitWebDriver refused: ${value?.error}: ${value?.message}`);
  return value;
}

async function listening(base: string, driver: ChildProcess): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await ask("GET", `${base}/status`);
      return;
    } catch (cause) {
      if (driver.pid === undefined || driver.exitCode !== null || Date.now() > end)
        throw new Error(`Cannot reach WebKitWebDriver as ${base} does not answer`, { cause });
      await delay(50);
    }
  }
}

async function firstLine(stream: Readable, child: ChildProcess): Promise<string> {
  const ended = Promise.race([once(child, "error").then(([error]) => String(error)), once(child, "exit").then(([code]) => `it exited with ${code}`)]);
  const line = await Promise.race([once(stream, "data"), ended]);
  if (typeof line === "string") throw new Error(`Cannot open a screen with Xvfb: ${line}`);
  return String(line[0]).trim();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
