/** Fails a run that is not on the runtime it names: a green run on the wrong one proves nothing. Others are told which it is. */
import { beforeAll } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** What a file's tests ran on. Pages know no version that is of use: whoever drives the browser does. */
    runtime?: { readonly name: string; readonly version?: string | undefined };
  }
}

declare global {
  interface ImportMeta {
    /** Vitest's, in pages too. */
    readonly env: Readonly<Record<string, string>>;
  }
}

const named = import.meta.env["INTERLOCK_RUNTIME"];
const actual = runtimeName();

if (named !== "" && named !== actual) throw new Error(`Cannot run the tests as this runtime must be ${named}: received ${actual}`);
if (typeof document === "object" && !crossOriginIsolated) throw new Error("Cannot run the tests as the page is not cross-origin isolated");

// biome-ignore lint/correctness/noEmptyPattern: Vitest reads what is taken from the context.
beforeAll(({}, file) => {
  const versions = typeof document === "object" ? {} : (process.versions as Record<string, string | undefined>);
  file.meta.runtime = { name: actual, version: versions["deno"] ?? versions["bun"] ?? versions["node"] };
});

function runtimeName(): string {
  if (typeof document === "object") return browserName(navigator.userAgent);
  const versions = process.versions as Record<string, string | undefined>;
  if (versions["deno"] !== undefined) return "deno";
  return versions["bun"] !== undefined ? "bun" : `node${process.versions.node.split(".")[0]}`;
}

function browserName(userAgent: string): string {
  if (/Chrome\//.test(userAgent)) return "chromium";
  if (/Firefox\//.test(userAgent)) return "firefox";
  return /AppleWebKit\//.test(userAgent) ? "webkit" : userAgent;
}
