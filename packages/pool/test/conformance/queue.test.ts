import { Event, JoinableQueue, Queue, RawArray } from "@interlock/core";
import { expect, it } from "vitest";
import type { Form } from "./forms.ts";
import {
  close,
  collect,
  count,
  drain,
  employ,
  fill,
  gather,
  getEmptiness,
  measure,
  putBadly,
  putEmptiness,
  ROOM,
  supply,
  timeOut,
  work,
} from "./queue-tasks.ts";
import { DELTA, expectTimedOut, forbidRescues, oneByOne, resultsOf, startThreads, together, WAKE } from "./support.ts";

forbidRescues();

it("_TestQueue.test_put", async () => {
  for (const [{ seen, tried, atOnce, late, errors }, items] of await inTurn(fill, drain, () => [
    new Queue({ maxSize: ROOM }),
    new Event(),
    new Event(),
    DELTA,
  ])) {
    expect(seen).toEqual([
      [true, false, 0],
      [false, true, ROOM],
      [true, false, 0],
    ]);
    expect(tried).toEqual([true, true, true]);
    expectRefused(atOnce, late, errors, false);
    expect(items).toEqual([1, 2, 3, 4, 5, ROOM]);
  }
});

it("_TestQueue.test_get", async () => {
  for (const [{ seen, items, atOnce, late, errors }] of await inTurn(collect, supply, () => [new Queue(), new Event(), new Event(), DELTA])) {
    expect(seen).toEqual([true, false, true]);
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expectRefused(atOnce, late, errors, undefined);
  }
});

it("_TestQueue.test_fork", async () => {
  const queue = new Queue<number>();
  count(queue, 0, 10);
  const [child] = startThreads(1, count, [queue, 10, 20]);
  const expected = { got: Array.from({ length: 20 }, (_, i) => i), more: undefined };
  expect(await gather.runAsync(queue, 20)).toEqual(expected);
  await resultsOf([child as NonNullable<typeof child>]);
  // What a thread has put is there when it has ended.
  await resultsOf(startThreads(1, count, [queue, 0, 20]));
  expect(await resultsOf(startThreads(1, gather.task, [queue, 20]))).toEqual([expected]);
});

it("_TestQueue.test_qsize", async () => {
  for (const sizes of await oneByOne(measure, () => [new Queue()])) expect(sizes).toEqual([0, 1, 2, 1, 0]);
});

it("_TestQueue.test_task_done", async () => {
  const [jobs, workers] = [10, 4];
  for (const employs of ["here", "in a thread"]) {
    const [queue, done] = [new JoinableQueue(), new RawArray("int32", 1)];
    const shares = together(workers - 1, 1, work, [queue, done, DELTA]);
    const atJoin =
      employs === "here" ? await employ.runAsync(queue, done, jobs, workers) : (await resultsOf(startThreads(1, employ.task, [queue, done, jobs, workers])))[0];
    expect(atJoin).toBe(jobs);
    expect((await shares).reduce((sum, own) => sum + own, 0)).toBe(jobs);
    // The last words to the workers.
    expect(queue.unfinished).toBe(workers);
  }
});

it("_TestQueue.test_timeout", async () => {
  for (const [error, elapsed] of await oneByOne(timeOut, () => [new Queue(), 200])) {
    expect(error).toBe("TimeoutError");
    expectTimedOut(elapsed, 200);
  }
});

it("_TestQueue.test_queue_feeder_donot_stop_onexc", async () => {
  for (const maxSize of [0, 1]) {
    for (const seen of await oneByOne(putBadly, () => [new Queue({ maxSize })])) {
      expect(seen).toEqual({ error: "TypeError", sizes: [0, 1], item: true, empty: true });
    }
  }
});

it("_TestQueue.test_closed_queue_empty_exceptions", () => expectEmptyWhenClosed(() => [new Queue(), new JoinableQueue()]));

it("_TestQueue.test_closed_queue_put_get_exceptions", async () => {
  for (const Kind of [Queue, JoinableQueue]) {
    for (const { errors } of await oneByOne(close, () => [new Kind()])) expect(errors).toEqual(Array(4).fill("QueueClosedError"));
  }
});

it("TestSimpleQueue.test_empty_exceptions", () => expectEmptyWhenClosed(() => [new Queue()]));

it("TestSimpleQueue.test_empty", async () => {
  for (const [seen] of await inTurn(getEmptiness, putEmptiness, () => [new Queue(), new Event(), new Event()])) {
    expect(seen).toEqual([true, false, true, false, true]);
  }
});

it("TestSimpleQueue.test_close", async () => {
  for (const { closed } of await oneByOne(close, () => [new Queue()])) expect(closed).toBe(true);
});

/** Runs the first in a thread and the second here, and then the other way about. */
async function inTurn<A extends readonly unknown[], B extends readonly unknown[], R, S>(
  first: Form<A, R>,
  second: Form<B, S>,
  makeArgs: () => [...A],
): Promise<[first: R, second: S][]> {
  const run = async <X, Y>(blocking: Form<A, X>, async: Form<A, Y>): Promise<[X, Y]> => {
    const args = makeArgs();
    const [own, [theirs]] = await Promise.all([async.runAsync(...args), resultsOf(startThreads(1, blocking.task, args))]);
    return [theirs as X, own];
  };
  // What the second does not ask for, it is given all the same.
  const other = second as unknown as Form<A, S>;
  const [theirs, own] = await run(other, first);
  return [await run(first, other), [own, theirs]];
}

/** Checks what came of putting into a full queue, or of getting from an empty one. */
function expectRefused(
  atOnce: readonly (readonly [unknown, number])[],
  late: readonly [unknown, number],
  errors: readonly (readonly [string | undefined, number])[],
  refusal: unknown,
): void {
  for (const [result, elapsed] of atOnce) {
    expect(result).toBe(refusal);
    expect(elapsed).toBeLessThan(WAKE);
  }
  expect(late[0]).toBe(refusal);
  expect(errors.map(([name]) => name)).toEqual(["TimeoutError", "TimeoutError"]);
  for (const [, elapsed] of [late, ...errors.slice(1)]) expectTimedOut(elapsed, DELTA);
  expect(errors[0]?.[1]).toBeLessThan(WAKE);
}

/** Checks what closed queues answer, unused ones and others. */
async function expectEmptyWhenClosed(create: () => readonly Queue[]): Promise<void> {
  for (const i of create().keys()) {
    for (const seen of await oneByOne(close, () => [create()[i] as Queue])) expect(seen).toMatchObject({ empty: true, size: 0, closed: true, left: [] });
    const used = await oneByOne(close, () => {
      const queue = create()[i] as Queue;
      queue.put("foo");
      return [queue];
    });
    for (const seen of used) expect(seen).toMatchObject({ empty: false, size: 1, closed: true, left: ["foo"] });
  }
}
