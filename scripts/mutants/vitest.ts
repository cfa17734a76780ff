/**
 * As much of vitest as explorations use: they run without its start-up.
 *
 * @module
 */

interface Test {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** The tests of the files that were imported so far. */
export const tests: Test[] = [];

export function test(name: string, run: () => void | Promise<void>): void {
  tests.push({ name, run });
}

export function afterAll(): void {}
