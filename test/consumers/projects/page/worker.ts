import { serve } from "@interlock/pool/worker";
import { count, countLocked, fail, never, reverse, square } from "./tasks.js";

serve(square, count, countLocked, reverse, fail, never);
