/**
 * Both sides of a worker, as they are but for the line of messages between them, on which nothing is delivered: what is not
 * said through the channel is not said at all.
 *
 * @module
 */
import type { Context, Scenario, SharedContext } from "@interlock/explore";
import type { BatchListener } from "../../src/backend.ts";
import type { Batch } from "../../src/batch.ts";
import { channelBytes, ParentChannel } from "../../src/channel/channel.ts";
import { Doorbell } from "../../src/channel/doorbell.ts";
import { serve } from "../../src/entry/serve.ts";
import type { ParentPort, Port, PortListener } from "../../src/runtime/runtime.ts";
import { task } from "../../src/task.ts";
import { Child } from "../../src/transport/child.ts";
import { type Start, seal } from "../../src/transport/message.ts";

/** As short as they can be, so that records go round their ends. */
const CAPACITY = 256;
const BYTES = channelBytes(CAPACITY);

/** A word of the first line that the parent's bell leaves alone: 1 once the worker may end. */
const OVER = 8;

/** The parent looks for replies so often. Under the explorer not before somebody died. */
const SLICE_MS = 50;

const PARENT = 0;
const WORKER = 1;

/** Cells: how often a call has begun, how often its end was told of, and what was told: a value, a return or a loss. */
const begun = (call: number): number => call;
const told = (call: number): number => 100 + call;
const how = (call: number): number => 200 + call;
export const VALUE = 1;
export const RETURNED = 2;
export const LOST = 3;

let worker: Context | undefined;

// Its names are short, as records are.
const double = task("m", "f", (call: number) => {
  const c = worker as Context;
  c.set(begun(call), c.get(begun(call)) + 1);
  c.mark();
  return 2 * call;
});

/** What the parent does beside waiting for replies. */
export interface Plan {
  /** How many calls each batch has. All are sent at once. */
  readonly batches: readonly number[];
  /** Whether results are told of one by one. */
  readonly eager?: boolean;
  /** Cuts these batches, so that the worker keeps as many calls. */
  readonly cuts?: readonly { readonly batch: number; readonly keep: number }[];
  /** How often each batch is followed by another through the same slots, once it is over. */
  readonly more?: number;
  readonly deaths?: boolean;
  /** A third thread that rings for nothing, as the other workers of a pool do. */
  readonly noise?: boolean;
}

function lineTo(listen: (listener: PortListener) => void): Port {
  return { id: 1, post: () => {}, listen, terminate: async () => {}, ref: () => {}, unref: () => {} };
}

async function parent(c: Context, { batches, eager = false, cuts = [], more = 0 }: Plan): Promise<void> {
  const words = new Int32Array(c.buffer);
  const channel = new ParentChannel(c.buffer, c.buffer);
  const bell = new Doorbell(c.buffer);
  let line: PortListener | undefined;
  const port = lineTo((listener) => {
    line = listener;
  });
  const child = new Child(() => port, { name: "worker", crossProcess: true, channel });
  line?.message(seal({ kind: "ready" }));
  let open = 0;
  let calls = 0;
  const send = (count: number, again: number): ReturnType<Child["dispatch"]> => {
    const first = calls;
    calls += count;
    open++;
    const items = Array.from({ length: count }, (_, i) => first + i);
    const batch: Batch = { task: double, count, items, spread: false, eager, first };
    const tell = (at: number, what: number): void => {
      c.set(told(first + at), c.get(told(first + at)) + 1);
      c.set(how(first + at), what);
    };
    const listener: BatchListener = {
      values(from, values) {
        for (let i = 0; i < values.length; i++) {
          c.assert(values[i] === 2 * (first + from + i), `call ${first + from + i} gave ${values[i]}`);
          tell(from + i, VALUE);
        }
      },
      stored: () => c.assert(false, "nothing is mapped in place"),
      failed: (at) => tell(at, LOST),
      returned(from, to) {
        for (let at = from; at < to; at++) tell(at, RETURNED);
      },
      report: () => c.assert(false, "nothing is reported"),
      took: () => {},
    };
    const over = (): void => {
      open--;
      for (let at = 0; at < count; at++) c.assert(c.get(told(first + at)) === 1 || child.load > 0, "a batch is over before its calls are");
      if (again > 0 && child.alive) send(count, again - 1);
    };
    return child.dispatch(batch, { listener, over });
  };
  const flights = batches.map((count) => send(count, more));
  for (const { batch, keep } of cuts) child.cut(flights[batch] as (typeof flights)[0], keep);
  while (open > 0) {
    await bell.sleep(() => channel.hasReply, SLICE_MS);
    child.drain();
    if (!c.alive(WORKER)) line?.exit({ code: 1 });
  }
  c.assert(child.load === 0 && !channel.hasReply, "nothing is left");
  Atomics.store(words, OVER, 1);
  Atomics.notify(words, OVER);
}

async function work(c: Context): Promise<void> {
  worker = c;
  const words = new Int32Array(c.buffer);
  const channel = { memory: c.buffer, bell: c.buffer };
  const start: Start = {
    name: "worker",
    daemon: true,
    parent: { name: "parent", id: 0, pid: undefined },
    agent: undefined,
    crossProcess: true,
    workerId: 0,
    concurrency: 1,
    channel,
  };
  const port: ParentPort = {
    post: () => {},
    listen: ({ message }) => message(seal({ kind: "start", ...start })),
    close: () => {},
    exit: () => c.assert(false, "the worker is not to end"),
    onExit: () => {},
  };
  serve(port);
  while (Atomics.load(words, OVER) === 0) await Atomics.waitAsync(words, OVER, 0).value;
}

/** Whether each call was told of once, in a way that agrees with what ran. */
function judge(c: SharedContext, { batches, more = 0, deaths = false }: Plan): void {
  const calls = batches.reduce((sum, count) => sum + count, 0) * (1 + more);
  let unsure = 0;
  for (let call = 0; call < calls; call++) {
    const [ran, heard, what] = [c.get(begun(call)), c.get(told(call)), c.get(how(call))];
    // Those that were to follow a batch are not sent to a worker that is dead.
    if (deaths && heard === 0 && ran === 0) continue;
    c.assert(heard === 1, `call ${call} was told of ${heard} times`);
    if (what === LOST && ran === 0) unsure++;
    else c.assert(ran === (what === RETURNED ? 0 : 1), `call ${call} ran ${ran} times, and its end was ${["", "a value", "a return", "a loss"][what]}`);
    c.assert(deaths || what !== LOST, `call ${call} was lost`);
  }
  // The call at which the worker died may have got no further than to say that it begins.
  c.assert(unsure <= 1, `${unsure} calls are lost that did not begin`);
}

/** Both sides, which go on until all is told of. */
export function twoEnds(plan: Plan): Scenario {
  return {
    threads: plan.noise ? 3 : 2,
    bytes: BYTES,
    thread(c) {
      if (c.id === PARENT) return parent(c, plan);
      if (c.id === WORKER) return work(c);
      new Doorbell(c.buffer).ring();
      return undefined;
    },
    final: (c) => judge(c, plan),
    ...(plan.deaths ? { deaths: { threads: [WORKER], max: 1 } } : {}),
  };
}
