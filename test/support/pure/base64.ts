import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * To be imported where a rule decodes base64: workerd has Uint8Array.fromBase64, and Node 24 hides its own behind a flag,
 * which only contexts heed that are made afterwards.
 */
if (!("fromBase64" in Uint8Array)) {
  setFlagsFromString("--js-base-64");
  Object.assign(Uint8Array, { fromBase64: runInNewContext("Uint8Array.fromBase64") });
}
