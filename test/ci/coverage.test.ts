import { describe, expect, it } from "vitest";
import { claimsOf, compare, parseTable } from "../../.ci/coverage.mjs";

const requirement = (id: string) => ({ id, source: "UMA-Grant 1", level: "MUST", actor: "AS", requirement: "Do it." });
const claimed = (text: string) => claimsOf("test/a.test.ts", text).map(({ id }) => id);

describe("requirements and their tests", () => {
  it("reads one id, or several, from the start of a title", () => {
    expect(claimed('it("G-5.5-single-use two at once", f)')).toEqual(["G-5.5-single-use"]);
    expect(claimed("test(`F-4-array, O-6749-3.2-post-only both`, f)")).toEqual(["F-4-array", "O-6749-3.2-post-only"]);
  });

  it("reads the rows of a table of cases", () => {
    const rows = 'it.each([["O-OIDC-3.1.3.7-iss other", 1], ["O-OIDC-3.1.3.7-aud other", 2]])("%s", f)';
    expect(claimed(rows)).toEqual(["O-OIDC-3.1.3.7-iss", "O-OIDC-3.1.3.7-aud"]);
  });

  it("takes no claim from a comment or from the middle of a title", () => {
    expect(claimed('// it("G-1-a x")\nit("two at once (G-5.5-single-use)", f)')).toEqual([]);
  });

  it("says which test names an id that does not exist", () => {
    const { problems } = compare([requirement("G-1-a")], [], [{ id: "G-1-b", file: "test/a.test.ts" }]);
    expect(problems).toEqual(["test/a.test.ts: no requirement is called G-1-b"]);
  });

  it("refuses an id that two files claim, and takes several claims in one", () => {
    const elsewhere = { id: "G-1-a", file: "test/b.test.ts" };
    const home = claimsOf("test/a.test.ts", 'it("G-1-a one way", f); it("G-1-a the other way", f)');
    expect(compare([requirement("G-1-a")], [], home).problems).toEqual([]);
    expect(compare([requirement("G-1-a")], [], [...home, elsewhere]).problems).toEqual([
      "G-1-a is claimed in test/a.test.ts and test/b.test.ts; one of them is its home",
    ]);
  });

  it.each([
    ["an unknown id", { id: "G-9-z", reason: "why" }, /no requirement called G-9-z/],
    ["no reason", { id: "G-1-a", reason: "" }, /gives no reason/],
    ["a test after all", { id: "G-2-b", reason: "why" }, /has a test/],
  ])("refuses a not applicable row with %s", (_title, row, message) => {
    const requirements = [requirement("G-1-a"), requirement("G-2-b")];
    const { problems } = compare(requirements, [row], [{ id: "G-2-b", file: "test/a.test.ts" }]);
    expect(problems.join()).toMatch(message);
  });

  it("joins each requirement with its tests or its reason", () => {
    const requirements = parseTable("id\tlevel\nG-1-a\tMUST\nG-2-b\tMAY\nG-3-c\tMUST\n").map(({ id = "" }) =>
      requirement(id),
    );
    const claims = [{ id: "G-1-a", file: "test/a.test.ts" }];
    const { lines } = compare(requirements, [{ id: "G-2-b", reason: "why" }], claims);
    expect(lines.map(({ files, reason }) => [files.length, reason])).toEqual([
      [1, null],
      [0, "why"],
      [0, null],
    ]);
  });
});
