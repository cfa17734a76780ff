import {
  Atomic,
  attach,
  attachMemory,
  codec,
  dehydrate,
  Event,
  type Handle,
  hydrate,
  Lock,
  Queue,
  RawArray,
  RawValue,
  RLock,
  SharedArray,
  type ThreadMemoryHandle,
  Value,
} from "@interlock/core";
import { describe, expect, it } from "vitest";
import { mayBlock } from "./may-block.ts";
import { cloneShares, posted } from "./posted.ts";

const clone = (message: unknown): unknown => hydrate(posted(dehydrate(message)));

describe("attach", () => {
  it("makes an object of the handle's kind", () => {
    for (const one of [new Lock(), new RLock(), new Event(), new Value("i"), new RawValue("i"), new Atomic("i")]) {
      expect(attach(posted(one.handle)).constructor).toBe(one.constructor);
    }
  });

  it.skipIf(!cloneShares)("takes what structuredClone makes of a handle: not in WebKit, whose clones copy shared memory", () => {
    const lock = new Lock();
    lock.acquire();
    expect(Lock.attach(structuredClone(lock.handle)).locked).toBe(true);
    lock.release();
  });

  it("refuses hostile handles", () => {
    const { handle } = new Lock();
    const hostile: [Partial<Record<keyof Handle, unknown>>, RegExp][] = [
      [{ kind: "Nothing" }, /kind must be one of .*: received Nothing/],
      [{ kind: "__proto__" }, /kind must be one of/],
      [{ kind: "RLock" }, /there is none at offset/],
      [{ "@interlock": 99 }, /layout version must be 1: received 99/],
      [{ offset: -64 }, /'offset' must be/],
      [{ offset: 1 }, /'offset' must be/],
      [{ offset: 2 ** 40 }, /'offset' must be/],
      [{ offset: Number.NaN }, /'offset' must be/],
      [{ offset: 65536 - 64 }, /there is none at offset/],
      [{ memory: undefined }, /layout version/],
      [{ memory: { ...handle.memory, buffer: new ArrayBuffer(64) } }, /must be a SharedArrayBuffer/],
      [{ memory: { ...handle.memory, roster: new SharedArrayBuffer(64) } }, /Cannot open roster/],
      [{ memory: { ...handle.memory, roster: new SharedArrayBuffer((handle.memory as ThreadMemoryHandle).roster.byteLength) } }, /its header is not/],
    ];
    for (const [change, message] of hostile) expect(() => attach({ ...handle, ...change } as Handle)).toThrow(message);
    for (const nothing of [null, undefined, 1, "Lock", {}]) expect(() => attach(nothing as never)).toThrow(TypeError);
    expect(() => Lock.attach(new RLock().handle)).toThrow("Cannot attach Lock as the handle is of another kind: received RLock");
    expect(() => RawValue.attach(new Lock().handle)).toThrow("Cannot attach RawValue as the handle is of another kind: received Lock");
    expect(() => RawArray.attach(undefined as never)).toThrow("Cannot attach RawArray as its handle is not one: received undefined");
    expect(() => Atomic.attach(new RawValue("i").handle)).toThrow("Cannot attach Atomic as the handle is of another kind: received RawValue");
    const value = new Value("int32").handle;
    expect(() => Value.attach({ ...value, type: "x" })).toThrow(/'type' must be one of/);
    const { lock: _, ...noLock } = value;
    expect(() => Value.attach(noLock)).toThrow(TypeError);
  });
});

describe("the memory of objects", () => {
  it("is one in a thread, in however many messages they came", async () => {
    const lock = new Lock();
    const [one, other] = [Lock.attach(posted(lock.handle)), Lock.attach(posted(lock.handle))];
    expect(one.memory).toBe(other.memory);
    const queue = new Queue<Lock>({ capacityBytes: 1024 });
    const received = Queue.attach<Lock>(posted(queue.handle));
    received.put(Lock.attach(posted(new Lock({ memory: queue.memory }).handle)));
    expect(received.get().locked).toBe(false);
  });

  it("is never taken for another that has no id of interlock's", () => {
    const { handle } = new Lock();
    const [one, other] = [0, 1].map(() => ({ ...handle.memory, buffer: new SharedArrayBuffer(65_536) }) as ThreadMemoryHandle);
    expect(attachMemory(one as ThreadMemoryHandle)).not.toBe(attachMemory(other as ThreadMemoryHandle));
    expect(attachMemory(one as ThreadMemoryHandle).buffer).toBe(one?.buffer);
  });

  it("holds a value or array and its lock", () => {
    for (const one of [new Value("int32"), new SharedArray("float64", 20_000), ...Array.from({ length: 2000 }, () => new Value("int32"))]) {
      expect(one.lock.memory).toBe(one.memory);
    }
    const array = new SharedArray("float64", 20_000);
    const queue = new Queue<SharedArray<"float64">>({ memory: array.memory, capacityBytes: 4096 });
    queue.put(array);
    expect(queue.get().length).toBe(20_000);
  });

  it("refuses to allocate what is no size", () => {
    const { memory } = new Lock();
    for (const size of [-1, 0.5, Number.NaN, "8" as never]) expect(() => memory.allocate(size)).toThrow(/'byteLength' must be an integer >= 0: received/);
    for (const align of [0, 3, -8, Number.NaN]) expect(() => memory.allocate(8, align)).toThrow(/'align' must be a power of two: received/);
  });

  // Nothing of it is touched, so it takes no memory; but pages may not have as much.
  it.skipIf(!mayBlock)("may go on beyond 2 GiB", () => {
    const array = new SharedArray("int8", 2 ** 31);
    expect(array.lock.handle.offset).toBeGreaterThan(2 ** 31);
    array.update(2 ** 31 - 1, (n) => n - 1);
    expect([array.get(2 ** 31 - 1), array.locked]).toEqual([-1, false]);
  });
});

describe("dehydrate", () => {
  it("keeps identity, and names that are special", () => {
    const lock = new Lock();
    const { locks, plain } = clone({ locks: [lock, lock], plain: JSON.parse('{"__proto__": 1}') as object, lock }) as { locks: Lock[]; plain: object };
    expect(locks[0]).toBe(locks[1]);
    expect(Object.keys(plain)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
  });

  it("carries core objects anywhere in a message", () => {
    const lock = new Lock();
    const arrived = clone({ list: [lock], map: new Map([["a", lock]]), set: new Set([lock]), plain: 1 }) as {
      list: Lock[];
      map: Map<string, Lock>;
      set: Set<Lock>;
      plain: number;
    };
    lock.acquire();
    expect(arrived.plain).toBe(1);
    expect([arrived.list[0]?.held, arrived.map.get("a")?.held, [...arrived.set][0]?.held]).toEqual([true, true, true]);
    lock.release();
  });

  it("keeps cycles, and returns a message without core objects itself", () => {
    const plain = { a: [1, { b: new Date(0) }] };
    expect(dehydrate(plain)).toBe(plain);
    const cycle: { self?: unknown; lock: Lock } = { lock: new Lock() };
    cycle.self = cycle;
    const arrived = clone(cycle) as typeof cycle;
    expect(arrived.self).toBe(arrived);
    expect(arrived.lock).toBeInstanceOf(Lock);
  });

  it("leaves a handle that the user sends a handle", () => {
    const { handle } = new Lock();
    expect(clone([handle])).toEqual([posted(handle)]);
  });

  it("refuses what a process cannot share, with its path", () => {
    const cases: [unknown, string][] = [
      [{ a: [new Lock()] }, "x.a[0]"],
      [new Map([["k", new Value("i")]]), 'x.get("k")'],
      [[new Int32Array(new SharedArrayBuffer(8))], "x[0]"],
    ];
    for (const [message, path] of cases) {
      expect(() => dehydrate(message, [], { crossProcess: true, name: "x" })).toThrow(`Cannot send ${path} to a process`);
    }
  });
});

describe("objects of other libraries", () => {
  class Ship {
    readonly name: string;

    constructor(name: string) {
      this.name = name;
    }

    get [Symbol.for("@interlock/carried")](): string {
      return "it is a Ship, which sails by itself";
    }
  }

  const carry = (object: object, transfer: unknown[], path: string): unknown => {
    transfer.push(path);
    return { name: (object as Ship).name };
  };

  const uncarry = (data: unknown): unknown => new Ship((data as { name: string }).name);

  it("are carried by whoever knows them, each once", () => {
    const ship = new Ship("Argo");
    const transfer: unknown[] = [];
    const message = { ship, list: [ship, new Ship("Pequod")], map: new Map([["again", ship]]), lock: new Lock() };
    const data = posted(dehydrate(message, transfer, { carry }));
    expect(transfer).toEqual(["message.ship", "message.list[1]"]);
    const arrived = hydrate(data, { uncarry }) as typeof message;
    expect(arrived.ship).toBeInstanceOf(Ship);
    expect([arrived.ship.name, arrived.list[1]?.name]).toEqual(["Argo", "Pequod"]);
    expect(arrived.list[0] === arrived.ship && arrived.map.get("again") === arrived.ship).toBe(true);
    expect(arrived.lock).toBeInstanceOf(Lock);
  });

  it("are refused by everybody else, in their own words", () => {
    const ship = new Ship("Argo");
    expect(() => dehydrate({ a: [ship] })).toThrow(new TypeError("Cannot send message.a[0] as it is a Ship, which sails by itself"));
    expect(() => codec.encode({ a: [ship] })).toThrow(new TypeError("Cannot encode value.a[0] as it is a Ship, which sails by itself"));
    expect(() => hydrate(dehydrate([ship], [], { carry }))).toThrow("Cannot hydrate a message as it holds an object of another library: pass { uncarry }");
  });
});
