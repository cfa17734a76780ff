import { build } from "esbuild";
import { expect, it } from "vitest";

// Whoever shares no memory between processes carries nothing of it, and needs no foreign function interface.

/** What only this package says. */
const TRACE = /koffi|memfd|dlopen|bun:ffi/;

async function bundle(name: string): Promise<{ readonly files: readonly string[]; readonly text: string }> {
  const { metafile, outputFiles } = await build({
    stdin: { contents: `export * from ${JSON.stringify(name)};`, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    external: ["koffi", "bun:ffi"],
    conditions: ["@interlock/source"],
  });
  return { files: Object.keys(metafile.inputs).filter((file) => file.includes("packages/shm/")), text: outputFiles.map(({ text }) => text).join("") };
}

it.each(["@interlock/core", "@interlock/pool"])("a bundle of %s holds no trace of it", async (name) => {
  const { files, text } = await bundle(name);
  expect(files).toEqual([]);
  expect(text.length).toBeGreaterThan(10_000);
  expect(text).not.toMatch(TRACE);
});

it("is recognised where it is", async () => {
  const { files, text } = await bundle("@interlock/shm");
  expect(files.length).toBeGreaterThan(5);
  expect(text).toMatch(TRACE);
});
