/**
 * Tasks: functions that a worker finds again by module and name.
 *
 * @module
 */
import { describe } from "./describe.ts";

/** Marks tasks, in whatever copy of this package they were made. */
const TASK: symbol = Symbol.for("@interlock/pool/task");
const FUNCTION: symbol = Symbol.for("@interlock/pool/function");
const STATE: symbol = Symbol.for("@interlock/pool/state");

/** Where a worker finds a task. */
export interface TaskReference {
  /** The URL of the module that defines it. */
  readonly module: string;
  /** Its name, unique in the module. */
  readonly name: string;
}

/** A function that can be called here, or sent to a worker. */
export interface Task<A extends readonly unknown[] = readonly never[], R = unknown> extends TaskReference {
  (...args: A): R;
}

interface State {
  readonly byUrl: Map<string, Task>;
  readonly byName: Map<string, Task | "ambiguous">;
}

function state(): State {
  const global = globalThis as unknown as Record<symbol, State | undefined>;
  global[STATE] ??= { byUrl: new Map(), byName: new Map() };
  return global[STATE];
}

/**
 * Makes a function that workers can run.
 *
 * A function never travels as text: the worker imports the module and looks the name up. The module must therefore be
 * importable on both sides, and do nothing but define things; in a script that is both, guard the main part with
 * `if (import.meta.main)`.
 *
 * @param module `import.meta`, or `import.meta.url`.
 * @param name A name that no other task of the module has.
 * @param fn What to run; may return a promise.
 * @returns A function that runs `fn` here, and carries `module` and `name`.
 * @throws {TypeError} If `module` has no URL, `name` is empty or `fn` is no function.
 *
 * @example
 * ```ts
 * import { task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * const square = task(import.meta, "square", (n: number) => n * n);
 * assert.equal(square(4), 16);
 * assert.equal(square.name, "square");
 * ```
 */
export function task<A extends readonly unknown[], R>(module: { readonly url: string } | string, name: string, fn: (...args: A) => R): Task<A, R> {
  const url = typeof module === "string" ? module : module?.url;
  if (typeof url !== "string" || url === "") {
    throw new TypeError(`Cannot create task as 'module' must be import.meta or import.meta.url: received ${describe(module)}`);
  }
  if (typeof name !== "string" || name === "") throw new TypeError(`Cannot create task as 'name' must be a non-empty string: received ${describe(name)}`);
  if (typeof fn !== "function") throw new TypeError(`Cannot create task ${JSON.stringify(name)} as 'fn' must be a function: received ${describe(fn)}`);
  const made = ((...args: A): R => fn(...args)) as Task<A, R>;
  const reference: TaskReference = { module: url, name };
  Object.defineProperties(made, { [TASK]: { value: reference }, [FUNCTION]: { value: fn }, name: { value: name }, module: { value: url, enumerable: true } });
  const { byUrl } = state();
  byUrl.set(key(url, name), made as unknown as Task);
  return made;
}

/**
 * Checks that something is a task.
 *
 * @returns Where workers find it: the same object for the same task.
 * @throws {TypeError} If it is not; says how to make one.
 */
export function requireTask(fn: unknown, action: string): TaskReference {
  if (typeof fn === "function") {
    const reference = (fn as unknown as Record<symbol, TaskReference | undefined>)[TASK];
    if (reference !== undefined) return reference;
  }
  throw new TypeError(
    `Cannot ${action} as its function must be a task: received ${describe(fn)}; define it at the top of a module as export const f = task(import.meta, "f", (x) => ...)`,
  );
}

/** The function that a task runs: workers spare themselves the way round. */
export function functionOf(one: Task): (...args: unknown[]) => unknown {
  return (one as unknown as Record<symbol, (...args: unknown[]) => unknown>)[FUNCTION] as (...args: unknown[]) => unknown;
}

/** Makes tasks known by name alone, for workers whose modules have other URLs than the parent's. */
export function serveByName(tasks: readonly Task[]): void {
  const { byName } = state();
  for (const one of tasks) {
    const { name } = requireTask(one, "serve");
    byName.set(name, byName.has(name) && byName.get(name) !== one ? "ambiguous" : one);
  }
}

/** A task that this worker knows without importing anything; undefined if there is none such. */
export function knownTask({ module, name }: TaskReference): Task | undefined {
  const { byName, byUrl } = state();
  if (byName.size === 0) return byUrl.get(key(module, name));
  const served = byName.get(name);
  return served === "ambiguous" ? undefined : served;
}

/**
 * Finds a task in this worker: by name if the worker serves tasks, else by importing its module.
 *
 * @throws {TypeError} If there is none.
 */
export async function findTask({ module, name }: TaskReference): Promise<Task> {
  const { byName, byUrl } = state();
  if (byName.size > 0) {
    const served = byName.get(name);
    if (served === "ambiguous") throw new TypeError(`Cannot run task ${JSON.stringify(name)} as this worker serves several of that name: rename all but one`);
    if (served === undefined) {
      throw new TypeError(
        `Cannot run task ${JSON.stringify(name)} as this worker does not serve it: add it to serve(...); it serves ${[...byName.keys()].join(", ")}`,
      );
    }
    return served;
  }
  if (!byUrl.has(key(module, name))) await import(/* @vite-ignore */ /* webpackIgnore: true */ module);
  const found = byUrl.get(key(module, name));
  if (found === undefined) {
    throw new TypeError(`Cannot run task ${JSON.stringify(name)} as importing ${module} defined no task of that name: define it at the top of the module`);
  }
  return found;
}

function key(module: string, name: string): string {
  return `${name} ${module}`;
}
