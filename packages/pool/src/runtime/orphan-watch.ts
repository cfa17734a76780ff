/**
 * Sees to it that no child outlives this program, however it ends: a shell that knows the numbers of all children, and ends
 * them when the pipe from this program closes. Most children notice by themselves; one that spins does not.
 *
 * @module
 */
import type { ChildProcess } from "node:child_process";

/**
 * Each line holds the numbers of all children, and replaces the last. A line that was cut off by the end counts for nothing.
 * The signals of a terminal are for the program.
 */
const SCRIPT = `trap '' INT TERM HUP QUIT; pids=; while read -r line; do pids=$line; done; if [ -n "$pids" ]; then kill -9 $pids 2>/dev/null; fi`;

/** The children of this program, for one who ends them if it cannot. */
export class OrphanWatch {
  readonly #children = new Set<number>();
  #shell: ChildProcess | undefined;

  /** Watches a child. */
  add(pid: number): void {
    this.#children.add(pid);
    this.#shell ??= startShell();
    this.#tell();
  }

  /** It has ended, and another process may get its number. */
  delete(pid: number): void {
    if (this.#children.delete(pid)) this.#tell();
  }

  #tell(): void {
    this.#shell?.stdin?.write(`${[...this.#children].join(" ")}\n`);
  }
}

function startShell(): ChildProcess | undefined {
  // There, the runtime ends children with their parent.
  if (process.platform === "win32") return undefined;
  const { spawn } = process.getBuiltinModule("node:child_process");
  try {
    const shell = spawn("/bin/sh", ["-c", SCRIPT], { detached: true, stdio: ["pipe", "ignore", "ignore"], env: {}, cwd: "/" });
    const missing = (error: unknown): void => {
      process.emitWarning(`Cannot watch for orphans as /bin/sh cannot be started: child processes that spin outlive a program that is killed (${error})`);
    };
    shell.on("error", missing);
    shell.stdin?.on("error", () => {});
    shell.unref();
    // It has only a socket's methods where it is one.
    (shell.stdin as { unref?: () => void } | null)?.unref?.();
    return shell;
  } catch {
    // Deno without the permission to run it.
    return undefined;
  }
}
