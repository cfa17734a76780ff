import { codec } from "@interlock/core";
import fc, { type Arbitrary } from "fast-check";
import { expect, it } from "vitest";
import { difference } from "../../core/test/codec/same.ts";
import { SEED } from "../../core/test/seed.ts";
import { channelBytes, type Order, ParentChannel, type Reply, type Sent, WorkerChannel } from "../src/channel/channel.ts";
import { type Column, NOTHING, OUTCOMES, type TypedArray, VALUES } from "../src/channel/records.ts";
import type { TaskReference } from "../src/task.ts";

const CAPACITY = 1024;
/** What a record of half a ring has beside its head. */
const MOST_BYTES = CAPACITY / 2 - 32;

function pair(capacity: number): [ParentChannel, WorkerChannel] {
  const parent = new ParentChannel(new SharedArrayBuffer(64), undefined, new SharedArrayBuffer(channelBytes(capacity)));
  return [parent, new WorkerChannel(parent.handle)];
}

/** Lengths around the limits of a record, for items of so many bytes. */
const lengths = (bytes: number): Arbitrary<number> =>
  fc.oneof(
    fc.nat(12),
    fc.nat(60),
    fc.integer({ min: -3, max: 3 }).map((more) => MOST_BYTES / bytes + more),
  );

const numbers = lengths(8).chain((length) => fc.array(fc.double(), { minLength: length, maxLength: length }));

const typed: Arbitrary<TypedArray> = fc
  .constantFrom(
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  )
  .chain((Type) =>
    fc.tuple(lengths(Type.BYTES_PER_ELEMENT), fc.nat(3), fc.boolean()).map(([length, from, isShared]) => {
      // Neither at the start of its memory nor all of it.
      const bytes = (from + length + 1) * Type.BYTES_PER_ELEMENT;
      const buffer = isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
      const whole = new Uint8Array(buffer);
      for (let i = 0; i < bytes; i++) whole[i] = (i * 73 + length) & 0xff;
      return new Type(buffer as ArrayBuffer, from * Type.BYTES_PER_ELEMENT, length);
    }),
  );

const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withUnicodeString: true, maxDepth: 3 });
const texts = lengths(1).map((length) => ["x".repeat(length)]);
/** Numbers but for one, somewhere: the record is begun as one of numbers. */
const almost = fc.tuple(numbers, fc.nat(), anything).map(([column, at, other]) => column.toSpliced(at % (column.length + 1), 0, other as number));

const columns: Arbitrary<Column> = fc.oneof(numbers, typed, texts, almost, fc.array(anything, { maxLength: 6 }));

/** As an array, so that a column of numbers that arrives as doubles is the same. */
const plain = (column: Column): unknown[] => Array.from(column);

/** Whether a column is what a record cannot carry at all. */
function isTooMuch(column: Column, form: number): boolean {
  if (form === VALUES && ArrayBuffer.isView(column)) return column.byteLength > MOST_BYTES;
  const areNumbers = form === VALUES && column.length > 0 && plain(column).every((value) => typeof value === "number");
  if (areNumbers && column.length * 8 <= MOST_BYTES) return false;
  try {
    return codec.encode(column).length > MOST_BYTES;
  } catch {
    return true;
  }
}

/** Sends one after another, and receives when there is no room, or when `pauses` says so. */
function pump<T>(
  count: number,
  pauses: readonly number[],
  send: (i: number) => Sent,
  receive: () => T | undefined,
  check: (i: number, got: T) => void,
): Sent[] {
  const waiting: number[] = [];
  const sent: Sent[] = [];
  const take = (): void => {
    const i = waiting.shift() as number;
    const got = receive();
    if (got === undefined) throw new Error(`record ${i} is missing`);
    check(i, got);
  };
  for (let i = 0; i < count; i++) {
    let how = send(i);
    while (how === "no room") {
      // A ring that is empty has room for all that a record can carry.
      if (waiting.length === 0) throw new Error("no room in an empty ring");
      take();
      how = send(i);
    }
    sent.push(how);
    if (how === "sent") waiting.push(i);
    for (let n = pauses[i % Math.max(1, pauses.length)] ?? 0; n > 0 && waiting.length > 0; n--) take();
  }
  while (waiting.length > 0) take();
  expect(receive()).toBeUndefined();
  return sent;
}

it("orders arrive as they were sent, in order, wherever the ring ends", () => {
  const tasks: TaskReference[] = ["a", "b", "c"].map((name) => ({ module: "file:///tasks.ts", name }));
  const order = fc.record({ task: fc.nat(2), spread: fc.boolean(), eager: fc.boolean(), slot: fc.integer({ min: -1, max: 63 }), items: columns });
  const property = fc.property(fc.array(order, { minLength: 1, maxLength: 30 }), fc.array(fc.nat(3)), (orders, pauses) => {
    const [parent, worker] = pair(CAPACITY);
    const known = new Set<number>();
    const sent = pump<Order>(
      orders.length,
      pauses,
      (i) => {
        const { task, ...rest } = orders[i] as (typeof orders)[0];
        const how = parent.send({ id: i, task: tasks[task] as TaskReference, ...rest });
        expect(worker.hasOrder).toBe(how === "sent" || worker.hasOrder);
        return how;
      },
      () => worker.receive(),
      (i, { items, ...got }) => {
        const { items: given, task, ...rest } = orders[i] as (typeof orders)[0];
        expect(got).toEqual({ id: i, ...rest, task: tasks[task] });
        expect(difference(plain(given), plain(items))).toBeUndefined();
      },
    );
    expect(worker.hasOrder).toBe(false);
    for (const [i, { items, task }] of orders.entries()) {
      // The first order of a task carries more.
      if (known.has(task)) expect(sent[i], `order ${i}`).toBe(isTooMuch(items, VALUES) ? "cannot" : "sent");
      if (sent[i] === "sent") known.add(task);
    }
  });
  fc.assert(property, { ...SEED, numRuns: 300 });
});

it("replies arrive as they were sent, in order, wherever the ring ends", () => {
  const outcome = fc.oneof(
    fc.record({ ok: fc.constant(true), value: anything }),
    fc.record({ ok: fc.constant(false), error: fc.record({ kind: fc.constant("value"), value: anything }) }),
  );
  const content = fc.oneof(
    columns.map((values) => ({ form: VALUES, values })),
    fc.array(outcome, { maxLength: 5 }).map((values) => ({ form: OUTCOMES, values })),
    fc.constant({ form: NOTHING, values: [] }),
  );
  const reply = fc.record({ content, id: fc.nat(), from: fc.nat(), last: fc.boolean(), cost: fc.float({ noNaN: true }), stored: fc.nat() });
  const property = fc.property(fc.array(reply, { minLength: 1, maxLength: 30 }), fc.array(fc.nat(3)), (replies, pauses) => {
    const [parent, worker] = pair(CAPACITY);
    const countOf = ({ content, stored }: (typeof replies)[0]): number => (content.form === NOTHING ? stored : content.values.length);
    const sent = pump<Reply>(
      replies.length,
      pauses,
      (i) => {
        const one = replies[i] as (typeof replies)[0];
        const { content, id, from, last, cost } = one;
        return worker.send(content.form, id, from, content.values, countOf(one), last, cost);
      },
      () => (parent.hasReply ? parent.receive() : undefined),
      (i, { values, form, ...got }) => {
        const one = replies[i] as (typeof replies)[0];
        const { content, id, from, last, cost } = one;
        expect(got).toEqual({ id, from, last, cost, count: countOf(one) });
        expect([OUTCOMES, NOTHING].includes(form) ? form : VALUES).toBe(content.form);
        // Doubles and pieces of typed arrays are VALUES, too.
        if (content.form !== VALUES) expect(form).toBe(content.form);
        expect(difference(plain(content.values), plain(values))).toBeUndefined();
        if (ArrayBuffer.isView(content.values)) expect(values.constructor).toBe(content.values.constructor);
      },
    );
    for (const [i, { content }] of replies.entries())
      expect(sent[i]).toBe(content.form !== NOTHING && isTooMuch(content.values, content.form) ? "cannot" : "sent");
  });
  fc.assert(property, { ...SEED, numRuns: 300 });
});

it("what arrives is a copy that outlives its record", () => {
  const [parent, worker] = pair(CAPACITY);
  const task: TaskReference = { module: "m", name: "f" };
  const got: Column[] = [];
  for (let i = 0; i < 40; i++) {
    for (const items of [Array.from({ length: 20 }, () => i), new Uint8Array(20).fill(i), [`text ${i}`], [i]]) {
      expect(parent.send({ id: i, slot: -1, task, spread: false, eager: false, items })).toBe("sent");
      got.push((worker.receive() as Order).items);
    }
  }
  expect(got.every((items, at) => plain(items).every((item) => item === (at % 4 === 2 ? `text ${at >> 2}` : at >> 2)))).toBe(true);
});

it("an order that was sent after a message is received after it", () => {
  const task: TaskReference = { module: "file:///tasks.ts", name: "a" };
  const [parent, worker] = pair(CAPACITY);
  const send = (id: number): unknown => parent.send({ id, slot: -1, task, spread: false, eager: false, items: [id] });
  for (let lap = 0; lap < 3; lap++) {
    send(1);
    parent.wentBeside();
    send(2);
    parent.wentBeside();
    parent.wentBeside();
    send(3);
    expect(worker.receive()?.id).toBe(1);
    expect([worker.hasOrder, worker.receive()]).toEqual([false, undefined]);
    worker.cameBeside();
    expect([worker.hasOrder, worker.receive()?.id]).toEqual([true, 2]);
    worker.cameBeside();
    expect([worker.hasOrder, worker.receive()]).toEqual([false, undefined]);
    worker.cameBeside();
    expect(worker.receive()?.id).toBe(3);
  }
});

it("a worker misses each message until it says that it came", () => {
  const [parent, worker] = pair(CAPACITY);
  expect(worker.misses).toBe(false);
  parent.posted();
  expect(worker.misses).toBe(true);
  parent.wentBeside();
  worker.messageCame();
  expect(worker.misses).toBe(true);
  worker.cameBeside();
  expect(worker.misses).toBe(false);
  // It is there before its sender has counted it.
  worker.messageCame();
  expect(worker.misses).toBe(false);
  parent.posted();
  expect(worker.misses).toBe(false);
  parent.posted();
  expect(worker.misses).toBe(true);
});
