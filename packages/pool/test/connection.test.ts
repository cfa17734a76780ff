import { Lock, Queue, TimeoutError } from "@interlock/core";
import { BrokenPipeError, Connection, ConnectionError, EOFError, Pipe, type PipeOptions } from "@interlock/pool";
import { describe, expect, it, onTestFinished } from "vitest";
import { collectUntil } from "./fixtures/collect.ts";

/** Closes the ends with the test. */
function pipe(options?: PipeOptions): [Connection, Connection] {
  const ends = Pipe<unknown>(options);
  onTestFinished(() => {
    for (const end of ends) end.close();
  });
  return ends;
}

describe("a pipe in one thread", () => {
  it("carries values both ways, in order, and shares core objects", async () => {
    const [a, b] = pipe();
    const lock = new Lock();
    const values = [undefined, null, 1, "text", 2n ** 70n, new Map([[1, new Set(["x"])]]), { lock }, [new Date(0)]];
    for (const value of values) a.send(value);
    b.send("back");
    for (const value of values.slice(0, 6)) expect(await b.recv()).toEqual(value);
    const { lock: same } = (await b.recv()) as { lock: Lock };
    lock.acquire();
    expect(same.locked).toBe(true);
    lock.release();
    expect(await b.recv()).toEqual([new Date(0)]);
    expect(await a.recv()).toBe("back");
  });

  it("moves what is transferred", async () => {
    const [a, b] = pipe();
    const bytes = new Uint8Array([1, 2, 3]);
    a.send({ bytes }, { transfer: [bytes.buffer] });
    expect(bytes.length).toBe(0);
    expect(await b.recv()).toEqual({ bytes: new Uint8Array([1, 2, 3]) });
    const { port1, port2 } = new MessageChannel();
    a.send(port1, { transfer: [port1] });
    const port = (await b.recv()) as MessagePort;
    const answer = new Promise((resolve) => {
      port2.onmessage = ({ data }) => resolve(data);
    });
    port.postMessage("through");
    expect(await answer).toBe("through");
    for (const one of [port, port2]) one.close();
  });

  it("names what cannot be sent, and sends nothing", async () => {
    const [a, b] = pipe();
    const [c, d] = pipe();
    expect(() => a.send({ d, steps: [() => {}] })).toThrow("Cannot send value.steps[0] as it cannot be cloned: received function");
    a.send("next");
    expect(await b.recv()).toBe("next");
    expect(d.closed).toBe(false);
    c.send("still here");
    expect(await d.recv()).toBe("still here");
  });

  it("refuses to send an end through itself, or one that is gone", () => {
    const [a, b] = pipe();
    const [c, d] = pipe();
    expect(() => a.send(a)).toThrow(new ConnectionError("Cannot send a connection through its own pipe"));
    expect(() => a.send({ b })).toThrow(new ConnectionError("Cannot send a connection through its own pipe"));
    c.send(b);
    expect(() => a.send({ d })).toThrow(new ConnectionError("Cannot send a connection through its own pipe"));
    expect(d.closed).toBe(false);
    a.send(c);
    expect(() => a.send({ c })).toThrow(new ConnectionError("Cannot send value.c as the connection was sent to the other end of a connection"));
    const [e] = pipe();
    e.close();
    expect(() => a.send([e])).toThrow(new ConnectionError("Cannot send value[0] as the connection is closed"));
  });

  it("serves those who wait in the order of their calls", async () => {
    const [a, b] = pipe();
    const both = Promise.all([b.recv(), b.recv()]);
    a.send(1);
    a.send(2);
    const third = b.recv();
    expect(await both).toEqual([1, 2]);
    a.send(3);
    expect(await third).toBe(3);
  });

  it("loses no message to a recv that gave up", async () => {
    const [a, b] = pipe();
    const started = performance.now();
    await expect(b.recv({ timeout: 20 })).rejects.toThrow(TimeoutError);
    await expect(b.recv({ timeout: 0 })).rejects.toThrow("Cannot recv as no message came within 0 ms");
    const controller = new AbortController();
    const aborted = b.recv({ signal: controller.signal });
    controller.abort("enough");
    await expect(aborted).rejects.toBe("enough");
    await expect(b.recv({ signal: controller.signal })).rejects.toBe("enough");
    await expect(b.poll({ timeout: 1000, signal: controller.signal })).rejects.toBe("enough");
    a.send("first");
    a.send("second");
    expect(await b.recv({ timeout: 0 })).toBe("first");
    expect(await b.recv()).toBe("second");
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("is left by a loop without losing a message", async () => {
    const [a, b] = pipe();
    for (let i = 0; i < 5; i++) a.send(i);
    a.close();
    for await (const message of b) if (message === 2) break;
    expect(b.closed).toBe(false);
    const rest: unknown[] = [];
    for await (const message of b) rest.push(message);
    expect(rest).toEqual([3, 4]);
    await expect(b.recv()).rejects.toThrow(EOFError);
  });

  it("ends once the other end is closed, after what was sent", async () => {
    const [a, b] = pipe();
    const waiting = b.recv();
    a.send("last");
    a.close();
    a.close();
    expect(await waiting).toBe("last");
    expect(await b.poll()).toBe(true);
    await expect(b.recv()).rejects.toThrow(new EOFError("Cannot recv as the other end of the connection is gone"));
    await expect(b.recvBytes()).rejects.toThrow(EOFError);
    expect(() => b.send(1)).toThrow(new BrokenPipeError("Cannot send as the other end of the connection is gone"));
    expect(() => b.sendBytes(new Uint8Array(1))).toThrow(BrokenPipeError);
    expect(() => a.send(1)).toThrow(new ConnectionError("Cannot send as the connection is closed"));
  });

  it("ends a recv, a poll and a loop of its own when it is closed", async () => {
    const [, b] = pipe();
    const waiting = [b.recv(), b.poll(Infinity), b.recvBytes(), b[Symbol.asyncIterator]().next()];
    b.close();
    for (const one of await Promise.allSettled(waiting)) expect(one).toMatchObject({ reason: expect.any(ConnectionError) });
  });

  it("gives a message of another kind to whoever asks for that", async () => {
    const [a, b] = pipe();
    a.send("value");
    await expect(b.recvBytes()).rejects.toThrow(new ConnectionError("Cannot recvBytes as the message is a value: call recv"));
    expect(await b.recv()).toBe("value");
    a.sendBytes(new Uint8Array([1, 2, 3]));
    await expect(b.recvBytes(2)).rejects.toThrow("Cannot recvBytes as the message may have at most 2 bytes: received 3");
    expect(await b.recvBytes(3)).toEqual(new Uint8Array([1, 2, 3]));
    a.sendBytes(new Uint8Array([4]));
    expect(await b.recv()).toEqual(new Uint8Array([4]));
  });

  it("sends bytes of any buffer or view, and receives them into any", async () => {
    const [a, b] = pipe();
    const shared = new SharedArrayBuffer(4);
    new Uint8Array(shared).set([1, 2, 3, 4]);
    for (const source of [shared, new DataView(shared), new Uint16Array(shared)]) {
      a.sendBytes(source, 1);
      const target = new ArrayBuffer(8);
      expect(await b.recvBytesInto(target, 5)).toBe(3);
      expect(new Uint8Array(target)).toEqual(new Uint8Array([0, 0, 0, 0, 0, 2, 3, 4]));
    }
    expect(() => a.sendBytes("text" as never)).toThrow(new TypeError(`Cannot sendBytes as 'bytes' must be a buffer or a view of one: received "text"`));
    await expect(b.recvBytesInto([] as never)).rejects.toThrow(TypeError);
    await expect(b.recvBytesInto(shared, 5)).rejects.toThrow("Cannot recvBytesInto as 'offset' must be an integer from 0 to 4: received 5");
    await expect(b.recvBytes(-1)).rejects.toThrow(RangeError);
    await expect(b.recvBytes("1" as never)).rejects.toThrow(TypeError);
  });

  it("checks its options", async () => {
    const [, b] = pipe();
    expect(() => Pipe({ duplex: 1 as never })).toThrow(new TypeError("Cannot create Pipe as 'duplex' must be a boolean: received 1"));
    await expect(b.recv({ timeout: "1" as never })).rejects.toThrow(
      new TypeError("Cannot recv as 'timeout' must be a number of milliseconds: received string"),
    );
    await expect(b.poll(Number.NaN)).rejects.toThrow(RangeError);
    await expect(b.recv(1 as never)).rejects.toThrow(TypeError);
  });

  it("says where it can travel, where it cannot", () => {
    const [a] = pipe();
    expect(() => structuredClone({ a })).toThrow("Cannot post Connection as only tasks and connections can carry it: pass it to a task");
    expect(() => new Queue().put({ a })).toThrow("Cannot put item.a as it is a Connection, which is moved and not copied: pass it to a task");
  });
});

describe("an end that was sent on", () => {
  it("comes with the messages that nobody had received, and those that are sent meanwhile", async () => {
    const [a, b] = pipe();
    const [c, d] = pipe();
    for (const message of [1, 2, 3]) a.send(message);
    expect(await b.recv()).toBe(1);
    expect(await b.poll()).toBe(true);
    c.send({ b });
    a.send(4);
    const { b: there } = (await d.recv()) as { b: Connection };
    onTestFinished(() => there.close());
    a.send(5);
    a.close();
    const rest: unknown[] = [];
    for await (const message of there) rest.push(message);
    expect(rest).toEqual([2, 3, 4, 5]);
    expect(b.closed).toBe(true);
    await expect(b.recv()).rejects.toThrow(new ConnectionError("Cannot recv as the connection was sent to the other end of a connection"));
  });

  it("is the same wherever it is in the message", async () => {
    const [a, b] = pipe();
    const [c, d] = pipe();
    c.send([b, { again: b }]);
    const [first, { again }] = (await d.recv()) as [Connection, { again: Connection }];
    expect(first).toBeInstanceOf(Connection);
    expect(again === first).toBe(true);
    a.send("here");
    expect(await first.recv()).toBe("here");
    first.close();
  });

  it("ends a recv that waits at it", async () => {
    const [, b] = pipe();
    const [c] = pipe();
    const waiting = b.recv();
    c.send(b);
    await expect(waiting).rejects.toThrow("Cannot recv as the connection was sent to the other end of a connection");
  });

  it("travels inside messages that nobody has received, which travel themselves", async () => {
    const [a, b] = pipe();
    const [c, d] = pipe();
    const [e, f] = pipe();
    c.send(b); // in d's messages
    e.send(d); // in f's
    a.send("deep");
    const d2 = (await f.recv()) as Connection;
    const b2 = (await d2.recv()) as Connection;
    expect(await b2.recv()).toBe("deep");
    b2.send("back");
    expect(await a.recv()).toBe("back");
    for (const end of [b2, d2]) end.close();
  });

  it("travels after the other end was closed", async () => {
    const [a, b] = pipe();
    const [c, d] = pipe();
    a.send("last");
    a.close();
    c.send(b);
    const there = (await d.recv()) as Connection;
    expect(await there.recv()).toBe("last");
    await expect(there.recv()).rejects.toThrow(EOFError);
    expect(() => there.send(1)).toThrow(BrokenPipeError);
    there.close();
  });

  it("is closed with the connection whose messages it was in", async () => {
    const [a, b] = pipe();
    const [c, d] = pipe();
    c.send(b);
    d.close();
    await expect(a.recv({ timeout: 10_000 })).rejects.toThrow(EOFError);
    const [e, f] = pipe();
    const [g, h] = pipe();
    g.send(f);
    expect(await h.poll()).toBe(true);
    h.close();
    await expect(e.recv({ timeout: 10_000 })).rejects.toThrow(EOFError);
  });
});

describe("a connection that nobody has", () => {
  it("is kept while somebody waits at it", async () => {
    const sender = ((): { readonly got: Promise<unknown>; readonly a: Connection } => {
      const [a, b] = Pipe<unknown>();
      return { got: b.recv(), a };
    })();
    await collectUntil(() => false, 5);
    sender.a.send("not lost");
    expect(await sender.got).toBe("not lost");
    sender.a.close();
  });

  it("is closed when it is collected", async () => {
    const mine = ((): Connection => Pipe<unknown>()[0])();
    let ended = false;
    const waiting = mine.recv().catch((error: unknown) => {
      ended = true;
      return error;
    });
    expect(await collectUntil(() => ended, 100)).toBe(true);
    expect(await waiting).toBeInstanceOf(EOFError);
    mine.close();
  });
});
