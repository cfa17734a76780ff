/**
 * A worker at its post, and a parent that posts messages and sends by the channel.
 *
 * @module
 */
import type { Scenario } from "@interlock/explore";
import { channelBytes, ParentChannel, WorkerChannel } from "../../src/channel/channel.ts";

const CAPACITY = 256;

/** No doze ends by itself under the explorer. */
const FOR_EVER = 1000;

/**
 * The worker stays at its post until it hears that messages were posted, which it then takes.
 *
 * @param posted How the parent says that it posted one.
 */
export function postings(posted: (parent: ParentChannel) => void = (parent) => parent.posted()): Scenario {
  return {
    threads: 2,
    bytes: channelBytes(CAPACITY),
    thread(c) {
      if (c.id === 0) {
        const parent = new ParentChannel(c.buffer, undefined, c.buffer);
        posted(parent);
        parent.send({ id: 1, slot: -1, task: { module: "m", name: "f" }, spread: false, eager: false, items: [1] });
        parent.wake();
        posted(parent);
        return;
      }
      const worker = new WorkerChannel({ memory: c.buffer, bell: c.buffer });
      let orders = 0;
      for (let messages = 0; messages < 2; ) {
        worker.bell.attend();
        while (!worker.misses) worker.bell.doze(() => worker.misses, FOR_EVER);
        worker.bell.leave();
        for (; worker.misses; messages++) worker.messageCame();
        while (worker.receive() !== undefined) orders++;
      }
      c.assert(orders === 1, `${orders} orders came before the second message`);
    },
  };
}
