/** Whether this thread may sleep: a page may not. */
export const mayBlock: boolean = typeof document === "undefined";
