import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

// What is said where memory cannot be shared: by programs of their own, as this one may do all.

const program = fileURLToPath(new URL("./programs/try-memory.ts", import.meta.url));
const CONDITION = "--conditions=@interlock/source";
const isDeno = "Deno" in globalThis;
const isBun = "Bun" in globalThis;
const withoutKoffi = ["--import", fileURLToPath(new URL("./programs/hide-koffi.ts", import.meta.url))];
/** Node 26 and later have a foreign function interface of their own. */
const needsKoffi = !isDeno && !isBun && process.getBuiltinModule("node:ffi") === undefined;

function run(flags: readonly string[]): unknown {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, CONDITION, program], { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe("without leave to call the system", () => {
  it.skipIf(!isDeno)("Deno is told which leave it needs", () => {
    expect(run(["run", "--allow-read", "--allow-env"])).toEqual({
      error: expect.stringMatching(/^TypeError: Cannot create shared memory as the foreign function interface is not permitted: run Deno with --allow-ffi/),
      sharedMemory: false,
      lock: "works",
    });
  });

  it.skipIf(!isDeno)("Deno needs no other", () => {
    expect(run(["run", "--allow-ffi", "--allow-read", "--allow-env"])).toMatchObject({ error: "", sharedMemory: true });
  });

  it.skipIf(isDeno || isBun)("Node under its permission model is told so", () => {
    expect(run(["--permission", "--allow-fs-read=*"])).toEqual({
      error: expect.stringMatching(/^TypeError: Cannot create shared memory as the foreign function interface is not permitted/),
      sharedMemory: false,
      lock: "works",
    });
  });
});

it.skipIf(!needsKoffi)("without koffi, Node is told to install it, and the rest works", () => {
  expect(run(withoutKoffi)).toEqual({
    error: expect.stringMatching(
      /^TypeError: Cannot create shared memory as this version of Node has no foreign function interface: install koffi \(npm install koffi\), or use Node 26/,
    ),
    sharedMemory: false,
    lock: "works",
  });
});

it.skipIf(isDeno || isBun || needsKoffi)("without koffi, Node shares memory by what it brings along", () => {
  expect(run(withoutKoffi)).toEqual({ error: "", sharedMemory: true, lock: "works" });
});
