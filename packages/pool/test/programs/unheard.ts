// Its standard error is closed, and its child has much to say there.
import { setTimeout } from "node:timers/promises";
import { Process } from "@interlock/pool";
import { print } from "../fixtures/process-tasks.ts";

for (let i = 0; i < 2; i++) {
  const child = new Process(print, ["", "is anybody there?\n".repeat(10_000)]);
  child.start();
  await child.join();
  await setTimeout(50);
}
console.log("end");
