// The main part is not guarded: a worker that imports the task would start workers in turn.
import { Thread, task } from "@interlock/pool";

const double = task(import.meta, "double", (n: number) => n * 2);

const thread = new Thread(double, [1]);
thread.start();
console.log(await thread.result().catch((error: Error) => `${error.name}: ${error.message}`));
