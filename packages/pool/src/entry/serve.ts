/**
 * The child's side: receives batches, runs them, answers.
 *
 * @module
 */
import { type AgentHandle, adoptAgent, askedToLeave, dehydrate, hydrate, onCheckpoint, retireAgent } from "@interlock/core";
import type { FromChild, Outcome, ToChild } from "../batch.ts";
import type { ParentPort } from "../runtime/runtime.ts";
import { findTask, type Task } from "../task.ts";
import { toErrorData } from "../transport/error-data.ts";

/** Serves a parent until it says to end. */
export function serve(parent: ParentPort): void {
  let sharesMemory = true;
  // One batch after the other, in the order of arrival.
  let last: Promise<void> = Promise.resolve();
  parent.listen((raw) => {
    const message = raw as ToChild;
    if (message.kind === "start") {
      sharesMemory = message.agent !== undefined;
      if (message.agent !== undefined) become(message.agent, parent);
      send(parent, { kind: "ready" });
    } else if (message.kind === "run") {
      last = last.then(() => run(parent, message, sharesMemory));
    } else if (message.kind === "finish") {
      void last.then(() => parent.close());
    } else {
      parent.exit(0);
    }
  });
}

function become(agent: AgentHandle, parent: ParentPort): void {
  adoptAgent(agent);
  // The first line of reporting a death: it works while the parent is blocked. The parent's exit event is the second.
  parent.onExit(() => retireAgent(agent));
  onCheckpoint(() => {
    if (askedToLeave(agent)) parent.exit(0);
  });
}

async function run(parent: ParentPort, { id, task, calls }: ToChild & { kind: "run" }, sharesMemory: boolean): Promise<void> {
  const outcomes: Outcome[] = [];
  try {
    const fn = await findTask(task);
    for (const args of hydrate(calls) as unknown[][]) outcomes.push(await call(fn, args, sharesMemory));
  } catch (error) {
    // The task was not found, or its arguments could not be attached: no call can run.
    outcomes.length = 0;
    for (const _ of calls as unknown[]) outcomes.push({ ok: false, error: toErrorData(error) });
  }
  try {
    send(parent, { kind: "result", id, outcomes });
  } catch {
    send(parent, { kind: "result", id, outcomes: outcomes.map((one) => clonable(one, task.name)) });
  }
}

async function call(fn: Task, args: readonly unknown[], sharesMemory: boolean): Promise<Outcome> {
  try {
    const value = await (fn as unknown as (...args: readonly unknown[]) => unknown)(...args);
    return { ok: true, value: dehydrate(value, [], { crossProcess: !sharesMemory, name: "result" }) };
  } catch (error) {
    return { ok: false, error: toErrorData(error) };
  }
}

/** Replaces a result that cannot be posted by the reason. */
function clonable(outcome: Outcome, name: string): Outcome {
  if (!outcome.ok) return outcome;
  try {
    structuredClone(outcome.value);
    return outcome;
  } catch (cause) {
    return { ok: false, error: toErrorData(new TypeError(`Cannot return from task ${JSON.stringify(name)} as its result cannot be cloned`, { cause })) };
  }
}

function send(parent: ParentPort, message: FromChild): void {
  parent.post(message);
}
