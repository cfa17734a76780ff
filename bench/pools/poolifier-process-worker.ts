/**
 * The worker process of poolifier.
 *
 * @module
 */
import { ClusterWorker } from "poolifier";
import * as functions from "./functions.ts";

export default new ClusterWorker({ ...functions } as never);
