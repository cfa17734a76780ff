// Daemons end with the program; a thread that sleeps in a lock is no reason to stay.
import { Event, Lock } from "@interlock/core";
import { Thread } from "@interlock/pool";
import { holdBriefly } from "../fixtures/tasks.ts";

const [lock, taken] = [new Lock(), new Event()];
lock.acquire();
new Thread(holdBriefly, [lock, taken, 1], { daemon: true }).start();
setTimeout(() => console.log("end"), 300);
