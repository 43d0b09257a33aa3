import * as v from "valibot";
import { LOCATION_HINTS, type LocationHint } from "../../ledger/contract.ts";
import type { OwnerCounts } from "../../operations/administer/owners.ts";
import type { Owner } from "../../operations/ports/owner.ts";
import type { Connection } from "../../protocol/connection.ts";
import { CONNECTION_SCOPES, type ConnectionScope } from "../../protocol/wire/connection.ts";
import { MAX_NAME_CHARACTERS } from "../../shared/limits.ts";
import { boundedText, oneOf, parseBody, sentObject, setOf } from "../../shared/parse.ts";

const name = boundedText(MAX_NAME_CHARACTERS);
export const NewOwner = sentObject({
  name,
  location_hint: v.exactOptional(oneOf(LOCATION_HINTS)),
});

/** Where an owner's ledger lives is said once, when it is made. */
export const NamedOwner = sentObject({ name });

export const NewConnection = sentObject({
  scopes: v.pipe(setOf(oneOf(CONNECTION_SCOPES), CONNECTION_SCOPES.length), v.minLength(1, "must not be empty")),
});

/** @throws ProtocolError invalid_request */
export function parseNewOwner(input: unknown): { readonly name: string; readonly location: LocationHint | null } {
  const body = parseBody(NewOwner, input);
  return { name: body.name, location: body.location_hint ?? null };
}

/** @throws ProtocolError invalid_request */
export function parseOwnerName(input: unknown): string {
  return parseBody(NamedOwner, input).name;
}

/** @throws ProtocolError invalid_request */
export function parseConnectionScopes(input: unknown): readonly ConnectionScope[] {
  return parseBody(NewConnection, input).scopes;
}

export function renderOwner({ id, kind, name, createdAt }: Owner): object {
  return { owner_id: id, kind, name, created_at: createdAt };
}

/** What there is, and of what has a quota how much there may be. */
export function renderCounts({ ledger, usage, quotas }: OwnerCounts): object {
  return {
    grants: ledger.grants,
    processes: ledger.processes,
    pending_changes: ledger.pendingChanges,
    bytes: ledger.bytes,
    policies: { used: usage.policies, limit: quotas.policiesPerOwner },
    groups: { used: usage.groups, limit: quotas.groupsPerOwner },
    policy_bytes: { used: usage.policyBytes, limit: quotas.policyBytesPerOwner },
    connections: usage.connections.map(({ clientId, resources, bytes }) => ({
      client_id: clientId,
      resources: { used: resources, limit: quotas.resourcesPerConnection },
      resource_bytes: { used: bytes, limit: quotas.resourceBytesPerConnection },
    })),
  };
}

export function renderConnection({ clientId, scopes, generation }: Connection): object {
  return { client_id: clientId, scopes, generation };
}
