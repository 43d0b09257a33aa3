import type { Context } from "hono";
import { snakeCased } from "../../events/render-event.ts";
import { type AccountExport, exportAccount } from "../../operations/account/export-account.ts";
import type { OverviewEnv } from "../context.ts";
import { streamJson } from "../json-stream.ts";
import { renderActivityEntry } from "../owner/activity.ts";
import { renderGrant } from "../owner/grants.ts";
import { renderGroup, renderPolicy } from "../owner/policies.ts";
import { renderOwnedResource } from "../owner/resources.ts";

/** A file is nobody's to keep on the way, and no page of anybody's to look into. */
const HEADERS = {
  "Content-Type": "application/json",
  "Content-Disposition": 'attachment; filename="usher-data.json"',
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Everything that is kept about a person, as a file. */
export async function downloadData(c: Context<OverviewEnv>): Promise<Response> {
  const { services, overview, now } = c.var;
  const everything = await exportAccount(services, overview, now);
  return c.body(streamJson(sectionsOf(everything, now)), 200, HEADERS);
}

/** What belongs to the owner reads as the owner API tells it. */
function sectionsOf(everything: AccountExport, now: number): readonly (readonly [string, unknown])[] {
  const { overview, identities, remembered, connections } = everything;
  const { account } = overview.signedIn;
  const { passkeys, addresses, recoveryCodes } = overview;
  return [
    ["exported_at", now],
    [
      "account",
      { account_id: account.id, owner_id: account.ownerId, name: overview.name, created_at: account.createdAt },
    ],
    ["ways_in", snakeCased({ passkeys, addresses, linkedAccounts: identities, recoveryCodes })],
    ["sessions", snakeCased(overview.sessions)],
    ["acts_for", overview.organisations],
    ["remembered", snakeCased(remembered)],
    ["apps", snakeCased(connections)],
    ["resources", map(everything.resources, renderOwnedResource)],
    ["policies", map(everything.policies, renderPolicy)],
    ["groups", map(everything.groups, renderGroup)],
    ["grants", map(everything.grants, renderGrant)],
    ["activity", map(everything.activity, renderActivityEntry)],
  ];
}

async function* map<Entry>(
  entries: AsyncIterable<Entry>,
  render: (entry: Entry) => object,
): AsyncGenerator<object, void> {
  for await (const entry of entries) yield render(entry);
}
