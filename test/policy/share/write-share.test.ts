import fc from "fast-check";
import { expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/language/parse-policy.ts";
import type { Audience } from "../../../src/policy/share/audience.ts";
import { describeShare } from "../../../src/policy/share/describe-share.ts";
import { permit, type ShareDraft, writeShare } from "../../../src/policy/share/write-share.ts";
import { NOW, policy } from "../support.ts";

const audience = fc.constantFrom<Audience>(
  { kind: "everybody" },
  { kind: "address", address: "lee@example.com", vouchers: null },
  { kind: "address", address: "lee@example.com", vouchers: ["https://id.example"] },
  { kind: "domain", domain: "example.com", vouchers: null },
  { kind: "person", issuer: "https://id.example", subject: "s-1" },
  { kind: "group", groupId: "g" },
  { kind: "app", clientId: "a" },
);
const draft: fc.Arbitrary<ShareDraft> = fc.record({
  whom: audience,
  target: fc.constantFrom({ resources: ["r1", "r2"] }, { type: "photo" }, { all: true } as const),
  scopes: fc.constantFrom("all" as const, ["view"], ["view", "print"]),
  until: fc.option(fc.integer({ min: NOW, max: NOW + 10_000_000 })),
  asksFirst: fc.boolean(),
  agreement: fc.option(fc.constant({ title: "Rules", text: "Be kind." })),
});

it("a share is read as it was written, and may be written", () => {
  fc.assert(
    fc.property(draft, ({ whom, ...rest }) => {
      const document = parsePolicy(writeShare({ whom, ...rest }));
      expect(describeShare(document)).toMatchObject({ kind: "share", effect: "permit", whom: [whom], ...rest });
    }),
  );
});

it("a changed share keeps what was not changed", () => {
  const former = policy({
    name: "Doctors",
    who: { group: "g" },
    when: { not_before: "2027-01-01T00:00:00Z", expires: "2027-06-30T00:00:00Z" },
    terms: { approval: true, signed_in_within: 60 },
  }).document;
  expect(permit(former, { scopes: ["view"], until: null, asksFirst: false })).toEqual({
    ...former,
    scopes: ["view"],
    when: { not_before: "2027-01-01T00:00:00Z" },
    terms: { signed_in_within: 60 },
  });
  const shortest = policy({ when: { expires: "2027-06-30T00:00:00Z" }, terms: { approval: true } }).document;
  expect(permit(shortest, { scopes: "all", until: null, asksFirst: false })).toEqual(policy().document);
});
