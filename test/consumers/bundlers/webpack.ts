import { join } from "node:path";
import bundler from "webpack";
import { type Build, pages } from "./build.ts";
import { copyPages } from "./copy-pages.ts";

export const webpack: Build = async (folder, outDir) => {
  const compiler = bundler({
    mode: "production",
    context: folder,
    entry: Object.fromEntries(pages.map((page) => [page, `./${page}.js`])),
    output: { path: join(folder, outDir), filename: "[name].js" },
  });
  const stats = await new Promise<bundler.Stats>((resolve, reject) => {
    compiler?.run((error, result) => (result === undefined ? reject(error) : resolve(result)));
  });
  copyPages(folder, outDir);
  const { errors = [], warnings = [] } = stats.toJson({ warnings: true, errors: true });
  return [...errors, ...warnings].map(({ message }) => message);
};
