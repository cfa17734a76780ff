/**
 * The same by the runtime's own means: one worker posts, another receives.
 *
 * @module
 */
import { isMainThread, MessageChannel, type MessagePort, parentPort, Worker, workerData } from "node:worker_threads";
import { type Kind, makeItem, weigh } from "./kinds.ts";
import { mustBe } from "./measure.ts";

interface Job {
  readonly port: MessagePort;
  readonly kind: Kind;
  readonly count: number;
  readonly posts: boolean;
}

/** How many items may be under way: an unbounded backlog would measure the allocator. */
const WINDOW = 512;

if (!isMainThread && (workerData as Partial<Job> | null)?.posts !== undefined) {
  const { port, kind, count, posts } = workerData as Job;
  let received = 0;
  let sum = 0;
  let sent = 0;
  const post = (): void => {
    for (const end = Math.min(count, received + WINDOW); sent < end; sent++) port.postMessage(makeItem(kind, sent));
  };
  port.on("message", (message) => {
    if (posts) {
      received = message as number;
      post();
    } else {
      sum += weigh(kind, message);
      if (++received % (WINDOW / 4) === 0) port.postMessage(received);
      if (received === count) parentPort?.postMessage(sum);
    }
  });
  parentPort?.once("message", () => {
    if (posts) post();
  });
  parentPort?.postMessage("ready");
}

/** Nanoseconds for an item. */
export async function handOverByPort(kind: Kind, count: number): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  const start = (port: MessagePort, posts: boolean): Worker =>
    new Worker(new URL(import.meta.url), { workerData: { port, kind, count, posts } satisfies Job, transferList: [port] });
  const workers = [start(port1, true), start(port2, false)] as const;
  const next = (worker: Worker): Promise<unknown> => new Promise((resolve) => worker.once("message", resolve));
  await Promise.all(workers.map(next));
  const started = performance.now();
  const sum = next(workers[1]);
  for (const worker of workers) worker.postMessage("go");
  const received = (await sum) as number;
  const elapsed = performance.now() - started;
  let expected = 0;
  for (let i = 0; i < count; i++) expected += weigh(kind, makeItem(kind, i));
  mustBe(expected, received);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return (elapsed * 1e6) / count;
}
