import { Queue } from "@interlock/core";
import { get, getMpmc, handOver, put, putMpmc } from "../items.ts";
import type { Contender } from "../measure.ts";
import { mpmcRing } from "../rings.ts";
import { handOverByPeer } from "./queue-spsc.ts";

/** Two threads put strings of 64 characters, two others get them. */
export const title = "Queue, 2 producers + 2 consumers: a string of 64 characters";
export const goals = [
  { contender: "bare MPMC ring", atMost: 3.33 },
  { contender: "multithreading", atMost: 0.1 },
];

const COUNT = 250_000;

export const contenders: Readonly<Record<string, Contender>> = {
  "bare MPMC ring": () => handOver(2, COUNT, mpmcRing(), putMpmc, getMpmc),
  interlock: () => handOver(2, COUNT, new Queue(), put, get),
  multithreading: () => handOverByPeer(2, 10_000),
};
