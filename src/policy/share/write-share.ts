import type { Condition, PolicyBody, TargetBody, TermsBody, WhenBody } from "../language/policy.ts";
import type { Audience } from "./audience.ts";

/** As much of a policy as an owner says who shares something; the inverse of `describeShare`. */
export interface ShareDraft extends Permitted {
  readonly whom: Audience;
  readonly target: TargetBody;
  readonly agreement: { readonly title: string; readonly text: string } | null;
}

/** What can be changed of a share while whom it is with and what it is about stay the same. */
export interface Permitted {
  readonly scopes: readonly string[] | "all";
  /** Epoch seconds; null: until somebody ends it. */
  readonly until: number | null;
  /** The owner decides each time. */
  readonly asksFirst: boolean;
}

export function writeShare({ whom, target, agreement, ...permitted }: ShareDraft): PolicyBody {
  const terms = agreement === null ? {} : { terms: { agreement } };
  return permit({ effect: "permit", target, scopes: permitted.scopes, who: whoOf(whom), ...terms }, permitted);
}

/** A policy that is to permit something else from now on; whatever else it says stays. */
export function permit(document: PolicyBody, { scopes, until, asksFirst }: Permitted): PolicyBody {
  const { when, terms, ...rest } = document;
  const { expires, ...otherTimes } = when ?? {};
  const { approval, ...otherTerms } = terms ?? {};
  const changedWhen: WhenBody = { ...otherTimes, ...(until === null ? {} : { expires: dateTimeOf(until) }) };
  const changedTerms: TermsBody = { ...(asksFirst ? { approval: true } : {}), ...otherTerms };
  return {
    ...rest,
    scopes,
    ...(isEmpty(changedWhen) ? {} : { when: changedWhen }),
    ...(isEmpty(changedTerms) ? {} : { terms: changedTerms }),
  };
}

function isEmpty(part: object): boolean {
  return Object.keys(part).length === 0;
}

/** Policies are written in seconds, which is all that people say. */
function dateTimeOf(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;
}

function whoOf(audience: Audience): Condition {
  switch (audience.kind) {
    case "everybody":
      return { anyone: true };
    case "address":
      return { claim: "email", equals: audience.address, ...vouchedBy(audience.vouchers) };
    case "domain":
      return { claim: "email", domain: audience.domain, ...vouchedBy(audience.vouchers) };
    case "person":
      return { claim: "sub", equals: audience.subject, issuer: audience.issuer };
    case "group":
      return { group: audience.groupId };
    case "app":
      return { client: audience.clientId };
  }
}

function vouchedBy(vouchers: readonly string[] | null) {
  return vouchers === null ? {} : { issuer: vouchers };
}
