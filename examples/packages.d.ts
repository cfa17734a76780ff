// Packages of the examples that bring no types of their own.
declare module "mnist" {
  interface Digit {
    readonly length: number;
    /** The images `start` to `end`, inclusive: 784 brightnesses from 0 to 1 each, row by row. */
    range(start: number, end: number): number[][];
  }
  const digits: readonly Digit[];
  export default digits;
}

declare module "ml-knn" {
  export default class KNN {
    constructor(
      points: readonly number[][],
      labels: readonly number[],
      options: { readonly k: number; readonly distance: (a: readonly number[], b: readonly number[]) => number },
    );
    predict(points: readonly number[][]): number[];
  }
}

declare module "nlp-corpus" {
  const corpus: {
    /** All sentences. */
    all(): string[];
  };
  export default corpus;
}
