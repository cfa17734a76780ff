/** The pages of a consumer, by the names of their programs. */
export const pages = ["shared", "messages"] as const;

/** Bundles the pages of a consumer as a user of that bundler would, and returns what it warned of. */
export type Build = (folder: string, outDir: string) => Promise<string[]>;
