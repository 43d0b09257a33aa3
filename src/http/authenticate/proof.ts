import type { PresentedProof } from "../../operations/authenticate/proof.ts";

/** The proof of possession that came with a request (RFC 9449 §4.1); of several a text that is none. Null: there is none. */
export function readProof(request: Request): PresentedProof | null {
  const text = request.headers.get("dpop");
  return text === null ? null : { text, method: request.method, url: request.url };
}
