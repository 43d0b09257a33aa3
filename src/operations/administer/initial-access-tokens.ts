import type { RegistrationAllowance } from "../../protocol/registration-allowance.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { EventSink } from "../ports/event.ts";
import type { Page } from "../ports/page.ts";
import type { InitialAccessToken, InitialAccessTokenStore } from "../ports/registration.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";

interface InitialAccessTokenServices {
  readonly initialAccessTokens: InitialAccessTokenStore;
  readonly randomness: Randomness;
  readonly secrets: Secrets;
  readonly events: EventSink;
}

/** What an operator says about a token by which programs may register clients. */
export interface NewInitialAccessToken {
  readonly name: string;
  /** Registrations that it is good for. */
  readonly uses: number;
  /** Seconds. */
  readonly expiresIn: number;
  readonly allowance: RegistrationAllowance;
}

/** Makes such a token; it is shown this once, and only its hash is kept. */
export async function makeInitialAccessToken(
  { initialAccessTokens, randomness, secrets, events }: InitialAccessTokenServices,
  { name, uses, expiresIn, allowance }: NewInitialAccessToken,
  now: number,
): Promise<{ readonly made: InitialAccessToken; readonly token: string }> {
  const times = { expiresAt: now + expiresIn, createdAt: now };
  const made = { id: randomness.id(), name, allowance, usesLeft: uses, ...times };
  const token = secrets.random();
  await initialAccessTokens.insert(made, await secrets.hash(token));
  events.emit({ kind: "administered", what: "make_initial_access_token", subject: made.id });
  return { made, token };
}

/** Also those that are good for nothing any more, until they have expired. */
export function listInitialAccessTokens(
  { initialAccessTokens }: Pick<InitialAccessTokenServices, "initialAccessTokens">,
  cursor: string | null,
  limit: number,
): Promise<Page<InitialAccessToken>> {
  return initialAccessTokens.list(cursor, limit);
}

/**
 * Ends such a token; the clients that registered by it stay.
 * @throws ProtocolError not_found
 */
export async function removeInitialAccessToken(
  { initialAccessTokens, events }: Pick<InitialAccessTokenServices, "initialAccessTokens" | "events">,
  id: string,
): Promise<void> {
  if (!(await initialAccessTokens.remove(id))) throw unknownInitialAccessToken();
  events.emit({ kind: "administered", what: "remove_initial_access_token", subject: id });
}

export function unknownInitialAccessToken(): ProtocolError {
  return new ProtocolError("not_found", "there is no initial access token of this id");
}
