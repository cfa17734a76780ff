/** Does several things at a time, and returns what each came to, in order. */
import { availableParallelism } from "node:os";

/** As many at a time as there are cores: they are programs, which mostly wait for their start. */
export async function eachAtOnce<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await act(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
