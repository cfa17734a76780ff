// Whatever is no daemon is awaited at the end of the program, and nothing else.
import { Process } from "@interlock/pool";
import { printLater } from "../fixtures/process-tasks.ts";

new Process(printLater, [500, "awaited"], { daemon: false }).start();
new Process(printLater, [5000, "not awaited"], { daemon: true }).start();
console.log("end");
