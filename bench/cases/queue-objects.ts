import { Queue } from "@interlock/core";
import { get, handOver, put } from "../items.ts";
import type { Contender } from "../measure.ts";
import { handOverByPort } from "../port.ts";

/** One thread puts, another gets. */
export const title = "Queue, 1 producer + 1 consumer: a small object";

const COUNT = 100_000;

export const contenders: Readonly<Record<string, Contender>> = {
  MessagePort: () => handOverByPort("object", COUNT),
  interlock: () => handOver(1, COUNT, new Queue(), put, get, "object"),
};
