import type { Context } from "hono";
import { snakeCased } from "../../events/render-event.ts";
import { type AccountExport, exportAccount } from "../../operations/account/export-account.ts";
import { renderDownload } from "../browser/download.ts";
import type { OverviewEnv } from "../context.ts";
import { streamJson } from "../json-stream.ts";
import { renderGrant } from "../owner/grants.ts";
import { renderGroup, renderPolicy } from "../owner/policies.ts";
import { renderActivityEntry } from "../owner/render-activity.ts";
import { renderRequest } from "../owner/requests.ts";
import { renderOwnedResource } from "../owner/resources.ts";

/** Everything that is kept about a person, as a file. */
export async function downloadData(c: Context<OverviewEnv>): Promise<Response> {
  const { services, overview, now } = c.var;
  const everything = await exportAccount(services, overview, now);
  const file = { type: "application/json", name: "usher-data.json" };
  return renderDownload(c, streamJson(sectionsOf(everything, now)), file);
}

/** What belongs to the owner reads as the owner API tells it. */
function sectionsOf(everything: AccountExport, now: number): readonly (readonly [string, unknown])[] {
  const { overview, identities, remembered, signIns, connections, notices } = everything;
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
    ["sign_ins", snakeCased(signIns.map(({ id: _, accountId: __, ...known }) => known))],
    ["apps", snakeCased(connections)],
    ["emails", notices],
    ["resources", map(everything.resources, renderOwnedResource)],
    ["policies", map(everything.policies, renderPolicy)],
    ["groups", map(everything.groups, renderGroup)],
    ["grants", map(everything.grants, renderGrant)],
    ["requests", map(everything.requests, renderRequest)],
    ["activity", map(everything.activity, renderActivityEntry)],
  ];
}

async function* map<Entry>(
  entries: AsyncIterable<Entry>,
  render: (entry: Entry) => object,
): AsyncGenerator<object, void> {
  for await (const entry of entries) yield render(entry);
}
