import type { PartyClaims } from "../../protocol/claims.ts";
import { canonicalEmail } from "../../shared/email.ts";
import type { Group, GroupMemberBody } from "../language/policy.ts";
import { claimValues } from "./claim-test.ts";
import { because, type Finding, YES } from "./finding.ts";
import type { Need } from "./outcome.ts";

/** Whether a party is in a group of the owner's. `group` is undefined when there is none of that id (any more). */
export function evaluateMembership(group: Group | undefined, party: PartyClaims | null, path: string): Finding {
  if (group === undefined) return because("error", path, "there is no such group");
  const { members } = group.document;
  if (party !== null && members.some((member) => isMember(member, party))) return YES;
  if (members.some(isUnreadable)) return because("error", path, "the group has a member whose address cannot be read");
  const needs = needsOf(members, party);
  if (needs.length === 0) return because("no", path, "the party is not a member of the group");
  return because("unknown", path, "it is not known yet whether the party is a member of the group", needs);
}

function isMember(member: GroupMemberBody, party: PartyClaims): boolean {
  if ("email" in member) return emailsOf(party).some((email) => email === canonicalEmail(member.email));
  return member.issuer === party.issuer && member.subject === party.subject;
}

/** It could be anybody's, so nobody is known not to be a member. */
function isUnreadable(member: GroupMemberBody): boolean {
  return "email" in member && canonicalEmail(member.email) === null;
}

/** An address that cannot be read is no address, so that whose it is stays unknown. */
function emailsOf(party: PartyClaims): readonly string[] {
  const values = claimValues(party, "email");
  const canonical = values.map((value) => (typeof value === "string" ? canonicalEmail(value) : null));
  return canonical.filter((email) => email !== null);
}

/** What could still make somebody a member. A group without members needs nothing: nobody can be in it. */
function needsOf(members: readonly GroupMemberBody[], party: PartyClaims | null): readonly Need[] {
  const needs: Need[] = [];
  const emailCouldTell = party === null || emailsOf(party).length === 0;
  if (emailCouldTell && members.some((member) => "email" in member)) {
    needs.push({ kind: "claim", claim: "email", issuers: null });
  }
  // INVARIANT: where an owner's friends have their accounts is told to no stranger (Grant §6.3).
  if (party === null && members.some((member) => "issuer" in member)) {
    needs.push({ kind: "claim", claim: "sub", issuers: null });
  }
  return needs;
}
