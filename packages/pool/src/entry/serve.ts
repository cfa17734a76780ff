/**
 * The child's side: receives batches, runs them, answers.
 *
 * @module
 */
import { type AgentHandle, adoptAgent, askedToLeave, dehydrate, hydrate, onCheckpoint, retireAgent } from "@interlock/core";
import type { Outcome } from "../batch.ts";
import type { ParentPort } from "../runtime/runtime.ts";
import { runtime } from "../runtime/select.ts";
import { findTask, type Task, type TaskReference } from "../task.ts";
import { enterWorker, runInScope } from "../task-scope.ts";
import { blame, type Inspection, isBoundToProcess, isClonable } from "../transport/clonable.ts";
import { toErrorData } from "../transport/error-data.ts";
import { type FromChild, seal, type ToChild, unseal } from "../transport/message.ts";

/** Serves a parent until it says to end. */
export function serve(parent: ParentPort): void {
  enterWorker(runtime().taskScope());
  let crossProcess = false;
  // One batch after the other, in the order of arrival.
  let last: Promise<void> = Promise.resolve();
  const receive = (message: ToChild): void => {
    if (message.kind === "start") {
      crossProcess = message.agent === undefined;
      if (message.agent !== undefined) become(message.agent, parent);
      send(parent, { kind: "ready" });
    } else if (message.kind === "run") {
      last = last.then(() => run(parent, message, crossProcess));
    } else if (message.kind === "finish") {
      void last.then(() => parent.close());
    } else {
      parent.exit(0);
    }
  };
  parent.listen({
    message: (raw) => {
      const message = unseal<ToChild>(raw);
      if (message !== undefined) receive(message);
    },
    unreadable: () => send(parent, { kind: "unreadable" }),
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

async function run(parent: ParentPort, { id, task, calls }: ToChild & { kind: "run" }, crossProcess: boolean): Promise<void> {
  let outcomes: Outcome[] = [];
  try {
    const fn = await findTask(task);
    for (const args of hydrate(calls) as unknown[][]) outcomes.push(await call(fn, args, crossProcess));
  } catch (error) {
    // The task was not found, or its arguments could not be attached: no call can run.
    outcomes = (calls as unknown[]).map(() => ({ ok: false, error: toErrorData(error) }));
  }
  try {
    send(parent, { kind: "result", id, outcomes });
  } catch {
    send(parent, { kind: "result", id, outcomes: outcomes.map((one) => clonable(one, task)) });
  }
}

async function call(fn: Task, args: readonly unknown[], crossProcess: boolean): Promise<Outcome> {
  try {
    const result = await runInScope(async () => (fn as unknown as (...args: readonly unknown[]) => unknown)(...args));
    const value = dehydrate(result, [], { crossProcess, name: "result" });
    const error = crossProcess ? blame(value, inspection(fn, isBoundToProcess)) : undefined;
    return error === undefined ? { ok: true, value } : { ok: false, error: toErrorData(error) };
  } catch (error) {
    return { ok: false, error: toErrorData(error) };
  }
}

/** Replaces a result that cannot be posted by the reason. */
function clonable(outcome: Outcome, task: TaskReference): Outcome {
  if (!outcome.ok) return outcome;
  try {
    structuredClone(outcome.value);
    return outcome;
  } catch (cause) {
    const how = inspection(task, (part) => !isClonable(part), cause);
    // If all parts can be cloned, the whole is to blame.
    const error = blame(outcome.value, how) ?? new TypeError(`Cannot ${how.action("result")} as it cannot be cloned`, { cause });
    return { ok: false, error: toErrorData(error) };
  }
}

function inspection(task: TaskReference, bad: Inspection["bad"], cause?: unknown): Inspection {
  return { name: "result", action: (path) => `return ${path} from task ${JSON.stringify(task.name)}`, bad, cause };
}

function send(parent: ParentPort, message: FromChild): void {
  parent.post(seal(message));
}
