/**
 * What travels between a parent and its children: plain data only.
 *
 * @module
 */
import type { AgentHandle } from "@interlock/core";
import type { TaskReference } from "./task.ts";
import type { ErrorData } from "./transport/error-data.ts";

/** Calls of one task, run one after the other. */
export interface Batch {
  readonly task: TaskReference;
  /** The arguments of each call. */
  readonly calls: readonly (readonly unknown[])[];
  /** The index of the first call among those of a `map`. */
  readonly first: number;
}

/** What one call came to. */
export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ErrorData };

/** What the calls of a batch came to, in order. */
export type BatchResult = readonly Outcome[];

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
export type FromChild = { readonly kind: "ready" } | { readonly kind: "result"; readonly id: number; readonly outcomes: unknown };
