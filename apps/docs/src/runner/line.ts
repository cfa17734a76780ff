/** What a running snippet tells its page: all of its threads speak on one channel. */
export type Line =
  | { readonly kind: "out" | "err"; readonly text: string }
  /** The main part has ended. */
  | { readonly kind: "done" }
  /** It has thrown, or a promise of its was rejected and nobody cared. */
  | { readonly kind: "failed"; readonly text: string };

/** Where the main worker notes which module it runs as a program; other threads have no such note. */
export const MAIN: unique symbol = Symbol.for("@interlock/docs/main");

/** What the main worker is told to run. */
export interface Order {
  /** The URL of the compiled snippet. */
  readonly program: string;
  /** The name of its channel. */
  readonly channel: string;
}
