import { isAbsolute, relative, resolve } from "node:path";

/** The folder of this repository. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** A path as people read it: from here, unless it leads elsewhere. */
export function shown(path) {
  const near = relative(ROOT, path);
  return near.startsWith("..") || isAbsolute(near) ? path : near || ".";
}
