import { partyKey } from "../../protocol/party.ts";
import { canonicalEmail } from "../../shared/email.ts";
import { issuersOf } from "./claim-operators.ts";
import { askCondition } from "./kinds.ts";
import type { ClaimTest, Condition, GroupBody, GroupMemberBody, PolicyBody } from "./policy.ts";

/**
 * Somebody as documents name them: an address in the form in which addresses are compared, or an issuer and a subject.
 * Somebody who is named in both ways is two.
 */
export type NamedPerson = string;

/** @returns the address as it is where nothing can be compared with it. */
export function namedByAddress(address: string): NamedPerson {
  return canonicalEmail(address) ?? address;
}

/** Everybody whom a test of a claim names; null where it names nobody in particular. */
export function namedByTest(test: ClaimTest): readonly NamedPerson[] | null {
  const values = test.one_of ?? (test.equals === undefined ? null : [test.equals]);
  if (values === null) return null;
  if (test.claim === "email") return values.map((value) => namedByAddress(String(value)));
  if (test.claim !== "sub") return null;
  return (issuersOf(test) ?? []).flatMap((issuer) =>
    values.map((value) => partyKey({ issuer, subject: String(value) })),
  );
}

export function namedByMember(member: GroupMemberBody): NamedPerson {
  return "email" in member ? namedByAddress(member.email) : partyKey(member);
}

/** Everybody whom a group names, each once. */
export function peopleOfGroup({ members }: GroupBody): readonly NamedPerson[] {
  return [...new Set(members.map(namedByMember))];
}

/** Everybody whom a permit names by itself, and not by way of a group, each once; whom a deny names is told nobody. */
export function peopleOfPermit({ effect, who }: PolicyBody): readonly NamedPerson[] {
  return effect === "permit" ? [...new Set(peopleIn(who))] : [];
}

const peopleIn: (condition: Condition) => readonly NamedPerson[] = askCondition<[], readonly NamedPerson[]>(
  {
    anyone: () => [],
    all: ({ all }) => all.flatMap((part) => peopleIn(part)),
    any: ({ any }) => any.flatMap((part) => peopleIn(part)),
    not: () => [],
    group: () => [],
    client: () => [],
    claim: (test) => namedByTest(test) ?? [],
  },
  () => [],
);
