import type { OpenVisit } from "../../operations/interact/look.ts";
import type { FoundInteraction } from "../../operations/interact/sealed-interaction.ts";
import type { ClaimsPageProps, MissingProof, Outlook, Telling } from "../../pages/claims.tsx";
import type { PersonFacts } from "../../pages/parts/identity.tsx";
import type { Words } from "../../pages/words/en.ts";
import { hostOf } from "../../protocol/client-home.ts";
import { actOf } from "../console/speech/naming.ts";
import { shownApp } from "./shown-app.ts";

interface Shown {
  readonly found: FoundInteraction;
  readonly open: OpenVisit;
  readonly person: PersonFacts;
  readonly notAgreed: readonly string[];
  readonly remembers: boolean;
  /** The interaction, sealed. */
  readonly at: string;
  readonly words: Words;
}

/** What a visit looks like to its person. */
export function claimsPageProps(shown: Shown): Omit<ClaimsPageProps, "frame"> {
  const { found, open, person, notAgreed, remembers, at, words } = shown;
  const { client, interaction } = found;
  const app = shownApp(client, [interaction.redirectUri], words.language.tag);
  return {
    app,
    isByName: interaction.authorization !== null,
    things: open.things.map(({ name, type, scopes, scopeNames }) => ({
      name: name ?? type,
      actions: scopes.map((scope) => actOf(scope, [scopeNames], words)),
    })),
    person,
    outlook: OUTLOOKS[open.answer],
    missing: open.missing.map(missingOf),
    agreements: open.agreements.map(({ policyId, title, text }) => ({ id: policyId, title, text })),
    tellings: tellingsOf(app.name, open),
    remember: open.isRememberable && open.answer !== "denied" ? { isChecked: remembers } : null,
    returnsTo: hostOf(interaction.redirectUri),
    hidden: {
      at,
      party: open.partyReference,
      texts: open.agreements.map(({ policyId, textHash }) => `${policyId}.${textHash}`).join(" ") || null,
    },
    notAgreed,
  };
}

const OUTLOOKS: Readonly<Record<OpenVisit["answer"], Outlook>> = {
  granted: "open",
  need_info: "open",
  submitted: "ownerDecides",
  denied: "refused",
};

function missingOf(proof: OpenVisit["missing"][number]): MissingProof {
  return proof.kind === "fact" ? { kind: "fact", fact: proof.claim, providers: proof.providers } : proof;
}

/** The owner reads who it is; the app gets a ticket, its resource server a name that is good there alone. */
function tellingsOf(app: string, { card, keeper }: OpenVisit): readonly Telling[] {
  return [
    { to: "app", name: app, facts: [] },
    { to: "owner", name: null, facts: [...factsOn(card), { name: "sub", value: null }] },
    ...(keeper === null ? [] : [{ to: "keeper" as const, name: keeper, facts: [{ name: "sub", value: null }] }]),
  ];
}

function factsOn({ name, addresses }: OpenVisit["card"]): Telling["facts"] {
  const called = name === null ? [] : [{ name: "name", value: name }];
  return [...called, ...addresses.map((value) => ({ name: "email", value }))];
}
