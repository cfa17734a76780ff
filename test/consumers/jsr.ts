import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { published } from "../../scripts/packages.ts";

/** What is read of a jsr.json. */
interface Configuration {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  readonly publish: { readonly include: readonly string[] };
}

const root = join(import.meta.dirname, "../..");

/** Serves the packages as JSR would: their sources, whose imports say where they lead, and a manifest that lists them. */
export async function serveJsr(): Promise<{ readonly url: string; close(): void }> {
  const files = new Map(published().flatMap(({ folder }) => [...filesOf(join(root, folder))]));
  const server = createServer(({ url = "" }, response) => {
    const body = files.get(url);
    const type = url.endsWith(".json") ? "application/json" : "text/typescript";
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => void server.close() };
}

function filesOf(folder: string): Map<string, string> {
  const { name, version, exports, imports, publish } = JSON.parse(readFileSync(join(folder, "jsr.json"), "utf8")) as Configuration;
  const paths = publish.include.flatMap((path) => (statSync(join(folder, path)).isDirectory() ? globSync(`${path}/**/*.ts`, { cwd: folder }) : [path]));
  const texts = paths.map((path) => [path, resolved(readFileSync(join(folder, path), "utf8"), path, imports)] as const);
  const manifest = Object.fromEntries(texts.map(([path, text]) => [`/${path}`, { size: Buffer.byteLength(text), checksum: `sha256-${sha256(text)}` }]));
  return new Map([
    [`/${name}/meta.json`, JSON.stringify({ name, latest: version, versions: { [version]: {} } })],
    [`/${name}/${version}_meta.json`, JSON.stringify({ manifest, exports })],
    ...texts.map(([path, text]) => [`/${name}/${version}/${path}`, text] as const),
  ]);
}

/** A source with its bare imports replaced by what jsr.json says of them, as happens when it is published. */
function resolved(text: string, path: string, imports: Readonly<Record<string, string>>): string {
  return Object.entries(imports).reduce((before, [bare, target]) => {
    const up = "../".repeat(path.split("/").length - 1);
    const to = target.startsWith("./") ? up + target.slice(2) : target;
    return before.replaceAll(new RegExp(`((?:from|import) ?\\(?")${bare}((?:/[^"]*)?")`, "g"), `$1${to}$2`);
  }, text);
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
