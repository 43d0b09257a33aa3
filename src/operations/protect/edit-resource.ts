import type { ResourceChange } from "../../ledger/change.ts";
import type { ChangeReply, LedgerDirectory } from "../../ledger/contract.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import { parseResourceDescription, type Resource } from "../../protocol/resource.ts";
import type { ResourceDescriptionBody } from "../../protocol/wire/resource.ts";
import { ProtocolError } from "../../shared/error.ts";
import { MAX_BODY_LEVELS, MAX_RESOURCE_BODY_BYTES } from "../../shared/limits.ts";
import { mergePatch } from "../../shared/merge-patch.ts";
import { checkSize } from "../../shared/parse.ts";
import type { EventSink } from "../ports/event.ts";
import type { ResourceStore } from "../ports/resource.ts";
import type { Randomness } from "../ports/secret.ts";
import { tellChange } from "../tell-change.ts";
import { type Receipt, requireReceipt } from "../under-connection.ts";
import { checkCollections, withoutGoneCollections } from "./check-collections.ts";
import { type CheckIdentifiersServices, checkIdentifiers } from "./check-identifiers.ts";
import { readResource } from "./register-resource.ts";

interface EditServices extends CheckIdentifiersServices {
  readonly resources: ResourceStore;
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** Which resource is edited, and in which version. */
interface Edited {
  readonly id: string;
  readonly expected: "any" | number;
}

/** How often a patch is made anew for a version that came in between; with more at once, somebody has to wait. */
const PATCH_TRIES = 20;

/**
 * Replaces the whole description (FedAuthz §3.2.3); scopes that are gone leave every ticket and RPT.
 * @throws ProtocolError as `requireReceipt` and `checkCollections`.
 */
export async function updateResource(
  services: EditServices,
  caller: ConnectedCaller,
  { id, expected }: Edited,
  description: ResourceDescriptionBody,
): Promise<Receipt> {
  await checkCollections(services, caller, description);
  await checkIdentifiers(services, caller, { own: registered(id), before: null, description });
  const update = { kind: "update_resource", id, resourceServerId: caller.clientId, description } as const;
  return requireReceipt(await changeResource(services, caller, on(expected, update)));
}

/**
 * Changes some members of a description (RFC 7396). INVARIANT: a patch is written on the version that it was made of, so
 * that of two at once both hold.
 * @throws ProtocolError as `requireReceipt`, conflict when others change it all the time, or invalid_request for a patch
 *   that leaves no description, or one that is too large.
 */
export async function patchResource(
  services: EditServices,
  caller: ConnectedCaller,
  { id, expected }: Edited,
  patch: unknown,
): Promise<{ readonly resource: Resource; readonly receipt: Receipt }> {
  for (let tries = 0; tries < PATCH_TRIES; tries += 1) {
    const resource = await readResource(services, caller, id);
    const patched = mergePatch(resource.description, patch);
    // As much as could be sent at once: of many small patches none makes more than a whole description may be.
    checkSize(patched, MAX_RESOURCE_BODY_BYTES, MAX_BODY_LEVELS);
    const parsed = parseResourceDescription(patched);
    const description = await withoutGoneCollections(services, caller, resource.description, parsed);
    await checkIdentifiers(services, caller, { own: registered(id), before: resource.description, description });
    const update = { kind: "update_resource", id, resourceServerId: caller.clientId, description } as const;
    const reply = await changeResource(services, caller, on(expected === "any" ? resource.version : expected, update));
    const isOvertaken = reply.outcome === "version_mismatch" && expected === "any";
    if (!isOvertaken) return { resource: { ...resource, description }, receipt: requireReceipt(reply) };
  }
  throw new ProtocolError("conflict", "others change this resource all the time; send the patch again");
}

/** Ends the protection of a resource (FedAuthz §3.2.4), and every permission for it. */
export async function removeResource(
  services: EditServices,
  caller: ConnectedCaller,
  { id, expected }: Edited,
): Promise<Receipt> {
  const removal = { kind: "delete_resource", id, resourceServerId: caller.clientId } as const;
  return requireReceipt(await changeResource(services, caller, on(expected, removal)));
}

function registered(id: string) {
  return { id, externalId: null, operationId: null };
}

function on(expected: "any" | number, change: ResourceChange): ResourceChange {
  return expected === "any" ? change : { ...change, version: expected };
}

async function changeResource(
  services: EditServices,
  caller: ConnectedCaller,
  change: ResourceChange,
): Promise<ChangeReply> {
  // An owner's changes are all booked at home, the ledger that bears the owner's id (docs/design.md, decision 2).
  const home = services.ledgers.ledger(caller.ownerId);
  const reply = await home.change(services.randomness.id(), change, { by: "caller", caller });
  tellChange(services.events, change, reply, caller);
  return reply;
}
