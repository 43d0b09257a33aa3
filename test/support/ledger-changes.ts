import type { Change } from "../../src/ledger/change.ts";
import { ALBUM, asking, type LedgerStage, PHOTO, permit, pushed, RS } from "./ledger-stage.ts";

const EVERYTHING = [asking(PHOTO.id, "view", "print"), asking(ALBUM.id, "view")];
export const ALL_HELD = ["photo:view", "photo:print", "album:view"];

/** A grant of everything to bob. */
export function grantAll(stage: LedgerStage): Promise<string> {
  return stage.grant({ pushed: pushed("bob") }, stage.ticket({ permissions: EVERYTHING }));
}

/** A policy that is there, as it shall be from now on. */
export function put(id: string, document: Parameters<typeof permit>[0]): Change {
  return { kind: "put_policy", id, document: permit(document), expected: "any" };
}

/** A new policy. */
export function create(document: Parameters<typeof permit>[0]): Change {
  return { kind: "put_policy", id: "created", document: permit(document), expected: "absent" };
}

/** A group that is there, with these members from now on. */
export function putGroup(id: string, ...emails: readonly string[]): Change {
  return {
    kind: "put_group",
    id,
    document: { name: id, members: emails.map((email) => ({ email })) },
    expected: "any",
  };
}

/** The photo, gone. */
export function removePhoto(): Change {
  return { kind: "delete_resource", id: PHOTO.id, resourceServerId: RS };
}

/** The photo, as it is described from now on. */
export function update(description: { resource_scopes: readonly string[]; type?: string }): Change {
  return { kind: "update_resource", id: PHOTO.id, resourceServerId: RS, description };
}
