import { describe, expect, it } from "vitest";
import { readConfig } from "../../../src/config.ts";
import type { ListedKey } from "../../../src/keys/key.ts";
import { type CheckStatus, worstOf } from "../../../src/operations/administer/check.ts";
import {
  reviewClock,
  reviewKeys,
  reviewMail,
  reviewMigrations,
  reviewSettings,
} from "../../../src/operations/administer/server-review.ts";

const [SECRET, ANOTHER] = ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"];
const GOOD = { ISSUER: "https://as.example", ADMIN_SECRET: SECRET, KEY_ENCRYPTION_KEY: ANOTHER };
const DAY = 86_400;

describe("the settings", () => {
  const review = (settings: object) => reviewSettings(readConfig({ ...GOOD, ...settings }));

  it("are fine as they are by default, once a deployment has its own", () => {
    expect(review({})).toEqual([{ check: "settings", status: "ok", message: expect.any(String) }]);
    for (const settings of [
      { PROFILE: "strict" },
      { PROFILE: "lenient" },
      { DPOP_NONCES: "required" },
      { SIGNING_ALGORITHM: "RS256" },
    ]) {
      expect(review(settings)).toMatchObject([{ status: "ok" }]);
    }
    expect(review({ TICKET_LIFETIME: "60", RPT_LIFETIME: "31", PAT_LIFETIME: "60" })).toMatchObject([{ status: "ok" }]);
  });

  it.each<[string, object]>([
    ["ISSUER", { ISSUER: "http://localhost:8787" }],
    ["ISSUER", { ISSUER: "https://127.0.0.1" }],
    ["KEY_ENCRYPTION_KEY", { KEY_ENCRYPTION_KEY: undefined }],
    ["KEY_ENCRYPTION_KEY", { KEY_ENCRYPTION_KEY: SECRET }],
    ["KEY_ENCRYPTION_KEY_PREVIOUS", { KEY_ENCRYPTION_KEY_PREVIOUS: SECRET }],
    ["ADMIN_SECRET_PREVIOUS", { ADMIN_SECRET_PREVIOUS: ANOTHER }],
    ["PROFILE", { PROFILE: "strict", DPOP_NONCES: "unused" }],
    ["PROFILE", { PROFILE: "lenient", OPENID_SCOPE: "refuse" }],
    ["SIGNING_ALGORITHM", { PROFILE: "strict", SIGNING_ALGORITHM: "RS256" }],
    ["TICKET_LIFETIME", { TICKET_LIFETIME: "59" }],
    ["RPT_LIFETIME", { RPT_LIFETIME: "30" }],
    ["PAT_LIFETIME", { PAT_LIFETIME: "299" }],
  ])("are worth a word about %s: %j", (subject, settings) => {
    const checks = review(settings);
    const message = expect.stringMatching(new RegExp(`^${subject} is `));
    expect(checks).toEqual([{ check: "settings", status: "warning", message, subject }]);
    expect(JSON.stringify(checks)).not.toMatch(new RegExp(`${SECRET}|${ANOTHER}`));
  });

  it("are named where they keep the server from its profile", () => {
    const [check] = review({ PROFILE: "strict", DPOP_NONCES: "unused", CLIENT_AUTHENTICATION: "confidential" });
    expect(check?.message).toContain("chooses otherwise (DPOP_NONCES, CLIENT_AUTHENTICATION):");
  });

  it("are told one by one", () => {
    const subjects = review({ KEY_ENCRYPTION_KEY: undefined, TICKET_LIFETIME: "30" }).map(({ subject }) => subject);
    expect(subjects).toEqual(["KEY_ENCRYPTION_KEY", "TICKET_LIFETIME"]);
  });
});

describe("mail", () => {
  it.each<[string, string | null, boolean, CheckStatus, RegExp]>([
    ["goes out", "usher@as.example", true, "ok", /from usher@as\.example$/],
    ["stays on this machine", null, true, "ok", /\/development\/mailbox/],
    ["has no sender", null, false, "warning", /^MAIL_FROM is not set/],
    ["has no binding", "usher@as.example", false, "error", /no binding MAIL/],
  ])("%s", (_, mailFrom, isAvailable, status, message) => {
    expect(reviewMail({ mailFrom }, { isAvailable })).toMatchObject({
      status,
      message: expect.stringMatching(message),
    });
  });
});

describe("the migrations", () => {
  const needed = ["0001_a.sql", "0002_b.sql"];

  it.each<[string, readonly string[] | null, CheckStatus, RegExp]>([
    ["are all there", needed, "ok", /^all 2 are applied$/],
    ["are all missing", null, "error", /0001_a\.sql, 0002_b\.sql.*wrangler d1 migrations apply/],
    ["are there but one", ["0001_a.sql"], "error", /no note of 0002_b\.sql:/],
    ["are more than are known", [...needed, "0003_c.sql"], "warning", /0003_c\.sql, which this version does not know/],
    ["are others", ["0003_c.sql"], "error", /0001_a\.sql, 0002_b\.sql/],
  ])("%s", (_, applied, status, message) => {
    expect(reviewMigrations(needed, applied)).toMatchObject({ status, message: expect.stringMatching(message) });
  });
});

it.each<[number, CheckStatus, RegExp]>([
  [0, "ok", /agree/],
  [30, "ok", /agree/],
  [-30, "ok", /agree/],
  [31, "error", /is 31 seconds ahead of D1's/],
  [-31, "error", /is 31 seconds behind D1's/],
])("a clock %i seconds off is told as %s", (seconds, status, message) => {
  expect(reviewClock(1_000_000 + seconds, 1_000_000)).toMatchObject({
    status,
    message: expect.stringMatching(message),
  });
});

describe("the keys", () => {
  const made = Date.UTC(2026, 0, 1) / 1_000;
  const key = (use: ListedKey["use"], more: Partial<ListedKey> = {}): ListedKey => ({
    ...{ kid: use, use, alg: use === "sign" ? "ES256" : "A256GCM", useFrom: made, retireAt: null, expiresAt: null },
    sealedUnder: ["KEY_ENCRYPTION_KEY"],
    ...more,
  });
  const RING = [key("sign"), key("seal"), key("pairwise", { useFrom: 0 })];
  const told = (keys: readonly ListedKey[], days: number) => reviewKeys(keys, made + days * DAY);

  it("are fine until their successors are two days late", () => {
    expect(told(RING, 0)).toMatchObject({
      status: "ok",
      message: "ES256 signs; the next rotation is due on 2026-01-31",
    });
    expect(told(RING, 31.9)).toMatchObject({ status: "ok" });
    expect(told(RING, 32)).toMatchObject({ status: "warning", message: expect.stringMatching(/due on 2026-01-31/) });
  });

  it("are late as soon as one use is, and not for the old keys beside the new", () => {
    const renewed = [key("sign"), key("sign", { useFrom: made + 30 * DAY, alg: "EdDSA" }), key("pairwise")];
    expect(told([...renewed, key("seal")], 32)).toMatchObject({ status: "warning" });
    expect(told([...renewed, key("seal"), key("seal", { useFrom: made + 30 * DAY })], 32)).toMatchObject({
      status: "ok",
      message: expect.stringMatching(/^EdDSA signs/),
    });
  });

  it("may be unsealed, and may yet have to be made", () => {
    expect(told([key("sign", { sealedUnder: null }), key("seal", { sealedUnder: null })], 0).status).toBe("ok");
    expect(told([], 0)).toMatchObject({ status: "ok", message: expect.stringMatching(/none yet/) });
  });

  it("are of no use when no secret opens them", () => {
    const locked = told([key("sign"), key("seal", { sealedUnder: [] })], 0);
    expect(locked).toMatchObject({
      status: "error",
      message: expect.stringMatching(/^KEY_ENCRYPTION_KEY does not open/),
    });
  });
});

it.each<[readonly CheckStatus[], CheckStatus]>([
  [[], "ok"],
  [["ok", "ok"], "ok"],
  [["ok", "warning", "ok"], "warning"],
  [["error", "warning", "ok"], "error"],
])("of %j the worst is %s", (all, worst) => {
  expect(worstOf(all.map((status) => ({ check: "x", status, message: "" })))).toBe(worst);
});
