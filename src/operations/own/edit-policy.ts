import { authorOf, type DocumentChange, nameOf, type VersionExpectation } from "../../ledger/change.ts";
import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { Group, GroupBody, Policy, PolicyBody } from "../../policy/language/policy.ts";
import type { Actor } from "../../protocol/actor.ts";
import type { ClientStore } from "../ports/client.ts";
import type { EventSink } from "../ports/event.ts";
import type { Page } from "../ports/page.ts";
import type { PolicyStore } from "../ports/policy.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import { tellChange } from "../tell-change.ts";
import { notFound, type Receipt, requireReceipt, requireStanding } from "../under-connection.ts";
import { checkStrangers } from "./check-strangers.ts";

/** What an edit of policies and groups needs. */
export interface EditServices {
  readonly clients: Pick<ClientStore, "listPublic">;
  readonly ledgers: LedgerDirectory;
  readonly policies: PolicyStore;
  readonly randomness: Randomness;
  readonly secrets: Pick<Secrets, "hash">;
  readonly events: EventSink;
}

/** Who edits, and the key under which they may safely send the same edit again; null: each request is a new one. */
export interface Editor<Who extends Actor = Actor> {
  readonly caller: Who;
  readonly repeatKey: string | null;
}

/** What was made, and how far that has come. */
export interface Created {
  readonly id: string;
  readonly receipt: Receipt;
}

/** @throws ProtocolError invalid_request for a permit that would let in anybody, or as `requireReceipt` says. */
export async function createPolicy(services: EditServices, editor: Editor, document: PolicyBody): Promise<Created> {
  await checkStrangers(services, [document]);
  return create(services, editor, (id) => ({ kind: "put_policy", id, document, expected: "absent" }));
}

/** The id that a policy has which `createPolicy` makes of this document, or made of it under the same key. */
export function idOfCreated(
  services: Pick<EditServices, "randomness" | "secrets">,
  editor: Editor,
  document: PolicyBody,
): Promise<string> {
  return operationId(services, editor, { kind: "put_policy", id: "", document, expected: "absent" });
}

export function createGroup(services: EditServices, editor: Editor, document: GroupBody): Promise<Created> {
  return create(services, editor, (id) => ({ kind: "put_group", id, document, expected: "absent" }));
}

/** @throws ProtocolError as `createPolicy`. */
export async function replacePolicy(
  services: EditServices,
  editor: Editor,
  { id, document, expected }: { id: string; document: PolicyBody; expected: VersionExpectation },
): Promise<Receipt> {
  await checkStrangers(services, [document]);
  return edit(services, editor, { kind: "put_policy", id, document, expected });
}

/** Removing a member is a change like any other: what stood on that membership ends (docs/design.md, policies). */
export function replaceGroup(
  services: EditServices,
  editor: Editor,
  { id, document, expected }: { id: string; document: GroupBody; expected: VersionExpectation },
): Promise<Receipt> {
  return edit(services, editor, { kind: "put_group", id, document, expected });
}

export function deletePolicy(
  services: EditServices,
  editor: Editor,
  { id, expected }: { id: string; expected: VersionExpectation },
): Promise<Receipt> {
  return edit(services, editor, { kind: "delete_policy", id, expected });
}

export function deleteGroup(
  services: EditServices,
  editor: Editor,
  { id, expected }: { id: string; expected: VersionExpectation },
): Promise<Receipt> {
  return edit(services, editor, { kind: "delete_group", id, expected });
}

/** @throws ProtocolError not_found, alike for what never was and for another owner's. */
export async function readPolicy(services: EditServices, caller: Actor, id: string): Promise<Policy> {
  return requireStanding(await services.policies.find(caller, id)) ?? absent();
}

/** @throws ProtocolError not_found, alike for what never was and for another owner's. */
export async function readGroup(services: EditServices, caller: Actor, id: string): Promise<Group> {
  return requireStanding(await services.policies.findGroup(caller, id)) ?? absent();
}

/** @throws ProtocolError invalid_token when the connection has ended. */
export async function listPolicies(
  services: EditServices,
  caller: Actor,
  cursor: string | null,
  limit: number,
): Promise<Page<Policy>> {
  return requireStanding(await services.policies.list(caller, cursor, limit));
}

/** @throws ProtocolError invalid_token when the connection has ended. */
export async function listGroups(
  services: EditServices,
  caller: Actor,
  cursor: string | null,
  limit: number,
): Promise<Page<Group>> {
  return requireStanding(await services.policies.listGroups(caller, cursor, limit));
}

async function create(
  services: EditServices,
  editor: Editor,
  changeOf: (id: string) => DocumentChange,
): Promise<Created> {
  // What is made bears the id of the operation that made it, so a repeat names the same document.
  const id = await operationId(services, editor, changeOf(""));
  return { id, receipt: await send(services, editor.caller, id, changeOf(id)) };
}

async function edit(services: EditServices, editor: Editor, change: DocumentChange): Promise<Receipt> {
  return send(services, editor.caller, await operationId(services, editor, change), change);
}

/** Every change of an owner's is booked at home, the ledger that bears the owner's id (docs/design.md, decision 2). */
async function send(
  services: EditServices,
  caller: Actor,
  operation: string,
  change: DocumentChange,
): Promise<Receipt> {
  const author = authorOf(caller);
  const reply = await services.ledgers.ledger(caller.ownerId).change(operation, change, author);
  tellChange(services.events, change, reply, { ownerId: caller.ownerId, ...nameOf(author) });
  return requireReceipt(reply);
}

/** One operation id, one answer. A repeat is the same edit by the same caller under the same key, and nothing else. */
async function operationId(
  services: Pick<EditServices, "randomness" | "secrets">,
  editor: Editor,
  change: DocumentChange,
): Promise<string> {
  const { caller, repeatKey } = editor;
  if (repeatKey === null) return services.randomness.id();
  const { clientId, accountId } = nameOf(authorOf(caller));
  return services.secrets.hash(JSON.stringify([caller.ownerId, clientId ?? accountId, repeatKey, change]));
}

function absent(): never {
  throw notFound();
}
