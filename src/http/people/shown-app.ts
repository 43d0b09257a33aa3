import type { AppAbility, AppLearns } from "../../pages/parts/abilities.ts";
import type { AppFacts } from "../../pages/parts/identity.tsx";
import { isVouchedFor, type ShownClient } from "../../protocol/client.ts";
import { nameIn } from "../../protocol/localized-names.ts";
import { POLICY_SCOPE, PROTECTION_SCOPE } from "../../protocol/wire/connection.ts";
import type { IdentityScope } from "../../protocol/wire/identity.ts";

const LEARNS: Readonly<Record<IdentityScope, AppLearns>> = { openid: "sameness", email: "address", profile: "name" };

/**
 * A client as people are shown it: by its name, and by the host of its home page, or else of where its people are sent
 * back. Of a client that registered itself only the latter counts, as it could name any page as its home; of one that
 * nobody registered the former, which is the host of its id.
 * @param redirectUris where they are or may be sent back to
 * @param language BCP 47 primary subtag
 */
export function shownApp(client: ShownClient, redirectUris: readonly string[], language: string): AppFacts {
  const isVerified = isVouchedFor(client);
  const isAtHome = isVerified || client.provenance === "document";
  const home = isAtHome ? hostOf(client.clientUri) : null;
  return { name: nameIn(language, client), host: home ?? hostsOf(redirectUris, isVerified), isVerified };
}

/** Of a client that nobody vouches for all of them are shown: it chooses their order. */
function hostsOf(uris: readonly string[], isVerified: boolean): string | null {
  const hosts = [...new Set(uris.map(hostOf).filter((host) => host !== null))];
  return (isVerified ? hosts[0] : hosts.join(", ")) || null;
}

/** The one thing about an app that cannot be made up. @returns null for an app on somebody's own device */
export function hostOf(uri: string | null): string | null {
  const url = uri === null ? null : new URL(uri);
  return url?.protocol === "https:" ? url.host : null;
}

export function abilitiesOf(scopes: readonly string[]): readonly AppAbility[] {
  const all = [
    [PROTECTION_SCOPE, "protect"],
    [POLICY_SCOPE, "share"],
  ] as const;
  return all.filter(([scope]) => scopes.includes(scope)).map(([, ability]) => ability);
}

/** What an app learns of whoever signs in there. */
export function learnsOf(scopes: readonly IdentityScope[]): readonly AppLearns[] {
  return scopes.map((scope) => LEARNS[scope]);
}
