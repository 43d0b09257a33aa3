import type { TokenIntrospections } from "../../operations/ports/claim-token.ts";
import type { Vault } from "../../operations/ports/vault.ts";
import { FetchRefused } from "../../protocol/public-document.ts";
import type { Introspection } from "../../protocol/trusted-issuer.ts";
import type { GuardedRequest } from "./guarded-fetch.ts";

interface Dependencies {
  readonly request: GuardedRequest;
  readonly vault: Pick<Vault, "open">;
}

/** Asks where the operator said, with our credentials there (RFC 7662 §2.1, RFC 6749 §2.3.1). */
export function createTokenIntrospections({ request, vault }: Dependencies): TokenIntrospections {
  return {
    async ask(introspection, token) {
      const secret = await vault.open("introspection_secret", introspection.sealedSecret);
      // Sealed under a ring that is lost: the operator has to say it again.
      if (typeof secret !== "string") return { reason: "our secret at its issuer cannot be opened" };
      try {
        return read(await request(introspection.endpoint, question(introspection, secret, token)));
      } catch (error) {
        if (error instanceof FetchRefused) return { reason: error.message };
        throw error;
      }
    },
  };
}

function question({ clientId }: Introspection, secret: string, token: string) {
  const headers = {
    accept: "application/json",
    authorization: `Basic ${btoa(`${encode(clientId)}:${encode(secret)}`)}`,
  };
  return { method: "POST", headers, body: new URLSearchParams({ token, token_type_hint: "access_token" }) } as const;
}

/** RFC 6749 §2.3.1 and appendix B: form-encoded before they are joined. */
function encode(text: string): string {
  return new URLSearchParams({ text }).toString().slice("text=".length);
}

async function read(response: Response): Promise<Awaited<ReturnType<TokenIntrospections["ask"]>>> {
  if (response.status !== 200) return { reason: `status ${response.status}` };
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== "object" || body === null || Array.isArray(body)) return { reason: "no JSON object" };
  return { claims: { ...body } };
}
