import type { Notices } from "../ledger/ports.ts";
import { hearsOfGrants } from "../operations/notices/hears-of-grants.ts";
import type { LetterWriter } from "../operations/notices/notice-letter.ts";
import { tellPeople } from "../operations/notices/tell-people.ts";
import { tellWebhooks } from "../operations/notices/tell-webhooks.ts";
import type { SharedServices } from "../operations/services.ts";
import { noticeLetter } from "../pages/notice-letter.ts";
import { wordsOrUsual } from "../pages/words/catalogue.ts";
import { epochSeconds } from "../shared/time.ts";

/** What the ledgers have told to others: by webhook, and by letter in the words of the pages. */
export function createNotices(services: SharedServices): Notices {
  return {
    async tell(ownerId, notices) {
      await tellWebhooks(services, ownerId, notices);
      return tellPeople(services, write, ownerId, notices, epochSeconds());
    },
    hearsOfGrants: () => hearsOfGrants(services),
  };
}

const write: LetterWriter = (content, { language, stop }) => noticeLetter(wordsOrUsual(language), content, stop);
