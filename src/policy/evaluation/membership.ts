import { type PartyClaims, statementsOf } from "../../protocol/claims.ts";
import { canonicalEmail } from "../../shared/email.ts";
import type { Group, GroupMemberBody } from "../language/policy.ts";
import { claimValues } from "./claim-values.ts";
import { because, type Finding, YES } from "./finding.ts";
import type { Need } from "./outcome.ts";

/** The members of a group, as they are looked up. */
interface Members {
  readonly addresses: ReadonlySet<string>;
  readonly subjects: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether each address can be read. One that cannot could be anybody's, so nobody is known not to be a member. */
  readonly areReadable: boolean;
}

/** Whether a party is in a group of the owner's. `group` is undefined when there is none of that id (any more). */
export function evaluateMembership(group: Group | undefined, party: PartyClaims | null, path: string): Finding {
  if (group === undefined) return because("error", path, "there is no such group");
  const members = membersOf(group);
  const addresses = party === null ? NO_ADDRESSES : addressesOf(party);
  if (party !== null && isMember(members, party, addresses)) return YES;
  if (!members.areReadable) return because("error", path, "the group has a member whose address cannot be read");
  const needs = needsOf(members, party, addresses);
  if (needs.length === 0) return because("no", path, "the party is not a member of the group");
  return because("unknown", path, "it is not known yet whether the party is a member of the group", needs);
}

const NO_ADDRESSES: ReadonlySet<string> = new Set();

/** The addresses of a party, whoever verified them. */
function addressesOf(party: PartyClaims): ReadonlySet<string> {
  const [first = NO_ADDRESSES, ...others] = statementsOf(party).map(
    (one) => claimValues(one, "email").addresses.canonical,
  );
  return others.length === 0 ? first : new Set([...first, ...others.flatMap((more) => [...more])]);
}

/** Indexed once for each version of a group, because it can have many members and be named by many policies. */
const indexed = new WeakMap<Group, Members>();

function membersOf(group: Group): Members {
  const members = indexed.get(group) ?? indexMembers(group.document.members);
  indexed.set(group, members);
  return members;
}

function indexMembers(members: readonly GroupMemberBody[]): Members {
  const addresses = members.flatMap((member) => ("email" in member ? [canonicalEmail(member.email)] : []));
  const subjects = Map.groupBy(
    members.filter((member) => "issuer" in member),
    ({ issuer }) => issuer,
  );
  return {
    addresses: new Set(addresses.filter((address) => address !== null)),
    subjects: new Map([...subjects].map(([issuer, own]) => [issuer, new Set(own.map(({ subject }) => subject))])),
    areReadable: !addresses.includes(null),
  };
}

function isMember({ subjects, addresses }: Members, party: PartyClaims, own: ReadonlySet<string>): boolean {
  const isNamed = statementsOf(party).some(({ issuer, subject }) => subjects.get(issuer)?.has(subject) === true);
  return isNamed || overlap(own, addresses);
}

function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [few, many] = one.size < other.size ? [one, other] : [other, one];
  for (const address of few) if (many.has(address)) return true;
  return false;
}

/** What could still make somebody a member. A group without members needs nothing: nobody can be in it. */
function needsOf(members: Members, party: PartyClaims | null, addresses: ReadonlySet<string>): readonly Need[] {
  const needs: Need[] = [];
  if (addresses.size === 0 && members.addresses.size > 0) needs.push({ kind: "claim", claim: "email", issuers: null });
  // INVARIANT: where an owner's friends have their accounts is told to no stranger (Grant §6.3).
  if (party === null && members.subjects.size > 0) {
    needs.push({ kind: "claim", claim: "sub", issuers: null, undisclosed: [...members.subjects.keys()] });
  }
  return needs;
}
