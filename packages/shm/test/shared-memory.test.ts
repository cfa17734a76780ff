import { chmodSync, existsSync, openSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { Lock, Value } from "@interlock/core";
import { attachMemory, capabilities, createMemory, SharedMemory, type ShmHandle } from "@interlock/shm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { requireSys } from "../src/capabilities.ts";
import { apart, chooseMapping, overlay, selfTest } from "../src/mapping.ts";
import { createFile } from "../src/segment.ts";
import type { Sys } from "../src/sys/sys.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function created(size: number, name?: string): SharedMemory {
  const memory = SharedMemory.create(name === undefined ? { size } : { size, name });
  ends.push(() => {
    memory.close();
    try {
      memory.unlink();
    } catch {
      // The test did.
    }
  });
  return memory;
}

const path = (name: string): string => `/dev/shm/${name}`;

describe("SharedMemory", () => {
  it("is the same for whoever attaches it, and has its size", () => {
    const memory = created(512);
    const other = SharedMemory.attach(memory.name);
    memory.bytes[0] = 42;
    expect([other.bytes[0], other.size, other.bytes.length]).toEqual([42, 512, 512]);
    other.close();
  });

  it("has a name that nobody guesses, of at most 31 characters", () => {
    expect(created(1).name).toMatch(/^interlock-[\w-]{16}$/);
    expect(created(1).name).not.toBe(created(1).name);
  });

  it.each([[-1], [0], [1.5], [Number.NaN], [2 ** 33]])("refuses a size of %d", (size) => {
    expect(() => SharedMemory.create({ size })).toThrow(RangeError);
  });

  it.each([["a\0b"], ["a/b"], [""], [".."], ["x".repeat(300)]])("refuses the name %j", (name) => {
    expect(() => SharedMemory.attach(name)).toThrow(TypeError);
  });

  it("refuses a name that is taken, and one that nobody has", () => {
    const { name } = created(1, `interlock-test-${process.pid}`);
    expect(() => SharedMemory.create({ size: 1, name })).toThrow(/is taken/);
    expect(() => SharedMemory.attach("interlock-there-is-none")).toThrow(/there is none/);
  });

  it("goes with its name only once", () => {
    const memory = created(8);
    memory.unlink();
    expect(() => memory.unlink()).toThrow(/there is none of that name any more/);
    expect(existsSync(path(memory.name))).toBe(false);
    memory.bytes[0] = 1;
    expect(memory.bytes[0]).toBe(1);
  });

  it("reads zeros after its end, and ends once", () => {
    const memory = created(8);
    const { bytes } = memory;
    bytes[0] = 1;
    memory.close();
    memory.close();
    expect(bytes[0]).toBe(0);
    expect(() => memory.buffer).toThrow(/is closed/);
  });

  it("takes what crashed programs left, and nothing that somebody has", async () => {
    const kept = created(8);
    // As long as names that are generated; and a name of somebody's own.
    const [left, own] = ["interlock-left-behind-2345", "interlock-of-my-own"];
    for (const name of [left, own]) writeFileSync(path(name), "x", { mode: 0o600 });
    ends.push(() => rmSync(path(own)));
    created(8);
    // A sweep of a test beside this one may be about to take it, and then this one leaves it alone.
    await vi.waitFor(() => expect(readdirSync("/dev/shm")).not.toContain(left), { timeout: 5000 });
    expect(readdirSync("/dev/shm")).toEqual(expect.arrayContaining([kept.name, own]));
  });

  it("refuses what others may open", () => {
    const memory = created(8);
    chmodSync(path(memory.name), 0o640);
    expect(() => SharedMemory.attach(memory.name)).toThrow(/others may open it: received mode 640/);
  });

  it("says so when there is not enough memory, and leaves nothing behind", () => {
    const sys = requireSys("test");
    // As where a container has little: without it, the first touch would end the program.
    const poor = new Proxy(sys, {
      get(target, key) {
        const method = Reflect.get(target, key) as (...args: unknown[]) => unknown;
        return key === "allocate" ? () => false : typeof method === "function" ? method.bind(target) : method;
      },
    });
    expect(() => createFile(poor, "interlock-poor", 4096, "create SharedMemory")).toThrow(/there is no memory for 4096 bytes: look at "df \/dev\/shm"/);
    expect(readdirSync("/dev/shm")).not.toContain("interlock-poor");
  });
});

describe("createMemory", () => {
  function memoryOf(name?: string | true): ReturnType<typeof createMemory> {
    const memory = createMemory(name === undefined ? { size: 1024 } : { size: 1024, name });
    ends.push(() => {
      memory.close();
      memory.unlink();
    });
    return memory;
  }

  it("gives what core's objects work in", () => {
    const memory = memoryOf();
    const [value, lock] = [new Value("int32", 5, { memory }), new Lock({ memory })];
    expect(lock.run(() => value.update((n) => n + 1))).toBe(6);
    expect([memory.crossProcess, memory.buffer instanceof SharedArrayBuffer]).toEqual([true, requireSys("test").overlays]);
  });

  it("has as much room as it says, and tells when it is full", () => {
    const memory = memoryOf();
    expect(memory.size).toBeGreaterThanOrEqual(1024);
    expect(() => memory.allocate(memory.size + 1)).toThrow(/create it with a larger 'size'/);
  });

  it("is found by name, and gone without", () => {
    const memory = memoryOf(true);
    const value = new Value("int32", 3, { memory });
    expect(attachMemory(memory.name as string)).toBe(memory);
    expect(attachMemory(memory.handle)).toBe(memory);
    expect(Value.attach(value.handle).value).toBe(3);
    expect([memory.unlink(), memory.unlink()]).toEqual([true, false]);
  });

  it("is attached anew after its end, by somebody else", () => {
    const memory = memoryOf(true);
    const lock = new Lock({ memory });
    lock.acquire();
    const { handle } = lock;
    // Or a test beside this one sweeps it while nobody has it. It is no member, so its opening of the file keeps no owner alive.
    const kept = SharedMemory.attach(memory.name as string);
    ends.push(() => kept.close());
    memory.close();
    const again = attachMemory(handle.memory as ShmHandle);
    ends.push(() => again.close());
    expect(again).not.toBe(memory);
    // The one who held it is gone.
    expect(() => Lock.attach(handle).acquire({ timeout: 1000 })).toThrow(/its owner died/);
    expect(() => again.allocate(8)).toThrow(/this memory is attached/);
  });

  it.each<[string, (handle: ShmHandle) => unknown, RegExp]>([
    ["of nothing", () => null, /its handle is none/],
    ["of another version", (handle) => ({ ...handle, layout: 99 }), /of another version/],
    ["of a process that is gone", (handle) => ({ ...handle, id: "1:2:3:4", name: undefined, pid: 2 ** 22 + 1 }), /is gone/],
    ["of a name that is gone", (handle) => ({ ...handle, id: "1:2:3:4", name: "interlock-gone" }), /none named/],
    ["of a name with a way in it", (handle) => ({ ...handle, id: "1:2:3:4", name: "../../etc/passwd" }), /without a slash/],
    ["of another memory than is there", (handle) => ({ ...handle, id: "1:2:3:4" }), /not the one that the handle is of/],
    [
      "of a file that is no memory",
      (handle) => ({ ...handle, id: "1:2:3:4", name: undefined, descriptor: openSync(new URL(import.meta.url), "r") }),
      /Cannot attach/,
    ],
  ])("refuses a handle %s", (_, spoil, message) => {
    const memory = memoryOf(true);
    expect(() => attachMemory(spoil(memory.handle) as ShmHandle)).toThrow(message);
  });

  it.each<[string, (file: string, view: DataView) => void, RegExp]>([
    ["holds something else", (_, view) => view.setInt32(0, 1, true), /does not hold objects of interlock's/],
    ["is of another version", (_, view) => view.setInt32(4, 9, true), /its layout versions must be/],
    ["says that it is larger", (_, view) => view.setFloat64(16, 1e9, true), /was made with 1000000000 bytes/],
    ["was cut", (file) => truncateSync(file, 100), /too small/],
    ["was made longer", (file) => truncateSync(file, 1 << 20), /was made with/],
    ["may be opened by others", (file) => chmodSync(file, 0o604), /others may open it/],
  ])("refuses memory that %s", (_, spoil, message) => {
    const memory = memoryOf(true);
    const name = memory.name as string;
    const { buffer } = SharedMemory.attach(name);
    memory.close();
    spoil(path(name), new DataView(buffer));
    expect(() => attachMemory(name)).toThrow(message);
  });

  it("leaves nothing behind", () => {
    const names = Array.from({ length: 50 }, () => {
      const memory = createMemory({ size: 1000, name: true });
      memory.unlink();
      memory.close();
      return memory.name;
    });
    expect(names.filter((name) => existsSync(path(name as string)))).toEqual([]);
  });
});

it.each([
  ["over memory of the engine's", overlay],
  ["beside it", apart],
])("files can be mapped %s", (_, mapping) => {
  const sys = requireSys("test");
  if (mapping === overlay && !sys.overlays) return;
  expect(selfTest(sys, mapping)).toBeUndefined();
  const descriptor = createFile(sys, undefined, 100, "test");
  const mapped = mapping(sys, descriptor, 100);
  const bytes = new Uint8Array((mapped as NonNullable<typeof mapped>).buffer);
  bytes[0] = 1;
  mapped?.release();
  expect(bytes[0]).toBe(0);
  sys.close(descriptor);
});

it("where files cannot be mapped over memory of the engine's, they are mapped beside it", () => {
  const sys = requireSys("test");
  const without = (missing: readonly string[]): Sys =>
    new Proxy(sys, {
      get(target, key) {
        const method = Reflect.get(target, key) as unknown;
        if (missing.includes(String(key))) return () => undefined;
        return typeof method === "function" ? method.bind(target) : method;
      },
    });
  expect(chooseMapping(without([])).mapping).toBe(sys.overlays ? overlay : apart);
  expect(chooseMapping(without(["map"])).mapping).toBe(apart);
  expect(chooseMapping(without(["map", "mapApart"]))).toMatchObject({ mapping: undefined, reason: "files cannot be mapped" });
});

it("capabilities say what there is", () => {
  expect(capabilities()).toEqual({ sharedMemory: true, reason: undefined, ffi: expect.stringMatching(/^(?:koffi|node:ffi|deno|bun)$/) });
});
