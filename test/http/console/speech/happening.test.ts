import { describe, expect, it } from "vitest";
import { happeningInWords, originInWords, reasonsInWords } from "../../../../src/http/console/speech/happening.ts";
import type { NamedActivity } from "../../../../src/operations/own/read-activity.ts";
import { de } from "../../../../src/pages/words/de.ts";
import { en } from "../../../../src/pages/words/en.ts";
import { plain } from "../../../../src/pages/words/said.ts";
import { readScopeNames } from "../../../../src/protocol/scope-names.ts";

const ROTH = {
  personId: "p",
  name: "Dr. Roth",
  nameSaidBy: null,
  addresses: ["roth@example.com"],
  issuer: "https://as.example",
  subject: "roth",
};
const GRANTED = { permissions: [{ resource_id: "r1", resource_scopes: ["view", "lab.read"] }] };

function entry(kind: string, detail: object = {}, changes: Partial<NamedActivity> = {}): NamedActivity {
  return {
    ...{
      id: 1,
      at: 1,
      lastAt: 1,
      count: 1,
      kind: kind as NamedActivity["kind"],
      clientId: "app",
      partyReference: null,
    },
    detail: detail as NamedActivity["detail"],
    names: new Map([
      ["app", "Consult"],
      ["tool", "Photo Box"],
      ["r1", "Lab results"],
      ["policy", "For doctors"],
      ["group", "Cardiology"],
      ["ben", "Ben"],
    ]),
    scopeNames: new Map([
      ["r1", readScopeNames({ scope_names: { "lab.read": "look at" } })],
      ["r2", readScopeNames({})],
    ]),
    ...changes,
  };
}

const say = (one: NamedActivity, words = en) => plain(happeningInWords(one, { words, accountId: "ana" }));
const origin = (one: NamedActivity) => plain(originInWords(one, { words: en, accountId: "ana" }));
const reasons = (one: NamedActivity) => reasonsInWords(one, { words: en, accountId: "ana" });

describe("what happened, in words", () => {
  it("has the name first, and the app's own words for what was done", () => {
    const got = entry("granted", GRANTED, { partyReference: "roth", card: ROTH });
    expect(say(got)).toBe("Dr. Roth (roth@example.com) was let in to view and look at Lab results.");
    expect(say(got, de)).toBe("Dr. Roth (roth@example.com) durfte Lab results ansehen und look at.");
    expect(say(entry("granted", GRANTED))).toBe("Somebody unknown was let in to view and look at Lab results.");
  });

  it.each([
    [
      "granted",
      { permissions: [{ resource_id: "gone", resource_scopes: [] }] },
      /^Somebody unknown was let in to use something that is no longer/,
    ],
    ["granted", { permissions: [{ resource_id: "r2", resource_scopes: ["view"] }] }, /view something without a name/],
    ["granted", {}, /use something that is no longer there/],
    [
      "denied",
      { cause: "policies", refused: [{ resourceId: "r1", scope: "view" }] },
      /was not let in to view Lab results\.$/,
    ],
    ["denied", { cause: "resource_gone", refused: [] }, /^Somebody unknown was not let in\.$/],
    ["denied", { rest: true }, /through Consult, and was only counted/],
    ["submitted", {}, /asks you to decide/],
    ["request_decided", { decision: "approved" }, /^A request was approved: Somebody unknown\.$/],
    ["request_decided", { decision: "refused" }, /^A request was refused/],
    ["request_expired", {}, /^Nobody decided in time/],
    ["agreed", { policyId: "policy" }, /agreed to what you ask for in For doctors/],
    ["agreed", { policyId: "gone" }, /agreed to what you ask for\.$/],
    ["claim_token_refused", { fault: "issuer" }, /^Consult said who somebody is/],
    ["replayed", { withdrawn: false }, /^Consult sent the same request again, and was not let in/],
    ["replayed", { withdrawn: true }, /has ended, to be safe/],
    ["refresh_reused", {}, /^Consult used a key again/],
    ["code_replayed", { accountId: "ana" }, /^Consult used a key again/],
    ["authorized", { accountId: "ana" }, /^Consult was connected/],
    ["revoked", {}, /^Consult gave back/],
    ["changed", { change: "put_policy", subject: "policy" }, /^What you share under For doctors was changed/],
    ["changed", { change: "put_policy", subject: "gone" }, /^What you share was changed/],
    ["changed", { change: "delete_policy", subject: "gone" }, /^Something is no longer shared/],
    ["changed", { change: "put_group", subject: "group" }, /^The group Cardiology was changed/],
    ["changed", { change: "delete_group", subject: "group" }, /^A group was removed/],
    ["changed", { change: "put_connection", subject: "tool" }, /^Photo Box was connected/],
    ["changed", { change: "allow_connection", subject: "gone" }, /^An app that is no longer there was connected/],
    ["changed", { change: "end_connection", subject: "tool" }, /^Photo Box was disconnected/],
    ["changed", { change: "revoke_token" }, /^Consult ended an access of its own/],
    ["changed", { change: "update_resource", subject: "r1" }, /^What is known of Lab results was changed/],
    ["changed", { change: "delete_resource", subject: "r1" }, /no longer kept/],
    ["changed", { change: "of another release" }, /^Something was changed/],
    ["administrators_changed", { what: "invited" }, /^Somebody was invited/],
    ["administrators_changed", { what: "invitation_declined" }, /was declined/],
    ["administrators_changed", { what: "added", administratorId: "ben" }, /^Ben acts with you now/],
    ["administrators_changed", { what: "ended", administratorId: "gone" }, /^Somebody no longer acts with you/],
    ["cut", { by: "everyone" }, /^Everybody’s access/],
    ["cut", { by: "client", clientId: "app" }, /^Everything that Consult had got/],
    ["cut", { by: "resource", resourceId: "r1" }, /^All access to Lab results/],
    ["cut", { by: "grant", grantId: "g" }, /^An access has ended: Somebody unknown/],
    ["of another release", {}, /^Something was changed/],
  ])("%s %j", (kind, detail, sentence) => {
    expect(say(entry(kind, detail))).toMatch(sentence);
  });

  it("tells whom an end was about, who stands in the detail", () => {
    const cut = entry("cut", { by: "party", partyReference: "roth" }, { card: ROTH });
    expect(say(cut)).toBe("All access has ended: Dr. Roth (roth@example.com).");
    const withoutName = { ...ROTH, name: null };
    expect(say({ ...cut, card: withoutName })).toContain("ended: roth@example.com.");
    expect(say(entry("cut", { by: "party", partyReference: "roth" }))).toContain("Somebody whose name we do not know");
  });
});

describe("through what, or by whom", () => {
  it.each([
    ["granted", {}, "app", "Through Consult"],
    ["changed", { accountId: "ana" }, null, "By you"],
    ["changed", { accountId: "ben" }, null, "By Ben"],
    ["changed", { accountId: "eve" }, null, "By somebody who acts with you"],
    ["changed", {}, "tool", "By Photo Box"],
    ["changed", {}, null, "By those who run this server"],
    ["authorized", { accountId: "ana" }, "app", "By you"],
  ])("%s %j %j: %s", (kind, detail, clientId, expected) => {
    expect(origin(entry(kind, detail, { clientId }))).toBe(expected);
  });
});

describe("why somebody was not let in", () => {
  const refused = (outcome: string, ...found: readonly (readonly [path: string, truth: string])[]) => ({
    cause: "policies",
    refused: [
      {
        resourceId: "r1",
        scope: "view",
        policyId: "p",
        outcome,
        reasons: found.map(([path, truth]) => ({ path, truth })),
      },
    ],
  });

  it.each([
    [{ cause: "resource_gone", refused: [] }, "gone"],
    [{ cause: "client_may_not_push", refused: [] }, "appCannotTell"],
    [{ cause: "client_may_not_redirect", refused: [] }, "appCannotTell"],
    [{ cause: "too_much", refused: [] }, "tooMuch"],
    [{ cause: "owner_refused", refused: [] }, "declined"],
    [{ cause: "owner_silent", refused: [] }, "undecided"],
    [{ cause: "too_many_waiting", refused: [] }, "tooManyWaiting"],
    [{ cause: "policies", refused: [{ resourceId: "r1", scope: "view", policyId: null, outcome: "no" }] }, "notShared"],
    [refused("yes"), "forbidden"],
    [refused("no", ["who.all[1]", "no"]), "otherPeople"],
    [refused("unknown", ["who", "unknown"]), "unknown"],
    [refused("no", ["when.expires", "no"]), "time"],
    [refused("no", ["where.countries", "no"]), "place"],
    [refused("no", ["terms.uses", "no"]), "terms"],
    [refused("no", ["who", "error"]), "unreadable"],
    [refused("no", ["target", "no"]), "notShared"],
  ] as const)("%j", (detail, reason) => {
    expect(reasons(entry("denied", detail))).toEqual([en.activity.reasons[reason]]);
  });

  it("is said once, and of nothing else", () => {
    const [one] = refused("no", ["who", "no"]).refused;
    expect(reasons(entry("denied", { cause: "policies", refused: [one, one] }))).toHaveLength(1);
    expect(reasons(entry("granted", GRANTED))).toEqual([]);
  });
});
