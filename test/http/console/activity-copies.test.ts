import { expect, it } from "vitest";
import { activityInCsv } from "../../../src/http/console/activity-copies.ts";
import type { NamedActivity } from "../../../src/operations/own/read-activity.ts";
import { en } from "../../../src/pages/words/en.ts";

function refused(name: string): NamedActivity {
  const card = { personId: "p", name, nameSaidBy: null, addresses: [], issuer: "https://as.example", subject: "s" };
  return {
    ...{ id: 1, at: 1, lastAt: 1, count: 1, kind: "denied", clientId: null, partyReference: "party", card },
    ...{ detail: {}, names: new Map(), scopeNames: new Map() },
  };
}

async function cellOf(name: string): Promise<string> {
  const entries = (async function* () {
    yield [refused(name)];
  })();
  let text = "";
  for await (const part of activityInCsv(entries, { words: en, accountId: "ana" })) text += part;
  const [, line = ""] = text.split("\r\n");
  return line.split('","')[5] ?? "";
}

it.each([..."=+-@＝＋－＠\t\r\n"].flatMap((sign) => [`${sign}1`, ` ${sign}1`, `\u200e${sign}1`]))(
  "a name such as %j begins no formula",
  async (name) => {
    expect(await cellOf(name)).toBe(`'${name}`);
  },
);

it("quotes are doubled, and the rest stays as it is", async () => {
  expect(await cellOf('Zoë "Z" Müller, =1')).toBe('Zoë ""Z"" Müller, =1');
});
