import type { AppAbility } from "../../pages/parts/abilities.ts";
import type { AppFacts } from "../../pages/parts/identity.tsx";
import { POLICY_SCOPE, PROTECTION_SCOPE } from "../../protocol/wire/connection.ts";

/** What is registered of a client that people are shown. */
interface RegisteredApp {
  readonly name: string;
  readonly clientUri: string | null;
}

/**
 * A client as people are shown it: by its name, and by the host of its home page, or else of where its people are sent
 * back. An operator registered it, so somebody has looked at it.
 */
export function shownApp({ name, clientUri }: RegisteredApp, redirectUri: string | null): AppFacts {
  return { name, host: hostOf(clientUri) ?? hostOf(redirectUri), isVerified: true };
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
