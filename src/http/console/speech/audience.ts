import type { Words } from "../../../pages/words/en.ts";
import { said } from "../../../pages/words/said.ts";
import type { Audience } from "../../../policy/share/audience.ts";
import { type Naming, personInWords } from "./naming.ts";

/** Whom a share names, such as "Dr. Lee (lee@example.com)" or "Everybody in Cardiology". */
export function audienceInWords(audience: Audience, naming: Naming, words: Words): string {
  const { audiences } = words.shares;
  switch (audience.kind) {
    case "everybody":
      return audiences.everybody;
    case "address":
      return withVouchers(said`${audience.address}`, audience.vouchers, words);
    case "domain":
      return withVouchers(audiences.domain(audience.domain), audience.vouchers, words);
    case "person":
      return personInWords(naming.person(audience.issuer, audience.subject) ?? UNKNOWN, words);
    case "group":
      return named(naming.groups.get(audience.groupId), audiences.group, audiences.lostGroup);
    case "app":
      return named(naming.apps.get(audience.clientId), audiences.app, audiences.lostApp);
  }
}

const UNKNOWN = { name: null, address: null };

function withVouchers(whom: string, vouchers: readonly string[] | null, words: Words): string {
  return vouchers === null ? whom : `${whom} (${words.shares.inTheWordsOf(vouchers)})`;
}

function named(name: string | undefined, found: (name: string) => string, lost: string): string {
  return name === undefined ? lost : found(name);
}
