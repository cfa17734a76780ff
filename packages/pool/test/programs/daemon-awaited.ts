// Whoever awaits a daemon keeps the program alive: nothing else does.
import { Process, Thread } from "@interlock/pool";
import { sleep, square } from "../fixtures/tasks.ts";

for (const Kind of [Thread, Process]) {
  const sleeper = new Kind(sleep, [300], { daemon: true });
  sleeper.start();
  console.log(await sleeper.join());
  const worker = new Kind(square, [12], { daemon: true });
  worker.start();
  console.log(await worker.result());
}
// Nobody awaits this one any more.
const forgotten = new Thread(sleep, [60_000], { daemon: true });
forgotten.start();
console.log(await forgotten.join({ timeout: 10 }));
