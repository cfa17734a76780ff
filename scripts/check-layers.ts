/**
 * Keeps the layering that ARCHITECTURE.md states, where the compiler cannot.
 *
 * Usage: node scripts/check-layers.ts
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface Rule {
  /** What the files may not contain. */
  readonly absent: RegExp;
  readonly in: string;
  readonly except: readonly string[];
  readonly because: string;
}

const RUNTIME = ["packages/pool/src/runtime/"];
/** It draws on terminals, which only servers have. */
const PROGRESS = ["packages/pool/src/progress/"];

const rules: readonly Rule[] = [
  {
    absent: /\b(?:globalThis|performance|setTimeout|setInterval|clearTimeout|queueMicrotask|process|Deno|Bun|navigator|document)\b/,
    in: "packages/core/src/**/*.ts",
    except: ["packages/core/src/sys/host.ts", "packages/core/src/sys/host-texts.ts", "packages/core/src/sys/thread.ts"],
    because: "core names no host: sys/host.ts and sys/host-texts.ts do (and sys/thread.ts hangs its table on globalThis)",
  },
  {
    absent: /\bAtomics\.(?:wait|waitAsync|notify)\b/,
    in: "packages/*/src/**/*.ts",
    except: ["packages/core/src/sys/futex.ts"],
    because: "only sys/futex.ts waits or notifies",
  },
  { absent: /from "(?!\.)/, in: "packages/core/src/**/*.ts", except: [], because: "core has no dependency" },
  {
    absent: /from "(?!\.|@interlock\/core(?:\/base)?"|#hydrate")/,
    in: "packages/pool/src/**/*.ts",
    except: [...RUNTIME, ...PROGRESS],
    because: "pool uses core's public index; what a runtime brings is for runtime/",
  },
  {
    absent: /from "(?!\.|@interlock\/core\/base"|node:worker_threads")/,
    in: "packages/shm/src/**/*.ts",
    except: [],
    because: "shm uses core's public index, and no package; koffi is loaded where it is installed",
  },
  { absent: /@interlock\/shm/, in: "packages/{core,pool}/src/**/*.ts", except: [], because: "nothing depends on shm" },
  {
    absent: /from "(?!\.|node:process"|ora")/,
    in: "packages/pool/src/progress/*.ts",
    except: [],
    because: "ora is the only dependency of pool",
  },
  {
    absent: /(?:from|import) ?\(?"[^"]*\bprogress\//,
    in: "packages/pool/src/**/*.ts",
    except: PROGRESS,
    because: "whoever shows no progress loads no terminal library: progress/ is for its entry point alone",
  },
  {
    absent: /\b(?:process\.(?!ts)|Deno\b|Bun\b|navigator\.|new Worker\(|node:)/,
    in: "packages/pool/src/**/*.ts",
    except: [...RUNTIME, ...PROGRESS],
    because: "only runtime/ knows which runtime this is",
  },
  {
    absent: /\b(?:node|deno|bun|browser)\.ts"/,
    in: "packages/pool/src/**/*.ts",
    except: ["packages/pool/src/runtime/select.ts"],
    because: "select.ts is the only if",
  },
  { absent: /^(?:const .*= )?await\b/, in: "packages/*/src/**/*.ts", except: [], because: "no top-level await: require() of the build must work" },
];

let broken = 0;
for (const rule of rules) {
  for (const file of globSync(rule.in).sort()) {
    if (rule.except.some((one) => file.startsWith(one))) continue;
    code(readFileSync(file, "utf8")).forEach((line, i) => {
      if (!rule.absent.test(line)) return;
      broken++;
      console.error(`${file}:${i + 1}: ${line.trim()}\n  ${rule.because}`);
    });
  }
}

/** What a worker does not load, so that it starts sooner. */
const POOL = /^packages\/pool\/src\/(?:index\.|pool\.|thread\.|process\.|execution\.|wait\.|dispatch\/|backends\/)/;
for (const [file, importer] of loadedBy(["packages/pool/src/worker.ts", "packages/pool/src/entry/child.ts"])) {
  if (!POOL.test(file)) continue;
  broken++;
  console.error(`${importer}: imports ${file}\n  a worker loads no pool: it starts sooner`);
}
if (broken > 0) process.exit(1);
console.log(`Layers hold: ${rules.length + 1} rules`);

/** All modules that are loaded with some, within a package; each with one that imports it. Types load nothing. */
function loadedBy(entries: readonly string[]): Map<string, string> {
  const loaded = new Map(entries.map((entry) => [entry, entry]));
  for (const file of loaded.keys()) {
    const text = code(readFileSync(file, "utf8")).join("\n");
    for (const [, path] of text.matchAll(/^(?:import|export)\b(?! type\b)(?:[^;"]*\bfrom)? "(\.[^"]*)"/gm)) {
      const imported = join(dirname(file), path as string);
      if (!loaded.has(imported)) loaded.set(imported, file);
    }
  }
  return loaded;
}

/** The lines of a file without comments, numbered as before. Strings that name a thing do not use it. */
function code(text: string): string[] {
  const blank = (part: string): string => part.replace(/[^\n]/g, " ");
  return text
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/`[^`]*`/g, blank)
    .replace(/(^|\s)\/\/.*$/gm, blank)
    .split("\n");
}
