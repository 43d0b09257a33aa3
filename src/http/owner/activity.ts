import { Hono } from "hono";
import * as v from "valibot";
import type { Cut } from "../../ledger/change.ts";
import { type NamedActivity, readActivity } from "../../operations/own/read-activity.ts";
import { withdrawAccess } from "../../operations/own/withdraw-access.ts";
import { POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import { invalidRequest } from "../../shared/error.ts";
import { MAX_IDENTIFIER_CHARACTERS, MAX_WITHDRAWAL_BODY_BYTES } from "../../shared/limits.ts";
import { boundedText, parseBody, sentObject, yes } from "../../shared/parse.ts";
import { parseActivityId } from "../activity-id.ts";
import { protectedBy } from "../authenticate/connected-caller.ts";
import { readJson } from "../body.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parseLimit, parseQuery } from "../paging.ts";
import { renderRemoved } from "../receipt.ts";
import { onlyMethods, privateJson } from "../respond.ts";
import { matchesText } from "../search-text.ts";
import { namesIn, renderActivityPage } from "./render-activity.ts";

/** What happened to what the owner shares, and how to end it. */
export function activityRoutes(): UsherHono {
  const ownersTool = protectedBy(POLICY_SCOPE);
  return new Hono<UsherEnv>()
    .get("/activity", ownersTool, async (c) => {
      const { services, caller } = c.var;
      const { before, limit, from, until, q } = parseQuery(c.req.raw, "before", "limit", "from", "until", "q");
      const query = {
        before: before === null ? null : parseActivityId(before),
        limit: parseLimit(limit),
        from: parseSeconds(from, "from", 0),
        until: parseSeconds(until, "until", Number.MAX_SAFE_INTEGER),
      };
      const isSought = q === null ? null : (entry: NamedActivity) => matchesText(q, textsOf(entry));
      return privateJson(renderActivityPage(await readActivity(services, caller, query, isSought)));
    })
    .all("/activity", onlyMethods("GET"))
    .post("/withdrawals", ownersTool, async (c) => {
      const { services, caller } = c.var;
      const cut = parseWithdrawal(await readJson(c.req.raw, MAX_WITHDRAWAL_BODY_BYTES));
      return renderRemoved(await withdrawAccess(services, caller, cut));
    })
    .all("/withdrawals", onlyMethods("POST"));
}

const SECONDS = /^\d{1,12}$/;

/** @throws ProtocolError invalid_request */
function parseSeconds(text: string | null, name: string, otherwise: number): number {
  if (text === null) return otherwise;
  if (SECONDS.test(text)) return Number(text);
  throw invalidRequest(`${name}: must be a time in epoch seconds`);
}

/** What a text is looked for in: kinds, names and addresses. */
function textsOf(entry: NamedActivity): readonly string[] {
  const { kind, card, partyReference } = entry;
  const person = [card?.name ?? "", ...(card?.addresses ?? []), partyReference ?? ""];
  return [kind, ...person, ...namesIn(entry).map(([, name]) => name)];
}

const id = boundedText(MAX_IDENTIFIER_CHARACTERS);
export const Withdrawal = sentObject({
  client_id: v.exactOptional(id),
  party: v.exactOptional(id),
  resource_id: v.exactOptional(id),
  everyone: v.exactOptional(yes),
});

/** Exactly one of the members: with two it would be a guess whether both or either is meant. */
function parseWithdrawal(input: unknown): Cut {
  const body = parseBody(Withdrawal, input);
  const cuts: Cut[] = [];
  if (body.client_id !== undefined) cuts.push({ by: "client", clientId: body.client_id });
  if (body.party !== undefined) cuts.push({ by: "party", partyReference: body.party });
  if (body.resource_id !== undefined) cuts.push({ by: "resource", resourceId: body.resource_id });
  if (body.everyone !== undefined) cuts.push({ by: "everyone" });
  const [cut, ...others] = cuts;
  if (cut !== undefined && others.length === 0) return cut;
  throw invalidRequest("send exactly one of client_id, party, resource_id, everyone");
}
