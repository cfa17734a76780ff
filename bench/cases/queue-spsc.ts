import { Queue } from "@interlock/core";
import { channel, initRuntime, move, shutdown, spawn } from "multithreading";
import { get, getSpsc, handOver, put, putSpsc } from "../items.ts";
import { type Contender, mustBe } from "../measure.ts";
import { spscRing } from "../rings.ts";

/** One thread puts strings of 64 characters, another gets them. */
export const title = "Queue, 1 producer + 1 consumer: a string of 64 characters";
export const goals = [
  { contender: "bare SPSC ring", atMost: 4 },
  { contender: "multithreading", atMost: 0.1 },
];

const COUNT = 500_000;

export const contenders: Readonly<Record<string, Contender>> = {
  "bare SPSC ring": () => handOver(1, COUNT, spscRing(), putSpsc, getSpsc),
  interlock: () => handOver(1, COUNT, new Queue(), put, get),
  multithreading: () => handOverByPeer(1, 20_000),
};

/** The same by the peer's channel, in its blocking form. */
export async function handOverByPeer(pairs: number, count: number): Promise<number> {
  initRuntime({ maxWorkers: pairs * 2 });
  const [sender, receiver] = channel<string>();
  const run = async (times: number): Promise<number> => {
    const done = Array.from({ length: pairs }, () => [
      spawn(move(sender.clone(), times), (tx, n) => {
        const text = "the quick brown fox jumps over the lazy dog and runs away from it".slice(0, 64);
        for (let i = 0; i < n; i++) tx.blockingSend(text);
        return 0;
      }).join(),
      spawn(move(receiver.clone(), times), (rx, n) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += (rx.blockingRecv() as { value: string }).value.length;
        return sum;
      }).join(),
    ]).flat();
    const results = (await Promise.all(done)) as unknown as { value: number }[];
    return results.reduce((total, one) => total + one.value, 0);
  };
  await run(10);
  const started = performance.now();
  const sum = await run(count);
  const elapsed = performance.now() - started;
  mustBe(count * pairs * 64, sum);
  shutdown();
  return (elapsed * 1e6) / (count * pairs);
}
