/**
 * One contender in a process of its own: `node bench/contender.ts <case> <contender>` prints its figure.
 *
 * @module
 */
import type { Contender } from "./measure.ts";

if (import.meta.main) {
  const [file, name] = process.argv.slice(2);
  const { contenders } = (await import(`./cases/${file}.ts`)) as { contenders: Record<string, Contender> };
  const contender = contenders[name ?? ""];
  if (contender === undefined) throw new RangeError(`Cannot run ${name} of ${file}: there are ${Object.keys(contenders).join(", ")}`);
  console.log(await contender());
  // A peer's idle workers are not ours to wait for. Not by `exit`, in which Node may hang (nodejs/node#54918): it waits for a
  // compiler's thread, and that for a garbage collection of the thread that waits.
  process.kill(process.pid, "SIGTERM");
}
