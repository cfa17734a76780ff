import { BufferTooShortError, type Connection, ConnectionError, EOFError, Pipe, wait } from "@interlock/pool";
import { describe, expect, it, onTestFinished } from "vitest";
import { access, count, echo, endLater, poll, SENTINEL, sendBytes } from "./connection-tasks.ts";
import { DELTA, expectTimedOut, KINDS, sleep, starter, WAKE } from "./support.ts";

/** Closes the ends of this thread with the test. */
function pipe(options?: { duplex: boolean }): [Connection, Connection] {
  const ends = Pipe<unknown>(options);
  onTestFinished(() => {
    for (const end of ends) end.close();
  });
  return ends;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function timed<R>(promise: Promise<R>): Promise<[R, number]> {
  const started = performance.now();
  return [await promise, performance.now() - started];
}

async function expectAtOnce<R>(promise: Promise<R>, expected: unknown): Promise<void> {
  const [result, elapsed] = await timed(promise);
  expect(result).toEqual(expected);
  expect(elapsed).toBeLessThan(WAKE);
}

describe.each(KINDS)("%s", (_, Kind) => {
  const start = starter(Kind);

  it("_TestConnection.test_connection", async () => {
    const [here, there] = pipe();
    const child = start(echo, [there]);
    const sequence = [1, 2.25, null];
    here.send(sequence);
    expect(await here.recv()).toEqual(sequence);
    const message = bytes("hello world");
    here.sendBytes(message);
    expect(await here.recvBytes()).toEqual(message);

    const numbers = new Int32Array([0, 1, 2, 3]);
    for (const offset of [0, 3 * numbers.BYTES_PER_ELEMENT]) {
      const buffer = new Int32Array(10);
      here.sendBytes(numbers);
      expect(await here.recvBytesInto(buffer, offset)).toBe(numbers.byteLength);
      const expected = new Int32Array(10);
      expected.set(numbers, offset / numbers.BYTES_PER_ELEMENT);
      expect(buffer).toEqual(expected);
    }
    const long = bytes("hello world".repeat(10));
    here.sendBytes(long);
    const error = await here.recvBytesInto(new Uint8Array(40)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BufferTooShortError);
    expect((error as BufferTooShortError).bytes).toEqual(long);

    await expectAtOnce(here.poll(), false);
    await expectAtOnce(here.poll(-1), false);
    const [polled, elapsed] = await timed(here.poll({ timeout: DELTA }));
    expect(polled).toBe(false);
    expectTimedOut(elapsed, DELTA);
    here.send(null);
    await expectAtOnce(here.poll({ timeout: WAKE }), true);
    expect(await here.recv()).toBe(null);

    const large = new Uint8Array(16 * 1024 * 1024).fill(88);
    here.sendBytes(large);
    const back = await here.recvBytes();
    expect([back.length, back.every((byte) => byte === 88)]).toEqual([large.length, true]);

    here.send(SENTINEL);
    expect([here.readable, here.writable]).toEqual([true, true]);
    await expect(here.recv()).rejects.toThrow(EOFError);
    await expect(here.recvBytes()).rejects.toThrow(EOFError);
    await child.result();
  });

  it("_TestConnection.test_duplex_false", async () => {
    const [reader, writer] = pipe({ duplex: false });
    writer.send(1);
    expect(await reader.recv()).toBe(1);
    expect([reader.readable, reader.writable, writer.readable, writer.writable]).toEqual([true, false, false, true]);
    expect(() => reader.send(2)).toThrow(new ConnectionError("Cannot send as the connection is read-only"));
    await expect(writer.recv()).rejects.toThrow(new ConnectionError("Cannot recv as the connection is write-only"));
    await expect(writer.poll()).rejects.toThrow(new ConnectionError("Cannot poll as the connection is write-only"));
  });

  it("_TestConnection.test_spawn_close", async () => {
    const [here, there] = pipe();
    const child = start(echo, [there]);
    // It was sent away: there is no copy left to be closed.
    there.close();
    here.sendBytes(bytes("hello"));
    expect(await here.recvBytes()).toEqual(bytes("hello"));
    here.send(SENTINEL);
    here.close();
    await child.result();
  });

  it("_TestConnection.test_sendbytes", async () => {
    const message = bytes("abcdefghijklmnopqrstuvwxyz");
    const [a, b] = pipe();
    const arrived = async (...range: number[]): Promise<string> => {
      a.sendBytes(message, ...range);
      return new TextDecoder().decode(await b.recvBytes());
    };
    expect(await arrived()).toBe("abcdefghijklmnopqrstuvwxyz");
    expect(await arrived(5)).toBe("fghijklmnopqrstuvwxyz");
    expect(await arrived(7, 8)).toBe("hijklmno");
    expect(await arrived(26)).toBe("");
    expect(await arrived(26, 0)).toBe("");
    for (const range of [[27], [22, 5], [26, 1], [-1], [4, -1]]) expect(() => a.sendBytes(message, ...range)).toThrow(RangeError);
    expect(await b.poll()).toBe(false);
  });

  it("_TestConnection.test_context", async () => {
    const [a, b] = pipe();
    a.send(1729);
    expect(await b.recv()).toBe(1729);
    expect(a.closed).toBe(false);
    for (const end of [b, a]) end[Symbol.dispose]();
    expect([a.closed, b.closed]).toEqual([true, true]);
    await expect(a.recv()).rejects.toThrow(new ConnectionError("Cannot recv as the connection is closed"));
    await expect(b.recv()).rejects.toThrow(ConnectionError);
  });

  it("_TestConnection.test_wait_empty", async () => {
    const [ready, elapsed] = await timed(wait([], { timeout: 5 * DELTA }));
    expect(ready).toEqual([]);
    expectTimedOut(elapsed, 5 * DELTA);
  });

  it("_TestPoll.test_empty_string", async () => {
    const [a, b] = pipe();
    a.sendBytes(bytes(""));
    expect([await b.poll(), await b.poll()]).toEqual([true, true]);
  });

  it("_TestPoll.test_strings", async () => {
    const texts = ["hello", "", "a", "b", "", "bye", "", "lop"];

    const [here, there] = pipe();
    const child = start(sendBytes, [there, texts, 10]);
    for (const text of texts) {
      expect(await here.poll({ timeout: 10 * WAKE })).toBe(true);
      expect(await here.recvBytes()).toEqual(bytes(text));
    }
    await child.result();
  });

  it("_TestPoll.test_boundaries", async () => {
    const [reader, writer] = pipe({ duplex: false });
    const child = start(poll, [reader, 10 * WAKE]);
    await sleep(DELTA);
    writer.sendBytes(bytes("first"));
    writer.sendBytes(bytes("second"));
    writer.close();
    const { polled, connection } = await child.result();
    expect(polled).toBe(true);
    expect([await connection.recvBytes(), await connection.recvBytes()]).toEqual([bytes("first"), bytes("second")]);
    await expect(connection.recv()).rejects.toThrow(EOFError);
    connection.close();
  });

  it("_TestPoll.test_dont_merge", async () => {
    const [here, there] = pipe();
    expect([await here.poll(), await here.poll()]).toEqual([false, false]);
    const child = start(sendBytes, [there, ["a", "b", "cd"], 0]);
    const polled: boolean[] = [];
    expect(await here.recvBytes()).toEqual(bytes("a"));
    polled.push(await here.poll(WAKE), await here.poll(WAKE));
    expect(await here.recvBytes()).toEqual(bytes("b"));
    polled.push(await here.poll(WAKE), await here.poll(WAKE), await here.poll());
    expect(await here.recvBytes()).toEqual(bytes("cd"));
    expect(polled).toEqual([true, true, true, true, true]);
    await child.result();
  });

  async function gather(pause: number): Promise<void> {
    const sent = [0, 1, 2, 3].flatMap((child) => Array.from({ length: 10 }, (_, i) => [i, `child ${child}`]));

    let readers = [0, 1, 2, 3].map((child) => {
      const [reader, writer] = pipe({ duplex: false });
      start(count, [writer, 10, `child ${child}`, pause]);
      return reader;
    });
    const messages: unknown[] = [];
    while (readers.length > 0) {
      for (const reader of await wait(readers)) {
        const message = await reader.recv().catch((error: unknown) => error);
        if (message instanceof EOFError) {
          readers = readers.filter((one) => one !== reader);
          reader.close();
        } else messages.push(message);
      }
    }
    const key = (message: unknown): string => JSON.stringify(message);
    expect(messages.map(key).sort()).toEqual(sent.map(key).sort());
  }

  it("TestWait.test_wait", () => gather(0));

  it("TestWait.test_wait_slow", () => gather(DELTA));

  it("TestWait.test_wait_timeout", async () => {
    const [a, b] = pipe();
    const [none, elapsed] = await timed(wait([a, b], { timeout: 5 * DELTA }));
    expect(none).toEqual([]);
    expectTimedOut(elapsed, 5 * DELTA);
    b.send(null);
    await expectAtOnce(wait([a, b], { timeout: 10 * WAKE }), [a]);
  });

  it("TestWait.test_wait_integer", async () => {
    const [here, there] = pipe();
    const [a, b] = pipe();
    const started = performance.now();
    const child = start(endLater, [there, 3 * DELTA]);
    expect(await here.recv()).toBe("begun");
    const first = await wait([a, child, b], { timeout: 10 * WAKE });
    expect(first).toEqual([child]);
    // Not because it has begun, however long ago that was.
    expect(child.isAlive()).toBe(false);
    expect(performance.now() - started).toBeGreaterThan(3 * DELTA - 1);
    a.send(null);
    await expectAtOnce(wait([a, child, b], { timeout: WAKE }), [child, b]);
    b.send(null);
    await expectAtOnce(wait([a, child, b], { timeout: WAKE }), [a, child, b]);
  });

  it("TestWait.test_neg_timeout", async () => {
    const [a] = pipe();
    await expectAtOnce(wait([a], { timeout: -1 }), []);
  });

  it("_TestPicklingConnections.test_access", async () => {
    const [here, there] = pipe();
    const child = start(access, [there]);
    const [results, writer] = pipe({ duplex: false });
    here.send(writer);
    expect(await results.recv()).toBe("all is well");
    const [reader, source] = pipe({ duplex: false });
    here.send(reader);
    source.send("foobar");
    source.close();
    expect(await here.recv()).toBe("foobarfoobar");
    await child.result();
  });
});
