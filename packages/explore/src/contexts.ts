/**
 * What scenarios see of the engine.
 *
 * @module
 */
import { UNWIND } from "./coroutine.ts";
import type { Operations } from "./operations.ts";
import type { Context, Scenario, SharedContext } from "./scenario.ts";
import type { Timeline } from "./timeline.ts";

/** For `setup` and `final`. */
export function sharedContext({ threads }: Scenario, timeline: Timeline): SharedContext {
  const { memory } = timeline;
  return {
    threads,
    buffer: memory.buffer,
    get: (cell) => memory.get(cell),
    set: (cell, value) => memory.set(cell, value),
    assert: (ok, message) => {
      if (ok) return;
      timeline.fail("assertion", message);
      throw UNWIND;
    },
  };
}

/** For one thread. */
export function threadContext(id: number, scenario: Scenario, shared: SharedContext, timeline: Timeline, operations: Operations): Context {
  return {
    ...shared,
    id,
    get: (cell) => {
      operations.use(cell);
      return shared.get(cell);
    },
    set: (cell, value) => {
      operations.use(cell, value);
      shared.set(cell, value);
    },
    assert: (ok, message) => {
      timeline.onStack();
      if (!ok) shared.assert(false, `thread ${id}: ${message}`);
    },
    mark: () => operations.mark("mark"),
    now: () => operations.now(),
    // Where nobody can die there is nothing to find out.
    alive: (thread) => scenario.deaths === undefined || operations.alive(thread),
  };
}
