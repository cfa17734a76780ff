import { serve } from "@interlock/pool/worker";
import { unlocked, withAtomic, withGetLock, withLock } from "./tasks.ts";

serve(unlocked, withLock, withGetLock, withAtomic);
