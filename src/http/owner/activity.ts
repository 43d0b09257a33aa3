import { Hono } from "hono";
import * as v from "valibot";
import { snakeCased } from "../../events/render-event.ts";
import type { Activity } from "../../ledger/activity.ts";
import type { Cut } from "../../ledger/change.ts";
import { readActivity } from "../../operations/own/read-activity.ts";
import { withdrawAccess } from "../../operations/own/withdraw-access.ts";
import { POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import { invalidRequest } from "../../shared/error.ts";
import { MAX_IDENTIFIER_CHARACTERS, MAX_WITHDRAWAL_BODY_BYTES } from "../../shared/limits.ts";
import { boundedText, parseBody, sentObject, yes } from "../../shared/parse.ts";
import { protectedBy } from "../authenticate/connected-caller.ts";
import { readJson } from "../body.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parseLimit, parseQuery } from "../paging.ts";
import { renderRemoved } from "../receipt.ts";
import { onlyMethods, privateJson } from "../respond.ts";
import { renderPartyCard } from "./render-party-card.ts";

/** What happened to what the owner shares, and how to end it. */
export function activityRoutes(): UsherHono {
  const ownersTool = protectedBy(POLICY_SCOPE);
  return new Hono<UsherEnv>()
    .get("/activity", ownersTool, async (c) => {
      const { services, caller } = c.var;
      const { before, limit } = parseQuery(c.req.raw, "before", "limit");
      const most = parseLimit(limit);
      const entries = await readActivity(services, caller, parseBefore(before), most);
      return privateJson(renderActivity(entries, most));
    })
    .all("/activity", onlyMethods("GET"))
    .post("/withdrawals", ownersTool, async (c) => {
      const { services, caller } = c.var;
      const cut = parseWithdrawal(await readJson(c.req.raw, MAX_WITHDRAWAL_BODY_BYTES));
      return renderRemoved(await withdrawAccess(services, caller, cut));
    })
    .all("/withdrawals", onlyMethods("POST"));
}

function parseBefore(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalidRequest("before: send the next of the page before");
}

/** Newest first; `next` is left out on the last page. */
function renderActivity(entries: readonly Activity[], limit: number): object {
  const last = entries.at(-1);
  return {
    items: entries.map(renderActivityEntry),
    ...(last === undefined || entries.length < limit ? {} : { next: last.id }),
  };
}

/** An entry of the activity as the owner reads it. */
export function renderActivityEntry(entry: Activity): object {
  const { id, at, lastAt, count, kind, clientId, partyReference, card, detail } = entry;
  return {
    id,
    at,
    last_at: lastAt,
    count,
    kind,
    client_id: clientId,
    party: partyReference,
    ...renderPartyCard(card),
    detail: snakeCased(detail),
  };
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
