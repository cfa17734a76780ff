import { afterEach, expect, it, vi } from "vitest";
import { type AgentHandle, askToLeave, home, onCheckpoint, onNews, reserveAgent, retireAgent, SharedRoster } from "../src/base.ts";
import { joinRoster, leaveRoster } from "../src/sys/thread.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A seat that is given back after the test. */
function seat(): AgentHandle {
  const handle = reserveAgent();
  ends.push(() => retireAgent(handle));
  return handle;
}

it("a sleeper sleeps on until somebody dies or is asked to leave, and then once looks up", () => {
  const { agent } = home();
  const lookUp = (): readonly boolean[] => [agent.sleepsOn(), agent.sleepsOn()];
  const [first, second] = [seat(), seat()];
  lookUp();
  expect(lookUp()).toEqual([true, true]);
  retireAgent(first);
  expect(lookUp()).toEqual([false, true]);
  // It was dead already.
  retireAgent(first);
  expect(lookUp()).toEqual([true, true]);
  askToLeave(second);
  expect(lookUp()).toEqual([false, true]);
});

it("a chore that waits for time to pass keeps sleepers from that, and one that waits for news does not", () => {
  const { agent } = home();
  let done = 0;
  agent.sleepsOn();
  const endNews = onNews(() => done++);
  expect(agent.sleepsOn()).toBe(true);
  const end = onCheckpoint(() => (done += 10));
  expect([agent.sleepsOn(), agent.sleepsOn()]).toEqual([false, false]);
  agent.checkpoint();
  expect(done).toBe(11);
  end();
  endNews();
  agent.checkpoint();
  expect([done, agent.sleepsOn()]).toEqual([11, true]);
});

it("where the dead may be silent, or this thread is asked to leave elsewhere, sleepers look up each time", () => {
  const bytes = new SharedArrayBuffer(1 << 20);
  const guard = { take: () => true, drop: () => {}, lives: () => true };
  for (const roster of [new SharedRoster(), new SharedRoster(bytes, { byteOffset: 0, create: true, guard })]) {
    ends.push(() => leaveRoster(roster));
    const { agent } = joinRoster(roster, "guest");
    expect([agent.sleepsOn(), agent.sleepsOn()]).toEqual([false, false]);
  }
});

it.each([-1, -49, -50, 0, 49, 50, Number.NaN, -Infinity])("whatever the clock says, the end of a slice is in the next: %d", (time) => {
  const clock = vi.spyOn(Date, "now").mockReturnValue(time);
  ends.push(() => clock.mockRestore());
  const left = home().agent.toCommonEnd(50);
  expect(left > 0 && left <= 50).toBe(true);
});

it("slices have an end in common: a multiple of their length on the clock that all threads share", () => {
  const { agent } = home();
  for (let i = 0; i < 100; i++) {
    const before = Date.now();
    const left = agent.toCommonEnd(50);
    const after = Date.now();
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(50);
    // The clock was read between two looks at it, so the end lies between the two that they tell.
    const ends = Array.from({ length: after - before + 1 }, (_, n) => (before + n + left) % 50);
    expect(ends).toContain(0);
  }
});
