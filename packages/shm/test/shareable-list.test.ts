import { type ShareableItem, ShareableList, SharedMemory } from "@interlock/shm";
import { afterEach, describe, expect, it } from "vitest";

const lists: ShareableList[] = [];
afterEach(() => {
  for (const { shm } of lists.splice(0)) {
    shm.unlink();
    shm.close();
  }
});

function listOf(...items: ShareableItem[]): ShareableList {
  const list = ShareableList.create(items);
  lists.push(list);
  return list;
}

describe("a ShareableList", () => {
  it("holds what it was given, in Python's formats", () => {
    const list = listOf("howdy", Uint8Array.from([72, 111]), -273.154, 100, null, true, 42);
    expect([...list]).toEqual(["howdy", Uint8Array.from([72, 111]), -273.154, 100, null, true, 42]);
    expect(list.format).toBe("8s8sdqxxxxxx?xxxxxxxx?q");
    expect([list.length, list.get(-1), list.get(-7)]).toEqual([7, 42, "howdy"]);
    expect([list.count(42), list.count(7), list.indexOf(100), list.indexOf("none")]).toEqual([1, 0, 3, -1]);
    const alike = listOf("1", true, 1);
    expect([alike.indexOf(1n), alike.count(1), alike.indexOf("1")]).toEqual([2, 1, 0]);
  });

  it("takes items of other kinds into its slots, as long as they fit", () => {
    const list = listOf("encod", 1, null);
    list.set(2, "8 bytes!");
    expect([list.get(2), list.format]).toEqual(["8 bytes!", "8sq8s"]);
    list.set(0, "encodés");
    expect(list.get(0)).toBe("encodés");
    expect(() => list.set(0, "encodées")).toThrow(/Cannot set item 0 as it exceeds available storage: received 9 bytes for a slot of 8/);
    expect([...list]).toEqual(["encodés", 1, "8 bytes!"]);
  });

  it("keeps whole numbers of 64 bits", () => {
    const list = listOf(2 ** 53 - 1, -(2n ** 63n), 2n ** 63n - 1n, 5n);
    expect([...list]).toEqual([2 ** 53 - 1, -(2n ** 63n), 2n ** 63n - 1n, 5]);
    expect(() => listOf(2n ** 63n)).toThrow(RangeError);
  });

  it("has no index below the first nor behind the last", () => {
    const list = listOf(1, 2, 3);
    for (const index of [3, -4, 0.5, Number.NaN]) {
      expect(() => list.get(index)).toThrow(RangeError);
      expect(() => list.set(index, 9)).toThrow(/'index' must be an integer from -3 to 2/);
    }
    expect([...list]).toEqual([1, 2, 3]);
  });

  it("refuses what Python would cut off or cannot hold", () => {
    expect(() => listOf("ends in zero\0")).toThrow(/item 0 ends in a zero/);
    expect(() => listOf(1, {} as never)).toThrow(/item 1 must be a number/);
    expect(() => listOf(new Uint8Array(9_999_992).fill(1))).toThrow(/item 0 must have fewer than 9999992 bytes: received 9999992/);
    expect(listOf("x".repeat(9_999_991)).get(0)).toHaveLength(9_999_991);
  });

  it("may be empty, and independent of a copy", () => {
    expect([...listOf()]).toEqual([]);
    const [one, two] = [listOf(1), listOf(1)];
    two.set(0, 2);
    expect(one.get(0)).toBe(1);
  });

  it("is shared by whoever attaches it", () => {
    const list = listOf(1, "x");
    const same = ShareableList.attach(list.shm.name);
    same.set(1, "y");
    expect([...list]).toEqual([1, "y"]);
    same.shm.close();
  });

  it.each([
    ["nothing", (view: DataView) => view.setBigInt64(0, 0n, true), undefined],
    ["a length that is too large", (view: DataView) => view.setBigInt64(0, 2n ** 40n, true), /its length is/],
    ["a negative length", (view: DataView) => view.setBigInt64(0, -1n, true), /its length is/],
    ["slots that leave the memory", (view: DataView) => view.setBigInt64(24, 2n ** 20n, true), /slots have/],
    ["slots that overlap", (view: DataView) => view.setBigInt64(16, 0n, true), /slot 0 goes from/],
    ["slots that begin elsewhere", (view: DataView) => view.setBigInt64(8, 8n, true), /slot 0 goes from/],
  ])("is not taken from memory with %s", (_, spoil, message) => {
    const list = listOf(1, 2);
    spoil(new DataView(list.shm.buffer));
    if (message === undefined) {
      const empty = ShareableList.attach(list.shm.name);
      expect(empty.length).toBe(0);
      empty.shm.close();
    } else expect(() => ShareableList.attach(list.shm.name)).toThrow(message);
  });

  it("refuses slots whose format is damaged", () => {
    const list = listOf("abc");
    const bytes = new Uint8Array(list.shm.buffer);
    const format = 24 + 8;
    bytes.set(new TextEncoder().encode("999s"), format);
    expect(() => list.get(0)).toThrow(/its slot is damaged/);
  });

  it("is not taken from memory that is too small", () => {
    const memory = SharedMemory.create({ size: 8 });
    expect(() => ShareableList.attach(memory.name)).toThrow(/it has 8 bytes/);
    memory.unlink();
    memory.close();
  });
});
