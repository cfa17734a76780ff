/** What importing something costs, minified and gzipped: `npm run size` fails if it grows. */
import type { BuildOptions } from "esbuild";

const check = (name: string, path: string, named: string, limit: string, ignore: readonly string[] = []): object => ({
  name,
  path: `packages/${path}.js`,
  import: named,
  limit,
  gzip: true,
  ignore,
  modifyEsbuildConfig: (options: BuildOptions): BuildOptions => ({ ...options, format: "esm" }),
});

export default [
  check("core: Lock", "core/dist/index", "{ Lock }", "6.65 kB"),
  check("core: everything", "core/dist/index", "*", "27.8 kB"),
  check("core: Queue", "core/dist/index", "{ Queue }", "26.1 kB"),
  check("core: Value", "core/dist/index", "{ Value }", "10.15 kB"),
  check("pool: Pool in a page", "pool/dist/index", "{ Pool }", "56 kB"),
  check("pool: worker of a page", "pool/dist/worker", "{ serve }", "50 kB"),
  check("shm, beside core", "shm/dist/index", "*", "10 kB", ["@interlock/core", "@interlock/core/base"]),
];
