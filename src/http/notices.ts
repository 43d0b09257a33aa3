import type { Notices } from "../ledger/ports.ts";
import { hearsOfGrants } from "../operations/notices/hears-of-grants.ts";
import { tellWebhooks } from "../operations/notices/tell-webhooks.ts";
import type { SharedServices } from "../operations/services.ts";

/** What the ledgers have told to others: by webhook, and by letter in the words of the pages. */
export function createNotices(services: SharedServices): Notices {
  return {
    async tell(ownerId, notices) {
      await tellWebhooks(services, ownerId, notices);
      return notices.map(({ id }) => id);
    },
    hearsOfGrants: () => hearsOfGrants(services),
  };
}
