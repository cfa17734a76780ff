import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool, task } from "@interlock/pool";

// A pool of processes fetches pages from a server that takes its time: each worker waits for many answers at once.
//
// Usage: node examples/fetch.ts [process|thread]

const PAGES = 200;
const ANSWER_MS = 20;
const WORKERS = 2;
const CONCURRENCY = 16;

/** Fetches a page, and returns its text. */
const fetchPage = task(import.meta, "fetchPage", async (url: string): Promise<string> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Cannot fetch ${url} as the server answered ${response.status}`);
  return response.text();
});

/** What the server has to say at a path. */
function textAt(path: string): string {
  return `<h1>${path}</h1>\n${`This is what there is to know of ${path}. `.repeat(50)}`;
}

/** Starts a server for pages of this machine. */
async function serve(): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer((request, response) => {
    setTimeout(() => response.setHeader("content-type", "text/html").end(textAt(request.url ?? "/")), ANSWER_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function timed<T>(run: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> {
  const started = performance.now();
  const value = await run();
  return { value, seconds: (performance.now() - started) / 1000 };
}

if (import.meta.main) {
  // Loaded here, so that workers need not.
  const { progressBar } = await import("@interlock/pool/progress");
  const backend = (process.argv[2] ?? "process") as "process" | "thread";
  const { server, origin } = await serve();
  const paths = Array.from({ length: PAGES }, (_, i) => `/page/${i}`);
  const urls = paths.map((path) => origin + path);
  console.log(`\n${PAGES} pages from ${origin}, ${ANSWER_MS} ms each\n`);

  const pool = new Pool({ backend, size: WORKERS, concurrency: CONCURRENCY });
  try {
    const alone = await timed(async () => {
      const bar = progressBar({ label: "a loop", unit: "pages" });
      const started = performance.now();
      const pages: string[] = [];
      try {
        for (const url of urls) {
          pages.push(await fetchPage(url));
          const rate = (pages.length / (performance.now() - started)) * 1000;
          bar({ done: pages.length, total: PAGES, rate, eta: (PAGES - pages.length) / rate });
        }
      } finally {
        bar.stop();
      }
      return pages;
    });
    const pooled = await timed(() => pool.map(fetchPage, urls, { onProgress: progressBar({ label: "a pool", unit: "pages" }) }));

    for (const { value } of [alone, pooled]) {
      const wrong = paths.filter((path, i) => value[i] !== textAt(path));
      if (wrong.length > 0) throw new Error(`Cannot go on as ${wrong.length} pages are not what the server sent: received ${wrong[0]}`);
    }
    const times = alone.seconds / pooled.seconds;
    if (!(times > 2)) throw new Error(`Cannot go on as the pool must be more than twice as fast as a loop: received ${times.toFixed(1)} times`);
    console.log(`one at a time ${alone.seconds.toFixed(2)} s`);
    console.log(
      `${WORKERS} workers (${backend}) with ${CONCURRENCY} each ${pooled.seconds.toFixed(2)} s: ${times.toFixed(1)} times as fast, and every page is right`,
    );
  } finally {
    await pool.terminate();
    server.close();
    server.closeAllConnections();
  }
}
