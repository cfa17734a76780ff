import { Value } from "@interlock/core";
import { Pool } from "@interlock/pool";
import { count, square } from "./tasks.js";

const pool = new Pool({ size: 2, worker: () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }) });
const counter = new Value("int32", 0);
try {
  const squares = await pool.map(square, [1, 2, 3]);
  await Promise.all([pool.apply(count, [counter, 10_000]), pool.apply(count, [counter, 10_000])]);
  document.title = `done ${squares.join(" ")} ${counter.value}`;
} catch (error) {
  document.title = `failed ${String(error)}`;
} finally {
  await pool.terminate();
}
