import { describe, expect, it } from "vitest";
import { ExcerptCache, splitByResource } from "../../src/ledger/excerpt-cache.ts";
import type { Group, Policy } from "../../src/policy/language/policy.ts";
import { permit } from "../support/ledger-stage.ts";

/** 500 members of 240 characters: a group as large as one may be. */
function largeGroup(id: string): Group {
  const members = Array.from({ length: 500 }, (_, index) => ({ email: `${index}${"m".repeat(200)}@example.com` }));
  return { id, version: 1, document: { name: id, members } };
}

describe("what is kept of the record", () => {
  it("is bounded in memory also where few policies name large groups", () => {
    const ids = Array.from({ length: 20 }, (_, index) => `group-${index}`);
    const document = permit({ who: { any: ids.map((group) => ({ group })) } });
    const policies: readonly Policy[] = [{ id: "policy", version: 1, document }];
    const groups = ids.map(largeGroup);
    const characters = JSON.stringify(groups).length;
    const cache = new ExcerptCache();
    const resourceIds = Array.from({ length: 100 }, (_, index) => `resource-${index}`);
    for (const id of resourceIds) {
      const resource = { id, resourceServerId: "rs1", type: null, collections: [], scopes: ["view"] };
      for (const excerpt of splitByResource({ epoch: 1, resources: [resource], policies, groups })) cache.keep(excerpt);
    }
    const kept = resourceIds.filter((id) => cache.find(id) !== null);
    expect(kept).toContain("resource-99");
    expect(kept.length * characters).toBeLessThan(20_000_000);
  });
});
