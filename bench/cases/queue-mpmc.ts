import { get, getMpmc, handOver, put, putMpmc, queueOfTexts } from "../items.ts";
import type { Contender } from "../measure.ts";
import { mpmcRing } from "../rings.ts";
import { handOverByPeer } from "./queue-spsc.ts";

/** Two threads put strings of 64 characters, two others get them. */
export const title = "Queue, 2 producers + 2 consumers: a string of 64 characters";
export const limits = [
  { contender: "bare MPMC ring", atMost: 1 / 0.3 },
  { contender: "multithreading", atMost: 0.1 },
];

const COUNT = 250_000;

export const contenders: Readonly<Record<string, Contender>> = {
  "bare MPMC ring": () => handOver(2, COUNT, mpmcRing(), putMpmc as never, getMpmc as never),
  interlock: () => handOver(2, COUNT, queueOfTexts(), put, get),
  multithreading: () => handOverByPeer(2, 10_000),
};
