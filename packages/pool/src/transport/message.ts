/**
 * What parents and children post to each other. User code may post on the same lines, so ours are marked.
 *
 * @module
 */
import type { AgentHandle } from "@interlock/core";
import type { TaskReference } from "../task.ts";

/** From the parent to a child. */
export type ToChild =
  /** First of all: who the child is. A process has no agent: it shares no memory. */
  | { readonly kind: "start"; readonly agent: AgentHandle | undefined }
  | { readonly kind: "run"; readonly id: number; readonly task: TaskReference; readonly calls: unknown }
  /** End once nothing keeps you. */
  | { readonly kind: "finish" }
  /** End now. */
  | { readonly kind: "leave" };

/** From a child to its parent. */
export type FromChild =
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly id: number; readonly outcomes: unknown }
  /** A message of the parent's could not be turned into values. */
  | { readonly kind: "unreadable" };

const MARK = "@interlock/message";

/** Marks a message as ours. */
export function seal(message: ToChild | FromChild): unknown {
  return { [MARK]: message };
}

/** The message, if it is ours. */
export function unseal<M extends ToChild | FromChild>(raw: unknown): M | undefined {
  return (raw as { [MARK]?: M } | null | undefined)?.[MARK];
}
