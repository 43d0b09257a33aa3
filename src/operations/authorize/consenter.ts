import { noteSeen } from "../account/sessions.ts";
import type { Consenter, ConsentStore } from "../ports/consent.ts";
import type { Secrets } from "../ports/secret.ts";
import type { SessionStore } from "../ports/session.ts";

export interface ConsenterServices {
  readonly consents: Pick<ConsentStore, "findConsenter">;
  readonly sessions: Pick<SessionStore, "touch">;
  readonly secrets: Pick<Secrets, "hash">;
}

/**
 * Finds who is signed in, and for whom they may let this client act. One round trip, and once an hour another that notes
 * it.
 * @param session the secret that a browser holds; null: it holds none
 * @returns null when nobody is
 */
export async function findConsenter(
  { consents, sessions, secrets }: ConsenterServices,
  session: string | null,
  clientId: string,
  now: number,
): Promise<Consenter | null> {
  if (session === null) return null;
  const hash = await secrets.hash(session);
  const consenter = await consents.findConsenter(hash, clientId, now);
  if (consenter !== null) await noteSeen(sessions, hash, consenter.session, now);
  return consenter;
}
