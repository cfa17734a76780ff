// Processes inherit standard output: it closes only when the last of them is gone. The environment says how the program ends.
import { Process } from "@interlock/pool";
import { sleep, spin } from "../fixtures/tasks.ts";

const { HOW: how } = process.env;
new Process(sleep, [60_000], { daemon: true }).start();
// It cannot notice that its parent is gone.
new Process(spin, [], { daemon: true }).start();
setTimeout(() => {
  if (how === "throw") throw new Error("the end");
  if (how === "exit") process.exit();
  if (how === "kill") process.kill(process.pid, "SIGKILL");
}, 700);
