import { type AsyncWaitOptions, type Event, type JoinableQueue, type Queue, type RawArray, TimeoutError } from "@interlock/core";
import { task } from "@interlock/pool";
import { either, errorName, errorOf, inBothForms, type Part, pause, timed, wait } from "./forms.ts";

/** How many items fit into the queue of `fill`. */
export const ROOM = 6;

const put = (queue: Queue, item: unknown, options?: AsyncWaitOptions): Part<void> =>
  either(
    () => queue.put(item, options),
    () => queue.putAsync(item, options),
  );

const get = (queue: Queue, options?: AsyncWaitOptions): Part<unknown> =>
  either(
    () => queue.get(options),
    () => queue.getAsync(options),
  );

/** What the async twin of a try would be. */
const inTime = <R, L>(promise: Promise<R>, late: L): Promise<R | L> =>
  promise.catch((error: unknown) => {
    if (error instanceof TimeoutError) return late;
    throw error;
  });

const tryPut = (queue: Queue, item: unknown, options?: AsyncWaitOptions): Part<boolean> =>
  either(
    () => queue.tryPut(item, options),
    () =>
      inTime(
        queue.putAsync(item, { timeout: 0, ...options }).then(() => true),
        false,
      ),
  );

const tryGet = (queue: Queue, options?: AsyncWaitOptions): Part<{ value: unknown } | undefined> =>
  either<{ value: unknown } | undefined>(
    () => queue.tryGet(options),
    () =>
      inTime(
        queue.getAsync({ timeout: 0, ...options }).then((value) => ({ value })),
        undefined,
      ),
  );

const limits = ({ empty, full, size }: Queue): readonly [empty: boolean, full: boolean, size: number] => [empty, full, size];

/** Fills the queue in every way, fails to put one item more in every way, and looks again once another has drained it. */
export const fill = inBothForms(import.meta, "fill", function* (queue: Queue, filled: Event, drained: Event, timeout: number) {
  const seen = [limits(queue)];
  yield* put(queue, 1);
  yield* put(queue, 2, {});
  yield* put(queue, 3, { timeout: Infinity });
  const tried = [yield* tryPut(queue, 4), yield* tryPut(queue, 5, { timeout: 0 }), yield* tryPut(queue, ROOM, { timeout: -1 })];
  seen.push(limits(queue));
  const atOnce = [yield* timed(tryPut(queue, 7)), yield* timed(tryPut(queue, 7, { timeout: 0 })), yield* timed(tryPut(queue, 7, { timeout: -1 }))];
  const late = yield* timed(tryPut(queue, 7, { timeout }));
  const errors = [yield* timed(errorOf(put(queue, 7, { timeout: 0 }))), yield* timed(errorOf(put(queue, 7, { timeout })))];
  filled.set();
  yield* wait(drained);
  seen.push(limits(queue));
  return { seen, tried, atOnce, late, errors };
});

/** Empties what `fill` filled. */
export const drain = inBothForms(import.meta, "drain", function* (queue: Queue, filled: Event, drained: Event) {
  yield* wait(filled);
  const items: unknown[] = [];
  for (let i = 0; i < ROOM; i++) items.push(yield* get(queue));
  drained.set();
  return items;
});

/** Gets what `supply` put in every way, and fails to get one item more in every way. */
export const collect = inBothForms(import.meta, "collect", function* (queue: Queue, wanted: Event, supplied: Event, timeout: number) {
  const seen = [queue.empty];
  wanted.set();
  yield* wait(supplied);
  seen.push(queue.empty);
  const items = [(yield* tryGet(queue))?.value, yield* get(queue, { timeout: Infinity }), yield* get(queue, {})];
  items.push(yield* get(queue, { timeout: 1000 }), yield* get(queue));
  seen.push(queue.empty);
  const atOnce = [yield* timed(tryGet(queue)), yield* timed(tryGet(queue, { timeout: 0 })), yield* timed(tryGet(queue, { timeout: -1 }))];
  const late = yield* timed(tryGet(queue, { timeout }));
  const errors = [yield* timed(errorOf(get(queue, { timeout: 0 }))), yield* timed(errorOf(get(queue, { timeout })))];
  return { seen, items, atOnce, late, errors };
});

export const supply = inBothForms(import.meta, "supply", function* (queue: Queue, wanted: Event, supplied: Event) {
  yield* wait(wanted);
  for (let i = 1; i <= 5; i++) yield* put(queue, i);
  supplied.set();
});

/** Puts whole numbers, and ends at once. */
export const count = task(import.meta, "count", (queue: Queue<number>, from: number, to: number) => {
  for (let i = from; i < to; i++) queue.put(i);
});

/** Gets so many items, and tries to get one more. */
export const gather = inBothForms(import.meta, "gather", function* (queue: Queue, items: number) {
  const got: unknown[] = [];
  for (let i = 0; i < items; i++) got.push(yield* get(queue));
  return { got, more: yield* tryGet(queue) };
});

export const measure = inBothForms(import.meta, "measure", function* (queue: Queue) {
  const sizes = [queue.size];
  for (const item of [1, 5]) {
    yield* put(queue, item);
    sizes.push(queue.size);
  }
  for (let i = 0; i < 2; i++) {
    yield* get(queue);
    sizes.push(queue.size);
  }
  return sizes;
});

/** Does what it gets until that is null; says how much. */
export const work = inBothForms(import.meta, "work", function* (queue: JoinableQueue, { view: done }: RawArray<"int32">, duration: number) {
  let own = 0;
  for (; (yield* get(queue)) !== null; own++) {
    yield* pause(duration);
    Atomics.add(done, 0, 1);
    queue.taskDone();
  }
  return own;
});

/** Puts jobs, waits until all are done, and sends the workers home. Returns how many were done then. */
export const employ = inBothForms(import.meta, "employ", function* (queue: JoinableQueue, { view: done }: RawArray<"int32">, jobs: number, workers: number) {
  for (let i = 0; i < jobs; i++) yield* put(queue, i);
  yield* either(
    () => queue.join(),
    () => queue.joinAsync(),
  );
  const atJoin = Atomics.load(done, 0);
  for (let i = 0; i < workers; i++) yield* put(queue, null);
  return atJoin;
});

export const timeOut = inBothForms(import.meta, "timeOut", (queue: Queue, timeout: number) => timed(errorOf(get(queue, { timeout }))));

/** Puts what cannot be carried, and then something that can. */
export const putBadly = inBothForms(import.meta, "putBadly", function* (queue: Queue) {
  const error = yield* errorOf(put(queue, { method: () => {} }));
  const sizes = [queue.size];
  yield* put(queue, true, { timeout: 0 });
  sizes.push(queue.size);
  const item = yield* get(queue);
  return { error, sizes, item, empty: queue.empty };
});

/** Closes the queue, once more too; says what it answers then. */
export const close = inBothForms(import.meta, "close", function* (queue: Queue) {
  queue.close();
  queue.close();
  const left: unknown[] = [];
  const { empty, size, closed } = queue;
  while (!queue.empty) left.push(yield* get(queue));
  const errors = [yield* errorOf(put(queue, "foo")), yield* errorOf(get(queue)), errorName(() => queue.tryPut("foo")), errorName(() => queue.tryGet())];
  return { empty, size, closed, left, errors };
});

/** Puts, twice, whether the queue is empty. */
export const putEmptiness = inBothForms(import.meta, "putEmptiness", function* (queue: Queue, wanted: Event, supplied: Event) {
  yield* wait(wanted);
  yield* put(queue, queue.empty);
  yield* put(queue, queue.empty);
  supplied.set();
});

export const getEmptiness = inBothForms(import.meta, "getEmptiness", function* (queue: Queue, wanted: Event, supplied: Event) {
  const seen: unknown[] = [queue.empty];
  wanted.set();
  yield* wait(supplied);
  seen.push(queue.empty, yield* get(queue), yield* get(queue), queue.empty);
  return seen;
});
