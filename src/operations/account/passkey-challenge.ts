import { PASSKEY_CHALLENGE_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { readChallenge } from "../../protocol/passkey.ts";
import { type PasskeyChallenge, type PasskeyPurpose, parsePasskeyChallenge } from "../../protocol/passkey-challenge.ts";
import type { CreatedPasskeyBody, UsedPasskeyBody } from "../../protocol/wire/passkey.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { ReplayGuard } from "../ports/replay.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Secrets } from "../ports/secret.ts";

interface ChallengeServices {
  readonly sealer: Sealer;
  readonly replayGuard: ReplayGuard;
  readonly secrets: Pick<Secrets, "hash">;
}

/** A challenge that came back with an answer, and what it was for. */
interface AnsweredChallenge<Kind extends PasskeyChallenge["kind"]> {
  readonly text: string;
  readonly purpose: Extract<PasskeyChallenge, { kind: Kind }>;
}

/** @param visit hash of the visit in which the answer has to come back. */
export function sealPasskeyChallenge(
  { sealer }: Pick<ChallengeServices, "sealer">,
  purpose: PasskeyPurpose,
  visit: string,
  now: number,
): Promise<string> {
  const expiresAt = now + PASSKEY_CHALLENGE_LIFETIME_SECONDS;
  return sealer.seal("passkey_challenge", { ...purpose, visit, expiresAt } satisfies PasskeyChallenge);
}

/**
 * Whether anybody answered it before is seen by `spendPasskeyChallenge`.
 * @throws ProtocolError invalid_request for a challenge of another purpose or browser, or one that has expired.
 */
export async function openPasskeyChallenge<Kind extends PasskeyChallenge["kind"]>(
  { sealer }: Pick<ChallengeServices, "sealer">,
  answer: CreatedPasskeyBody | UsedPasskeyBody,
  kind: Kind,
  visit: string,
  now: number,
): Promise<AnsweredChallenge<Kind>> {
  const text = readChallenge(answer) ?? "";
  const purpose = parsePasskeyChallenge(await sealer.open("passkey_challenge", text), visit, now);
  if (purpose === null || !isOfKind(purpose, kind)) throw staleChallenge();
  return { text, purpose };
}

function isOfKind<Kind extends PasskeyChallenge["kind"]>(
  purpose: PasskeyChallenge,
  kind: Kind,
): purpose is Extract<PasskeyChallenge, { kind: Kind }> {
  return purpose.kind === kind;
}

/**
 * Last, when the answer has proved right, so that nobody but its authenticator can spend it. One round trip.
 * @throws ProtocolError invalid_request when it was answered before (WebAuthn §13.4.3).
 */
export async function spendPasskeyChallenge(
  { replayGuard, secrets }: Pick<ChallengeServices, "replayGuard" | "secrets">,
  { text, purpose }: { readonly text: string; readonly purpose: Pick<PasskeyChallenge, "expiresAt"> },
): Promise<void> {
  // One of 64 guards, so that not all of the world's sign-ins meet in one.
  const letter = (await secrets.hash(text)).charAt(0);
  if (!(await replayGuard.claim(`passkey:${letter}`, text, purpose.expiresAt))) throw staleChallenge();
}

function staleChallenge(): ProtocolError {
  const description = "the passkey was asked for in another browser, too long ago or once already: begin again";
  return new ProtocolError("invalid_request", description, { reason: "passkey_late" });
}
