import { type Change, OPERATOR } from "../../ledger/change.ts";
import type { ChangeReply, LedgerCounts, LedgerDirectory, LocationHint } from "../../ledger/contract.ts";
import { mayUseConnections, UNUSABLE_CONNECTION } from "../../protocol/client-review.ts";
import type { Connection } from "../../protocol/connection.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { Quotas } from "../../shared/quotas.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { Warning } from "../../shared/warning.ts";
import type { ClientStore } from "../ports/client.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { EventSink } from "../ports/event.ts";
import type { Owner, OwnerStore } from "../ports/owner.ts";
import type { Page } from "../ports/page.ts";
import type { Randomness } from "../ports/secret.ts";
import type { OwnerUsage, UsageStore } from "../ports/usage.ts";
import { tellChange } from "../tell-change.ts";
import { notFound, type Receipt, requireReceipt } from "../under-connection.ts";
import { unknownClient } from "./unknown-client.ts";
import { changedMeanwhile, checkVersion, type Edited } from "./versions.ts";

interface OwnerServices {
  readonly clients: Pick<ClientStore, "find">;
  readonly connections: Pick<ConnectionStore, "listByOwner">;
  readonly owners: OwnerStore;
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

interface CountServices extends Pick<OwnerServices, "owners" | "ledgers"> {
  readonly config: Quotas;
  readonly usage: UsageStore;
}

export interface OwnerCounts {
  readonly ledger: LedgerCounts;
  readonly usage: OwnerUsage;
  readonly quotas: Quotas;
}

type LedgerServices = Pick<OwnerServices, "ledgers" | "randomness" | "events">;

/**
 * Makes a resource owner's account.
 * @param location where the owner's ledger shall live; null: near whoever makes this call. It never moves.
 */
export async function createOwner(
  services: OwnerServices,
  { name, location }: { readonly name: string; readonly location: LocationHint | null },
  now: number,
): Promise<Versioned<Owner>> {
  const id = services.randomness.id();
  // The ledger opens first: an open ledger without an owner does nothing, an owner without one could never be served.
  await services.ledgers.ledger(id, location ?? undefined).open(id);
  const owner: Owner = { id, kind: "organization", name, ledger: id, createdAt: now };
  await services.owners.insert(owner);
  services.events.emit({ kind: "administered", what: "create_owner", subject: id });
  return { value: owner, version: 1 };
}

/**
 * Gives an owner another name. The name is for people: no decision looks at it, so no change of it waits for anybody.
 * @throws ProtocolError not_found; precondition_failed or conflict when it is not the version that was decided on
 */
export async function renameOwner(
  services: Pick<OwnerServices, "owners" | "events">,
  { id, expected }: Edited,
  name: string,
): Promise<Versioned<Owner>> {
  const { value: owner, version } = await loadOwner(services, id);
  checkVersion(expected, version);
  if (!(await services.owners.rename(id, name, version))) throw changedMeanwhile(expected);
  services.events.emit({ kind: "administered", what: "rename_owner", subject: id });
  return { value: { ...owner, name }, version: version + 1 };
}

/**
 * Lets a client act for an owner under these scopes. It makes the connection anew, so tokens made under a former one
 * end; a client asks for another. A client that may ask for none is connected all the same, with a warning.
 */
export async function connectClient(
  services: OwnerServices,
  ownerId: string,
  clientId: string,
  scopes: readonly ConnectionScope[],
): Promise<{ readonly receipt: Receipt; readonly warnings: readonly Warning[] }> {
  const [client] = await Promise.all([services.clients.find(clientId), loadOwner(services, ownerId)]);
  if (client === null) throw unknownClient();
  const receipt = await change(services, ownerId, { kind: "put_connection", clientId, scopes });
  // The client was removed meanwhile.
  if (receipt === null) throw unknownClient();
  return { receipt, warnings: mayUseConnections(client) ? [] : [UNUSABLE_CONNECTION] };
}

/**
 * Ends a connection, and with it every token that was made under it. What the client registered as a resource server
 * waits for it to be connected again.
 */
export async function disconnectClient(services: OwnerServices, ownerId: string, clientId: string): Promise<Receipt> {
  await loadOwner(services, ownerId);
  const receipt = await change(services, ownerId, { kind: "end_connection", clientId, resources: "keep" });
  if (receipt === null) throw notFound();
  return receipt;
}

/** Ends the connection that a client has or had to an owner, and what it registered there; safe to repeat. */
export async function removeFromOwner(services: LedgerServices, ownerId: string, clientId: string): Promise<Receipt> {
  const wanted: Change = { kind: "end_connection", clientId, resources: "remove" };
  const reply = await send(services, ownerId, wanted);
  // An owner who is being deleted has nothing in force; what is left there goes with them.
  if (reply.outcome === "closed") return { recorded: false };
  const receipt = receiptOf(reply);
  if (receipt === null) throw new Error("D1 has a connection that the owner's ledger knows nothing of");
  return receipt;
}

/** @throws ProtocolError not_found when there is no such owner. */
export async function listConnections(services: OwnerServices, ownerId: string): Promise<readonly Connection[]> {
  const [connections] = await Promise.all([services.connections.listByOwner(ownerId), loadOwner(services, ownerId)]);
  return connections;
}

/** What the owner's ledger holds at present, and what is used of the owner's quotas. */
export async function countOwner(services: CountServices, ownerId: string): Promise<OwnerCounts> {
  const [owner, usage] = await Promise.all([loadOwner(services, ownerId), services.usage.ofOwner(ownerId)]);
  return { ledger: await services.ledgers.ledger(owner.value.ledger).counts(), usage, quotas: services.config };
}

export function listOwners(
  { owners }: Pick<OwnerServices, "owners">,
  cursor: string | null,
  limit: number,
): Promise<Page<Owner>> {
  return owners.list(cursor, limit);
}

/** @throws ProtocolError not_found */
export async function loadOwner(services: Pick<OwnerServices, "owners">, id: string): Promise<Versioned<Owner>> {
  const owner = await services.owners.find(id);
  if (owner === null) throw unknownOwner();
  return owner;
}

/** The refusal of an id that no owner has. */
export function unknownOwner(): ProtocolError {
  return new ProtocolError("not_found", "there is no owner of this id");
}

/** @returns null when what the change is about is not there */
async function change(services: LedgerServices, ownerId: string, wanted: Change): Promise<Receipt | null> {
  return receiptOf(await send(services, ownerId, wanted));
}

async function send(services: LedgerServices, ownerId: string, wanted: Change): Promise<ChangeReply> {
  const reply = await services.ledgers.ledger(ownerId).change(services.randomness.id(), wanted, OPERATOR);
  tellChange(services.events, wanted, reply, { ownerId, clientId: null });
  return reply;
}

/** @returns null when what the change is about is not there */
function receiptOf(reply: ChangeReply): Receipt | null {
  if (reply.outcome === "closed") throw new ProtocolError("conflict", "the account of this owner is closed");
  return reply.outcome === "not_found" ? null : requireReceipt(reply);
}
