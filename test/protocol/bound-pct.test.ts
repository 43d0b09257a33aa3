import { describe, expect, it } from "vitest";
import { boundPctStatement, parseBoundPct } from "../../src/protocol/bound-pct.ts";

const throughJson = (statement: unknown): unknown => JSON.parse(JSON.stringify(statement));

describe("a PCT that is bound", () => {
  it.each([{ jkt: "k".repeat(43) }, { "x5t#S256": "c".repeat(43) }])("is read as it was sealed: %j", (confirmation) => {
    const pct = { secret: "s", confirmation };
    expect(parseBoundPct(throughJson(boundPctStatement(pct)))).toEqual(pct);
  });

  it.each([null, [], ["s"], ["s", null], [5, { jkt: "k".repeat(43) }], ["s", { jkt: "short" }], "s"])(
    "is not %j",
    (statement) => {
      expect(parseBoundPct(statement)).toBeNull();
    },
  );
});
