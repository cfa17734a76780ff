import { Lock } from "@interlock/core";
import { Pool, Thread } from "@interlock/pool";
import { report } from "./report.js";
import { fail, never, reverse, square } from "./tasks.js";

const worker = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

/** What a program throws, as text. */
const thrown = async (program: () => unknown): Promise<string> => {
  try {
    return `returned ${String(await program())}`;
  } catch (error) {
    return String(error);
  }
};

await report(async () => {
  const pool = new Pool({ size: 2, worker });
  try {
    const squares = await pool.map(square, [1, 2, 3]);
    const { bytes } = await pool.apply(reverse, [{ bytes: new Uint8Array([1, 2, 3]) }]);
    const error = await thrown(() => pool.apply(fail, ["not this one"]));
    const lock = await thrown(() => new Lock());

    const thread = new Thread(square, [4], { worker });
    thread.start();
    const result = await thread.result();
    await thread.join();

    const ended = new Thread(never, [], { worker });
    ended.start();
    await ended.terminate();
    return { shared: typeof SharedArrayBuffer, squares, bytes: [...bytes], error, lock, result, exitCodes: [thread.exitCode, ended.exitCode] };
  } finally {
    await pool.terminate();
  }
});
