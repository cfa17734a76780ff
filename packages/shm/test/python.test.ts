import { ShareableList, SharedMemory } from "@interlock/shm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasPython, Python } from "./fixtures/python.ts";

describe.skipIf(!hasPython)("with Python", () => {
  let python: Python;
  beforeAll(() => {
    python = new Python();
  });
  afterAll(() => python.end());

  it("an array of doubles is the same on both sides, created here", async () => {
    const memory = SharedMemory.create({ size: 800 });
    try {
      const doubles = new Float64Array(memory.buffer, 0, 100).fill(1.5);
      await python.run("scale", memory.name, 100, 2);
      expect([...doubles]).toEqual(new Array(100).fill(3));
    } finally {
      memory.unlink();
      memory.close();
    }
  });

  it("bytes are the same on both sides, created there", async () => {
    const name = await python.run<string>("create", 64, "from Python");
    const memory = SharedMemory.attach(name);
    expect(memory.size).toBe(64);
    expect(new TextDecoder().decode(memory.bytes.slice(0, 11))).toBe("from Python");
    memory.bytes.set(new TextEncoder().encode("from here"));
    expect(await python.run("read", name, 9)).toBe("from here");
    memory.close();
    await python.run("unlink", name);
    expect(() => SharedMemory.attach(name)).toThrow(/there is none/);
  });

  const ITEMS = [1, -(2 ** 40), 2.5, true, false, null, "text", "longer than eight bytes", "", "encodés", "日本"];

  it("a list reads the same on both sides, created here", async () => {
    const list = ShareableList.create([...ITEMS, Uint8Array.of(1, 0, 2), 2n ** 62n]);
    try {
      const items = await python.run<unknown[]>("items", list.shm.name, []);
      // What JSON makes of a large int is not the list's doing.
      expect(items.slice(0, -1)).toEqual([...ITEMS, { bytes: [1, 0, 2] }]);
      expect(BigInt(items.at(-1) as number)).toBe(2n ** 62n);
    } finally {
      list.shm.unlink();
      list.shm.close();
    }
  });

  it("a list reads the same on both sides, created there", async () => {
    const ascii = [1, -3, 2.5, true, false, null, "text", "longer than eight bytes", ""];
    const name = await python.run<string>("list", [...ascii, { bytes: [1, 0, 2] }]);
    const list = ShareableList.attach(name);
    expect([...list]).toEqual([...ascii, Uint8Array.of(1, 0, 2)]);
    list.shm.close();
    await python.run("unlink", name);
  });

  it("what either changes the other reads, also into another kind", async () => {
    const list = ShareableList.create([1, "text", 2.5, true, null]);
    try {
      expect(
        await python.run("items", list.shm.name, [
          [0, 1.5],
          [1, "TEXT"],
          [3, null],
          [4, 7],
        ]),
      ).toEqual([1.5, "TEXT", 2.5, null, 7]);
      expect([...list]).toEqual([1.5, "TEXT", 2.5, null, 7]);
      list.set(0, "a");
      list.set(1, 42);
      list.set(2, false);
      list.set(3, "été");
      expect(await python.run("items", list.shm.name, [])).toEqual(["a", 42, false, "été", 7]);
    } finally {
      list.shm.unlink();
      list.shm.close();
    }
  });
});
