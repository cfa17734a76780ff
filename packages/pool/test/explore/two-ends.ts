/**
 * Both sides of a worker, as they are but for the line of messages between them, on which nothing but knocks is delivered: what
 * is not said through the channel is not said at all.
 *
 * @module
 */
import type { Context, Scenario, SharedContext } from "@interlock/explore";
import type { BatchListener } from "../../src/backend.ts";
import { Replies } from "../../src/backends/replies.ts";
import type { Batch } from "../../src/batch.ts";
import { channelBytes, ParentChannel } from "../../src/channel/channel.ts";
import { Doorbell } from "../../src/channel/doorbell.ts";
import { serve } from "../../src/entry/serve.ts";
import type { ParentPort, Port, PortListener, Runtime } from "../../src/runtime/runtime.ts";
import { runtime } from "../../src/runtime/select.ts";
import { task } from "../../src/task.ts";
import { Child } from "../../src/transport/child.ts";
import type { Flight } from "../../src/transport/flight.ts";
import { KNOCK, type Start, seal } from "../../src/transport/message.ts";

/** As short as they can be, so that records go round their ends. */
const CAPACITY = 256;
const BYTES = channelBytes(CAPACITY);

// Words of the first line that the parent's bell leaves alone.
/** 1 once the worker may end. */
const OVER = 8;
/** How many knocks were posted to the parent, and to the worker; both are told in this way of the end, too. */
const TO_PARENT = 9;
const TO_WORKER = 10;

/** The parent looks so often whether the worker lives. Under the explorer not before somebody died. */
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
  /** How both are woken: what runtimes differ in. */
  readonly way?: Way;
}

type Way = Pick<Runtime, "knocks" | "dozes">;

/** The ways of Node and Deno, of Bun, and of pages. */
export const WAYS: readonly Way[] = [
  { knocks: false, dozes: true },
  { knocks: true, dozes: false },
  { knocks: false, dozes: false },
];

function post(words: Int32Array, to: number): void {
  Atomics.add(words, to, 1);
  Atomics.notify(words, to);
}

/** What the event loop does: waits for messages, of which one is as good as several, until `over`. */
async function hear(words: Int32Array, at: number, over: () => boolean, heard: () => void, looked: () => void): Promise<void> {
  for (let read = 0; !over(); ) {
    const posted = Atomics.load(words, at);
    if (posted !== read) {
      read = posted;
      heard();
    } else {
      await Atomics.waitAsync(words, at, posted, SLICE_MS).value;
      looked();
    }
  }
}

function lineTo(post: (message: unknown) => void, listen: (listener: PortListener) => void): Port {
  return { id: 1, post, listen, terminate: async () => {}, ref: () => {}, unref: () => {} };
}

async function parent(c: Context, { batches, eager = false, cuts = [], more = 0 }: Plan): Promise<void> {
  const words = new Int32Array(c.buffer);
  const channel = new ParentChannel(c.buffer, runtime().knocks ? () => child.knock() : undefined, c.buffer);
  let line: PortListener | undefined;
  const port = lineTo(
    (message) => message === KNOCK && post(words, TO_WORKER),
    (listener) => {
      line = listener;
    },
  );
  const heard = (): void => replies.heard();
  const child = new Child(() => port, { name: "worker", crossProcess: true, channel, onKnock: heard, onExit: heard });
  const replies = new Replies([{ child, channel }], () => {}, c.buffer);
  line?.message(seal({ kind: "ready" }));
  let open = 0;
  let calls = 0;
  const send = (count: number, again: number): Flight => {
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
    let flight: Flight | undefined;
    const over = (): void => {
      open--;
      if (flight?.byChannel) replies.end();
      for (let at = 0; at < count; at++) c.assert(c.get(told(first + at)) === 1 || child.load > 0, "a batch is over before its calls are");
      if (again > 0 && child.alive) send(count, again - 1);
      if (open === 0) post(words, TO_PARENT);
    };
    flight = child.dispatch(batch, { listener, over });
    if (flight.byChannel) replies.expect();
    return flight;
  };
  const flights = batches.map((count) => send(count, more));
  for (const { batch, keep } of cuts) {
    const flight = flights[batch] as Flight;
    // Its slot may be another's by now.
    if ([...child.flights()].includes(flight)) child.cut(flight, keep);
  }
  const mourn = (): void => {
    if (!c.alive(WORKER)) line?.exit({ code: 1 });
  };
  await hear(
    words,
    TO_PARENT,
    () => open === 0,
    () => line?.message(KNOCK),
    mourn,
  );
  c.assert(child.load === 0 && !channel.hasReply, "nothing is left");
  Atomics.store(words, OVER, 1);
  post(words, TO_WORKER);
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
  let line: Parameters<ParentPort["listen"]>[0] | undefined;
  const port: ParentPort = {
    post: (message) => message === KNOCK && post(words, TO_PARENT),
    listen: (listener) => {
      line = listener;
      line.message(seal({ kind: "start", ...start }));
    },
    close: () => {},
    exit: () => c.assert(false, "the worker is not to end"),
    onExit: () => {},
  };
  serve(port);
  await hear(
    words,
    TO_WORKER,
    () => Atomics.load(words, OVER) === 1,
    () => line?.message(KNOCK),
    () => {},
  );
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
      Object.assign(runtime(), plan.way);
      if (c.id === PARENT) return parent(c, plan);
      if (c.id === WORKER) return work(c);
      new Doorbell(c.buffer, 0, runtime().knocks ? () => post(new Int32Array(c.buffer), TO_PARENT) : undefined).ring();
      return undefined;
    },
    final: (c) => judge(c, plan),
    ...(plan.deaths ? { deaths: { threads: [WORKER], max: 1 } } : {}),
  };
}
