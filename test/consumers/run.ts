import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What the program of every consumer prints. */
export const RESULT = { squares: [1, 4, 9], counted: 20_000, processes: 2000 };

/** Runs a program in a consumer's folder and returns what it printed; throws, with all that it said, if it failed or wrote to standard error. */
export async function run(folder: string, [program, ...args]: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const options = { cwd: folder, timeout: 60_000, env: { ...process.env, NO_COLOR: "1", ...env } };
  const { stdout, stderr } = await promisify(execFile)(program as string, args, options).catch((error: Error & { readonly stdout: string }) => {
    throw new Error(`${error.message}${error.stdout}`, { cause: error });
  });
  // Deno tells what it fetches, in a process it has started too.
  const said = stderr.replaceAll(/^Download .*\n/gm, "");
  if (said !== "") throw new Error(`Cannot accept this run as it wrote to standard error: ${said}`);
  return stdout;
}
