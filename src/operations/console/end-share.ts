import type { Policy, PolicyBody } from "../../policy/language/policy.ts";
import { alternativesOf, joinAlternatives } from "../../policy/share/alternatives.ts";
import type { Actor } from "../../protocol/actor.ts";
import { ProtocolError } from "../../shared/error.ts";
import { createPolicy, deletePolicy, readPolicy, replacePolicy } from "../own/edit-policy.ts";
import type { Receipt } from "../under-connection.ts";

type EditServices = Parameters<typeof createPolicy>[0];

/** Which of those whom a policy speaks of, as somebody was shown it. */
export interface ShownShare {
  readonly policyId: string;
  readonly version: number;
  readonly place: number;
  /** The thing that it ends for, where the policy names things: this one, or a collection that it is in. */
  readonly subjectId: string;
}

/**
 * Ends what one policy says of one of those it speaks of, and of nobody else. Where it names several things it ends for
 * one of them alone; where it is about a kind of things, or everything, it ends for all of them.
 * @throws ProtocolError precondition_failed where the policy is no longer what was shown, not_found
 */
export async function endShare(services: EditServices, actor: Actor, shown: ShownShare): Promise<Receipt> {
  const policy = await readPolicy(services, actor, shown.policyId);
  const rest = othersOf(policy, shown);
  const { document } = policy;
  const elsewhere = elsewhereOf(document, shown.subjectId);
  if (elsewhere === null) return write(services, actor, policy, rest);
  if (rest === null) return write(services, actor, policy, elsewhere);
  // Nobody else loses what they have, not even for a moment: they get a policy of their own first. What was counted or
  // agreed to under the old one begins anew for them.
  const editor = { caller: actor, repeatKey: null };
  const { id } = await createPolicy(services, editor, { ...rest, target: { resources: [shown.subjectId] } });
  try {
    return await write(services, actor, policy, elsewhere);
  } catch (error) {
    if (isForGood(error)) await deletePolicy(services, editor, { id, expected: "any" });
    throw error;
  }
}

/**
 * Whether somebody was quicker. INVARIANT: then the policy of the others goes again, or it would give back to one of them
 * what was ended meanwhile.
 */
function isForGood(error: unknown): boolean {
  return error instanceof ProtocolError && (error.code === "precondition_failed" || error.code === "not_found");
}

/** The policy for all the others; null when there are none. */
function othersOf({ version, document }: Policy, shown: ShownShare): PolicyBody | null {
  const alternatives = alternativesOf(document.who);
  if (version !== shown.version || alternatives[shown.place] === undefined) throw hasChanged();
  const who = joinAlternatives(alternatives.toSpliced(shown.place, 1));
  return who === null ? null : { ...document, who };
}

/** The policy for the other things that it names; null where there are none, or they go with this one. */
function elsewhereOf(document: PolicyBody, subjectId: string): PolicyBody | null {
  if (!("resources" in document.target)) return null;
  const { resources: named } = document.target;
  if (!named.includes(subjectId)) throw hasChanged();
  const resources = named.filter((id) => id !== subjectId);
  return resources.length === 0 ? null : { ...document, target: { resources } };
}

/** @param document what takes its place; null: nothing. */
function write(
  services: EditServices,
  actor: Actor,
  { id, version }: Policy,
  document: PolicyBody | null,
): Promise<Receipt> {
  const editor = { caller: actor, repeatKey: null };
  if (document === null) return deletePolicy(services, editor, { id, expected: version });
  return replacePolicy(services, editor, { id, document, expected: version });
}

function hasChanged(): ProtocolError {
  return new ProtocolError("precondition_failed", "it has changed since it was shown");
}
