import { expect, it } from "vitest";
import { Replies } from "../src/backends/replies.ts";
import { Doorbell } from "../src/channel/doorbell.ts";

/** In which what is looked for now and then is found. */
const SOON_MS = 5000;

it("a worker that rings after it counts as ended keeps nobody's reply from its pool", async () => {
  const reply = { waits: false };
  const came = Promise.withResolvers<void>();
  const worker = {
    child: {
      drain(): void {
        if (!reply.waits) return;
        reply.waits = false;
        came.resolve();
      },
    },
    channel: {
      get hasReply() {
        return reply.waits;
      },
    },
  };
  const replies = new Replies([worker as never], () => {});
  replies.expect();
  replies.ended();
  // The knock of the one that was ended is lost; the other finds that somebody knocked.
  new Doorbell(replies.bell, 0, () => {}).ring();
  reply.waits = true;
  new Doorbell(replies.bell, 0, () => expect.unreachable("it had to knock")).ring();
  const started = performance.now();
  await came.promise;
  expect(performance.now() - started).toBeLessThan(SOON_MS);
  replies.end();
});
