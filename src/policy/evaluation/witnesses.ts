import type { IssuerDirectory } from "../../protocol/issuer-directory.ts";
import { ID_TOKEN_FORMAT } from "../../protocol/wire/claims.ts";
import type { Effect } from "../language/policy.ts";
import { because, type Finding } from "./finding.ts";
import type { Need } from "./outcome.ts";

/**
 * Whose word could still tell a claim of the party.
 * @param named issuers that the policy takes; null: any.
 * @returns the issuers to ask for; empty: nobody could; null: whoever comes.
 */
type WhomToAsk = (claim: string, named: readonly string[] | null) => readonly string[] | null;

/** The ways in which more can be learned of a party. */
export interface Witnesses {
  /** Whose word its client could push. */
  readonly pushed: WhomToAsk;
  /** In which forms these issuers' word on a claim could be pushed; null: as ID Tokens alone. */
  readonly formats: (issuers: readonly string[], claim: string) => readonly string[] | null;
  /** Whose word the party itself could bring by coming here in a browser; null: it cannot be sent here. */
  readonly inPerson: ((...asked: Parameters<WhomToAsk>) => readonly string[]) | null;
}

/** For whoever looks at what was found before, and asks nobody. */
export const ANYBODY: Witnesses = { pushed: (_claim, named) => named, formats: () => null, inPerson: () => [] };

/**
 * What a finding comes to when only those are asked who can answer. What nobody can ever tell keeps a permit from
 * holding, so that nobody is asked in vain; a deny stays open, and so nothing is permitted past it.
 */
export function narrow(finding: Finding, witnesses: Witnesses, effect: Effect): Finding {
  if (finding.truth !== "unknown") return finding;
  const needs = finding.needs.flatMap((need) => narrowNeed(need, witnesses) ?? []);
  if (needs.length > 0 || effect === "deny") return { ...finding, needs };
  const { path = "who", why = "" } = finding.reasons[0] ?? {};
  return {
    ...because("no", path, `${why}, and nobody can be asked whose word would count`),
    memberships: finding.memberships,
  };
}

/** @returns null when nobody could meet it. */
function narrowNeed(need: Need, witnesses: Witnesses): Need | null {
  if (need.kind === "agreement") return witnesses.inPerson && need;
  if (need.kind === "sign_in") return askAmong(need, witnesses, "auth_time", null);
  const { undisclosed = null, ...told } = need;
  return askAmong(told, witnesses, need.claim, undisclosed);
}

/** @param undisclosed of the issuers that are named to others, one of which must be heard; null: any will do. */
function askAmong<One extends Exclude<Need, { kind: "agreement" }>>(
  need: One,
  { pushed, formats, inPerson }: Witnesses,
  claim: string,
  undisclosed: readonly string[] | null,
): One | null {
  const ask = (whom: WhomToAsk) => {
    const isVain = undisclosed !== null && whom(claim, undisclosed)?.length === 0;
    return isVain ? [] : whom(claim, need.issuers);
  };
  const issuers = ask(pushed);
  const met = inPerson === null ? null : ask(inPerson);
  const forms = issuers === null ? null : formats(issuers, claim);
  const askable = {
    ...need,
    issuers,
    ...(forms === null ? {} : { formats: forms }),
    ...(met !== null && met.length > 0 ? { inPerson: met } : {}),
  };
  return issuers?.length === 0 && askable.inPerson === undefined ? null : askable;
}

/** For a client that may neither push claims nor send the party here: it can bring nobody's word. */
export const NOBODY: Witnesses = { pushed: () => [], formats: () => null, inPerson: null };

/** The ways in which a client can bring somebody's word. Null: not in this way. */
export interface Ways {
  /** Whose word it can push. */
  readonly pushed: IssuerDirectory | null;
  /** Whose word people bring whom it sends here in a browser. */
  readonly inPerson: IssuerDirectory | null;
  /** Whose word an ID Token of this server stands for, which it can get by signing them in here, and push. */
  readonly ownIdToken: { readonly issuer: string; readonly standsFor: IssuerDirectory } | null;
}

/** Who can be asked, for one decision. */
export function witnessesIn({ pushed, inPerson, ownIdToken }: Ways): Witnesses {
  const others = whomIn(pushed);
  const formats: Witnesses["formats"] = (issuers, claim) => pushed?.formatsOf(issuers, claim) ?? null;
  const met = inPerson && whomIn(inPerson);
  if (ownIdToken === null) return { pushed: others, formats, inPerson: met };
  const { issuer, standsFor } = ownIdToken;
  const behind = whomIn(standsFor);
  return {
    pushed: (...asked) => [...(behind(...asked).length > 0 ? [issuer] : []), ...others(...asked)],
    formats: (issuers, claim) => withIdToken(formats(issuers, claim), issuers.includes(issuer)),
    inPerson: met,
  };
}

function withIdToken(formats: readonly string[] | null, isOursNamed: boolean): readonly string[] | null {
  if (formats === null || !isOursNamed) return formats;
  return [...new Set([ID_TOKEN_FORMAT, ...formats])];
}

function whomIn(directory: IssuerDirectory | null): (...asked: Parameters<WhomToAsk>) => readonly string[] {
  if (directory === null) return () => [];
  // The same claim may be missed by hundreds of policies.
  const found = new Map<string, readonly string[]>();
  return (claim, named) => {
    if (named !== null) return directory.among(named, claim);
    const issuers = found.get(claim) ?? directory.first(claim);
    found.set(claim, issuers);
    return issuers;
  };
}
