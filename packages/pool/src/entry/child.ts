/**
 * The module that a thread or a process starts with. Unlike all others, importing it does something.
 *
 * @module
 */
import { runtime } from "../runtime/select.ts";
import { serve } from "./serve.ts";

const parent = runtime().parent();
if (parent === undefined) throw new TypeError("Cannot serve as nobody started this thread: import @interlock/pool instead");
serve(parent);
