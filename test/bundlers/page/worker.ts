import { serve } from "@interlock/pool/worker";
import { count, square } from "./tasks.js";

serve(square, count);
