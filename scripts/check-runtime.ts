/** Fails a run that is not on the runtime it names: a green run on the wrong one proves nothing. */
const named = process.env["INTERLOCK_RUNTIME"];
const versions = process.versions as Record<string, string | undefined>;
const actual = versions["deno"] ? "deno" : versions["bun"] ? "bun" : `node${process.versions.node.split(".")[0]}`;

if (named !== undefined && named !== actual) throw new Error(`Cannot run the tests as this runtime must be ${named}: it is ${actual}`);
