// Shows a bar on standard error, or on a terminal of its own and then tells what was written there.
import { Pool } from "@interlock/pool";
import { progressBar } from "@interlock/pool/progress";
import { FakeTerminal } from "../fixtures/fake-terminal.ts";
import { square } from "../fixtures/tasks.ts";

delete process.env["CI"];
process.env["TERM"] = "xterm-256color";
const how = process.env["HOW"];
const pool = new Pool({ size: 1 });
const stream = new FakeTerminal();
if (how === undefined) console.log(JSON.stringify(await pool.map(square, [1, 2, 3], { onProgress: progressBar() })));
else if (how === "left") await pool.imap(square, [1, 2, 3], { onProgress: progressBar({ stream }) }).next();
else await pool.map(square, [1, 2, 3], { onProgress: progressBar({ stream }) });
if (how !== undefined) console.log(stream.written);
