import { parsePerson, type SealedPerson } from "../../protocol/identity.ts";
import type { IdTokenSigner } from "../ports/id-token.ts";
import type { Sealer } from "../ports/seal.ts";

export interface HintServices {
  readonly idTokens: Pick<IdTokenSigner, "read">;
  readonly sealer: Sealer;
}

/**
 * Whom an `id_token_hint` is about, and which client it was issued to (OpenID Connect Core §3.1.2.1, RP-Initiated Logout
 * §2). It may have expired.
 * @returns null for what is no ID Token of this server
 */
export async function hintedPerson(
  { idTokens, sealer }: HintServices,
  hint: string,
  now: number,
): Promise<SealedPerson | null> {
  const claims = await idTokens.read(hint, now);
  return claims && parsePerson(await sealer.open("person", claims.jti));
}
