// The only thing pending is an acquireAsync: the program must live until it is granted, and then end.
import { Event, Lock } from "@interlock/core";
import { Thread } from "@interlock/pool";
import { holdBriefly } from "../fixtures/tasks.ts";

const [lock, taken] = [new Lock(), new Event()];
new Thread(holdBriefly, [lock, taken, 300], { daemon: true }).start();
taken.wait();
lock.acquireAsync().then(() => console.log("granted"));
