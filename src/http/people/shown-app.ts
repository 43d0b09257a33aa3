import type { AppAbility, AppLearns } from "../../pages/parts/abilities.ts";
import type { AppFacts } from "../../pages/parts/identity.tsx";
import type { Words } from "../../pages/words/en.ts";
import { isVouchedFor, type ShownClient } from "../../protocol/client.ts";
import { homeOf } from "../../protocol/client-home.ts";
import { nameIn } from "../../protocol/localized-names.ts";
import { POLICY_SCOPE, PROTECTION_SCOPE } from "../../protocol/wire/connection.ts";
import type { IdentityScope } from "../../protocol/wire/identity.ts";

const LEARNS: Readonly<Record<IdentityScope, AppLearns>> = { openid: "sameness", email: "address", profile: "name" };

/**
 * A client as people are shown it: by its name and where it is at home, and marked where nobody vouches for it.
 * @param redirectUris where they are or may be sent back to
 * @param language BCP 47 primary subtag
 */
export function shownApp(client: ShownClient, redirectUris: readonly string[], language: string): AppFacts {
  const host = homeOf(client, redirectUris);
  return { name: nameIn(language, client), host, isVerified: isVouchedFor(client) };
}

/**
 * What a client is called where nothing beside it says how far its name can be trusted, such as in a letter to whomever
 * its visitor names: one that nobody vouches for by its host, as its name could say anything.
 */
export function calledApp(client: ShownClient, redirectUri: string, { apps, language }: Words): string {
  const { name, host, isVerified } = shownApp(client, [redirectUri], language.tag);
  return isVerified ? name : (host ?? apps.namelessOnDevice);
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
