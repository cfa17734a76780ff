// Nobody terminates the pool: being idle, it must not keep the program alive.
import { Pool } from "@interlock/pool";
import { square } from "../fixtures/tasks.ts";

const pool = new Pool({ size: 2, backend: process.env["BACKEND"] as "thread" | "process" });
console.log(await pool.map(square, [1, 2, 3]));
