// Makes Node believe that koffi is not installed.
import Module from "node:module";

interface Resolver {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}

const resolver = Module as unknown as Resolver;
const resolve = resolver._resolveFilename;
resolver._resolveFilename = function (request, ...rest) {
  if (request === "koffi") throw Object.assign(new Error("Cannot find module 'koffi'"), { code: "MODULE_NOT_FOUND" });
  return resolve.call(this, request, ...rest);
};
