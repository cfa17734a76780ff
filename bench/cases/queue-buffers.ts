import { Queue } from "@interlock/core";
import { get, handOver, put } from "../items.ts";
import type { Contender } from "../measure.ts";
import { handOverByPort } from "../port.ts";

/** One thread puts, another gets. */
export const title = "Queue, 1 producer + 1 consumer: 64 KiB of doubles";

const COUNT = 5_000;

export const contenders: Readonly<Record<string, Contender>> = {
  MessagePort: () => handOverByPort("buffer", COUNT),
  interlock: () => handOver(1, COUNT, new Queue({ capacityBytes: 2 ** 20 }), put, get, "buffer"),
};
