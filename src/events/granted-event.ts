import type { PermissionBody } from "../protocol/wire/permission.ts";
import type { OwnerEvent } from "./event.ts";

/**
 * That an RPT was issued, as everybody is told.
 *
 * @param permissions everything that the RPT states
 * @param added of an RPT into which another one went, what was granted now; undefined: none did
 */
export function grantedEvent(
  permissions: readonly PermissionBody[],
  added: readonly PermissionBody[] | undefined,
): Extract<OwnerEvent, { readonly kind: "granted" }> {
  return added === undefined
    ? { kind: "granted", permissions }
    : { kind: "granted", permissions: added, upgraded: true };
}
