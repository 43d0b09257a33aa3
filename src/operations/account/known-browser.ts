import { type KnownBrowser, parseKnownBrowser } from "../../protocol/email-challenge.ts";
import { KNOWN_BROWSER_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { MAX_PROOFS_OF_A_KIND } from "../../shared/limits.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Randomness } from "../ports/secret.ts";

interface KnownBrowserServices {
  readonly sealer: Sealer;
  readonly randomness: Randomness;
}

/** @param sealed what the browser holds. @returns null where it holds nothing that is good. */
export async function openKnownBrowser(
  { sealer }: Pick<KnownBrowserServices, "sealer">,
  sealed: string | null,
  now: number,
): Promise<KnownBrowser | null> {
  return sealed === null ? null : parseKnownBrowser(await sealer.open("known_browser", sealed), now);
}

/**
 * Notes that a letter box was proved in a browser, which has a budget of letters to it from then on.
 * @param sealed what the browser holds already, good or not.
 * @returns what it holds from now on.
 */
export async function knowBrowser(
  { sealer, randomness }: KnownBrowserServices,
  sealed: string | null,
  box: string,
  now: number,
): Promise<string> {
  const known = await openKnownBrowser({ sealer }, sealed, now);
  const others = (known?.boxes ?? []).filter((other) => other !== box);
  return sealer.seal("known_browser", {
    id: known?.id ?? randomness.id(),
    boxes: [box, ...others].slice(0, MAX_PROOFS_OF_A_KIND),
    expiresAt: now + KNOWN_BROWSER_LIFETIME_SECONDS,
  } satisfies KnownBrowser);
}
