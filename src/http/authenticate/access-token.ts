import type { PresentedToken } from "../../operations/authenticate/possession.ts";
import { ProtocolError } from "../../shared/error.ts";
import { queryHas } from "../query.ts";
import { certificateOf } from "./certificate.ts";
import { readProof } from "./proof.ts";
import { sentTwice } from "./sent-twice.ts";

const CREDENTIALS = /^(bearer|dpop) +(\S+) *$/i;

/**
 * The access token of a request, and what proves that it may be sent. RFC 6750 §2: the header only, since URLs end up in
 * logs; and never two tokens in one request.
 * @param scope what is asked of a token here, for the challenge.
 * @throws ProtocolError invalid_token where there is none, invalid_request where there are two
 */
export function readAccessToken(request: Request, scope: string): PresentedToken {
  const [, scheme, accessToken] = CREDENTIALS.exec(request.headers.get("authorization") ?? "") ?? [];
  if (scheme === undefined || accessToken === undefined) {
    throw new ProtocolError("invalid_token", "send the access token as Authorization: Bearer", { scope });
  }
  if (queryHas(request, "access_token")) throw sentTwice();
  return {
    scheme: scheme.toLowerCase() === "dpop" ? "DPoP" : "Bearer",
    accessToken,
    proof: readProof(request),
    certificate: certificateOf(request),
  };
}
