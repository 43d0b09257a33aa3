import type { FileObject } from "./file-object.ts";
import type { Introspection, ProtectionApi } from "./protection-api.ts";
import type { Report, Scope } from "./reports.ts";
import { UsherUnreachable } from "./usher.ts";

/** Why the door stayed shut, for the body of the answer. */
interface Refusal {
  readonly error: string;
  readonly error_description: string;
}

/** The door to one owner's reports. */
export interface Guard {
  readonly issuer: string;
  /** Where this API tells whom to ask (RFC 9728 §5.1). */
  readonly metadata: string;
  /** With that owner's PAT. */
  readonly usher: ProtectionApi;
  readonly file: DurableObjectStub<FileObject>;
}

/**
 * Decides whether this request may do this with this report. A request without an RPT, or with one that does not
 * suffice, is answered with a challenge that carries a permission ticket (Grant §3.2; a failed RPT is treated like
 * none, §3.5).
 * @returns null when the request may pass, else the answer to give instead.
 */
export async function guard(door: Guard, request: Request, report: Report, scope: Scope): Promise<Response | null> {
  try {
    const resourceId = await loadResourceId(door, report);
    const refusal = await findRefusal(door, request, resourceId, scope);
    return refusal === null ? null : await challenge(door, report, resourceId, scope, refusal);
  } catch (error) {
    if (error instanceof UsherUnreachable) return renderUnreachable();
    throw error;
  }
}

async function loadResourceId(door: Guard, report: Report): Promise<string> {
  const id = await door.file.resourceId(report);
  if (id === null) throw new UsherUnreachable("the report could not be registered");
  return id;
}

async function findRefusal(door: Guard, request: Request, resourceId: string, scope: Scope): Promise<Refusal | null> {
  const rpt = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
  if (rpt === undefined) return { error: "rpt_needed", error_description: "this report needs an RPT" };
  const introspection = await door.usher.introspect(rpt);
  if (!introspection.active) return { error: "invalid_token", error_description: "Usher says the RPT is not active" };
  if (permits(introspection, resourceId, scope, Date.now() / 1_000)) return null;
  return { error: "insufficient_scope", error_description: `the RPT does not allow ${scope} on this report` };
}

/** INVARIANT: being active opens nothing; the RPT must carry this very resource with this very scope, still valid. */
function permits(introspection: Introspection, resourceId: string, scope: Scope, now: number): boolean {
  return (introspection.permissions ?? []).some(
    (permission) =>
      permission.resource_id === resourceId &&
      permission.resource_scopes.includes(scope) &&
      (permission.exp === undefined || permission.exp > now),
  );
}

/** Grant §3.2.1, RFC 9728 §5.1. The realm names the API, not the patient or the clinic (Grant §6.3). */
async function challenge(door: Guard, report: Report, resourceId: string, scope: Scope, refusal: Refusal) {
  const ticket = await requestTicket(door, report, resourceId, scope);
  const place = `as_uri="${door.issuer}", resource_metadata="${door.metadata}"`;
  const header = `UMA realm="health-records", ${place}, ticket="${ticket}"`;
  return Response.json(refusal, { status: 401, headers: { "WWW-Authenticate": header } });
}

/** Usher may have lost what we registered (a database restored, a fresh start): then the report is registered anew. */
async function requestTicket(door: Guard, report: Report, resourceId: string, scope: Scope): Promise<string> {
  const ticket = await door.usher.requestTicket(resourceId, scope);
  if (ticket !== null) return ticket;
  await door.file.forgetResource(report.id, resourceId);
  const second = await door.usher.requestTicket(await loadResourceId(door, report), scope);
  if (second === null) throw new UsherUnreachable("a fresh registration is not known");
  return second;
}

/** Grant §3.2.2: no ticket can be had, so there is nothing to challenge with. */
function renderUnreachable(): Response {
  const refusal = { error: "unavailable", error_description: "the authorization server cannot be reached" };
  const headers = { Warning: '199 - "UMA Authorization Server Unreachable"' };
  return Response.json(refusal, { status: 403, headers });
}
