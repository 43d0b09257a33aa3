import { Hono } from "hono";
import { listDeletions } from "../../operations/administer/deletions.ts";
import type { Deletion } from "../../operations/ports/deletion.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { onlyMethods, privateJson } from "../respond.ts";

/** Owners who are going, or gone. */
export function administerDeletions(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      const { cursor, limit } = parsePaging(c.req.raw);
      return privateJson(renderPage(await listDeletions(c.var.services, cursor, limit), renderDeletion));
    })
    .all("/", onlyMethods("GET"));
}

/** How far the end of an owner has come. */
export function renderDeletion({ ownerId, byOperator, requestedAt, closedAt, erasedAt }: Deletion) {
  return {
    owner_id: ownerId,
    requested_by: byOperator ? "operator" : "person",
    requested_at: requestedAt,
    closed_at: closedAt,
    erased_at: erasedAt,
  };
}
