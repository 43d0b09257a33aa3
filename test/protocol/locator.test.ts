import { describe, expect, it } from "vitest";
import {
  parseRefreshLocator,
  parseRptLocator,
  type RefreshLocator,
  type RptLocator,
  refreshStatement,
  rptStatement,
} from "../../src/protocol/locator.ts";

const RPT: RptLocator = {
  ledger: "alice",
  grantId: "g1",
  clientId: "c1",
  issuedAt: 1_000,
  expiresAt: 1_300,
  scopes: ["view"],
  confirmation: null,
};
const REFRESH: RefreshLocator = { ledger: "alice", grantId: "g1", generation: 3, confirmation: null, audience: null };

const BOUND = [{ jkt: "k".repeat(43) }, { "x5t#S256": "c".repeat(43) }];

/** What a seal gives back. */
const opened = (statement: unknown): unknown => JSON.parse(JSON.stringify(statement));

describe("a locator", () => {
  it("is the same when it comes out of its seal", () => {
    expect(parseRptLocator(opened(rptStatement(RPT)))).toEqual(RPT);
    expect(parseRptLocator(opened(rptStatement({ ...RPT, scopes: null })))).toEqual({ ...RPT, scopes: null });
    expect(parseRptLocator(opened(rptStatement({ ...RPT, scopes: [] })))).toEqual({ ...RPT, scopes: [] });
    expect(parseRefreshLocator(opened(refreshStatement(REFRESH)))).toEqual(REFRESH);
  });

  it.each(BOUND)("keeps what its bearer has to prove: %j", (confirmation) => {
    const bound = { ...RPT, confirmation };
    expect(parseRptLocator(opened(rptStatement(bound)))).toEqual(bound);
    const refresh = { ...REFRESH, confirmation };
    expect(parseRefreshLocator(opened(refreshStatement(refresh)))).toEqual(refresh);
  });

  it.each([null, ...BOUND])("keeps by which names its grant was asked for, bound or not: %j", (confirmation) => {
    const refresh = {
      ...REFRESH,
      confirmation,
      audience: [{ resourceId: "r1", location: "https://mcp.example/mcp", isItself: true }],
    };
    expect(parseRefreshLocator(opened(refreshStatement(refresh)))).toEqual(refresh);
  });

  it.each([{}, { jkt: "short" }, { kid: "k" }, { ...BOUND[0], ...BOUND[1] }, "text"])(
    "is none where its bearer has to prove what nobody here knows: %j",
    (unknown) => {
      expect(parseRptLocator([...rptStatement(RPT), unknown])).toBeNull();
      expect(parseRefreshLocator([...refreshStatement(REFRESH), unknown])).toBeNull();
    },
  );

  it("is none when the seal did not open", () => {
    expect(parseRptLocator(null)).toBeNull();
    expect(parseRefreshLocator(null)).toBeNull();
  });

  it.each([...rptStatement(RPT).keys()])("of an RPT is none with anything else at place %i", (place) => {
    const statement: unknown[] = rptStatement(RPT);
    expect(parseRptLocator(statement.toSpliced(place, 1, { odd: true }))).toBeNull();
    expect(parseRptLocator(statement.slice(0, place))).toBeNull();
  });

  it("of an RPT is none with anything but texts for scopes", () => {
    expect(parseRptLocator([...rptStatement(RPT).slice(0, -1), [5]])).toBeNull();
  });

  it.each([...refreshStatement(REFRESH).keys()])(
    "of a refresh token is none with anything else at place %i",
    (place) => {
      const statement: unknown[] = refreshStatement(REFRESH);
      expect(parseRefreshLocator(statement.toSpliced(place, 1, { odd: true }))).toBeNull();
      expect(parseRefreshLocator(statement.slice(0, place))).toBeNull();
    },
  );
});
