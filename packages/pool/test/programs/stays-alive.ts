// The only thing pending is an acquireAsync: the program must live until it is granted, and then end.
import { Event, Lock, RLock, Value } from "@interlock/core";
import { Thread } from "@interlock/pool";
import { holdBriefly } from "../fixtures/tasks.ts";

const { KIND } = process.env;
const lock = KIND === "RLock" ? new RLock() : KIND === "Value" ? new Value("int32") : new Lock();
const taken = new Event();
new Thread(holdBriefly, [lock, taken, 300], { daemon: true }).start();
taken.wait();
lock.acquireAsync().then(() => console.log("granted"));
