/**
 * What runs in a worker: one thread of the scenario, again and again.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Scenario } from "../scenario.ts";
import { enter, install } from "../shim.ts";
import { Channel, QUIT } from "./channel.ts";
import { plainContext } from "./plain-context.ts";
import { WorkerHost } from "./worker-host.ts";

/** What the controller tells a worker at first. */
export interface WorkerStart {
  readonly module: string;
  readonly exportName: string;
  readonly id: number;
  readonly buffer: SharedArrayBuffer;
  readonly cells: SharedArrayBuffer;
  readonly channel: SharedArrayBuffer;
}

async function main({ module, exportName, id, buffer, cells, channel: shared }: WorkerStart): Promise<void> {
  // Before the import: the code may take what it finds.
  install();
  const scenario = ((await import(module)) as Record<string, Scenario>)[exportName] as Scenario;
  const channel = new Channel(shared);
  const host = new WorkerHost(channel, id, plainContext(scenario.threads, buffer, cells), scenario.deaths !== undefined);
  parentPort?.postMessage("ready");
  for (let command = channel.listen(); command !== QUIT; ) {
    enter(host);
    command = host.run((context) => scenario.thread(context));
    enter(undefined);
  }
}

void main(workerData as WorkerStart);
