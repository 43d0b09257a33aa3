import { boundPctStatement, parseBoundPct } from "../../protocol/bound-pct.ts";
import { type Client, isPublic } from "../../protocol/client.ts";
import { isSameConfirmation } from "../../protocol/confirmation.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { Sealer } from "../ports/seal.ts";
import { looksLikePct } from "./pct.ts";

/**
 * A PCT as it is handed to a client. What a public client gets is bound to what it proved, as its refresh token is
 * (RFC 9449 §5): anybody may give its name. A confidential client proves itself whenever it uses one.
 * @returns null for a public client that proved nothing: it gets none
 */
export async function handOutPct(
  sealer: Pick<Sealer, "seal">,
  secret: string,
  { client, confirmation }: { readonly client: Client; readonly confirmation: Confirmation | null },
): Promise<string | null> {
  if (!isPublic(client)) return secret;
  return confirmation && sealer.seal("bound_pct", boundPctStatement({ secret, confirmation }));
}

/** A PCT that a client presents: what it is found by, and what has to be proved beside it; null: nothing. */
interface PresentedPct {
  readonly secret: string;
  readonly confirmation: Confirmation | null;
}

/** @returns null for what can be none. */
export async function readPresentedPct(sealer: Pick<Sealer, "open">, pct: string): Promise<PresentedPct | null> {
  if (looksLikePct(pct)) return { secret: pct, confirmation: null };
  return parseBoundPct(await sealer.open("bound_pct", pct));
}

/**
 * What a PCT is found by that comes with what it is bound to.
 * @returns null for one that comes without: it is as if none had been sent, and stays good.
 */
export async function openProvenPct(
  sealer: Pick<Sealer, "open">,
  pct: string,
  proven: Confirmation | null,
): Promise<string | null> {
  const presented = await readPresentedPct(sealer, pct);
  if (presented === null) return null;
  const { secret, confirmation } = presented;
  return confirmation === null || isSameConfirmation(confirmation, proven) ? secret : null;
}
