/**
 * The end of a worker of the web: nobody tells of it but for a failure, and whoever calls `terminate`.
 *
 * @module
 */

/** Calls back when a worker has failed or was terminated. */
export function whenWebWorkerEnded(worker: Worker, callback: () => void): void {
  const { terminate } = worker;
  worker.addEventListener("error", callback);
  worker.terminate = () => {
    terminate.call(worker);
    callback();
  };
}
