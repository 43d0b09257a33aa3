import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Change } from "../../src/ledger/change.ts";
import { isForeseeable } from "../../src/ledger/foresight.ts";
import type { RecordExcerpt } from "../../src/ledger/record.ts";
import { DEFAULT_QUOTAS } from "../../src/shared/quotas.ts";
import { D1ClientStore } from "../../src/storage/d1/clients.ts";
import { D1SystemOfRecord } from "../../src/storage/d1/system-of-record.ts";
import { FaultyRecord } from "../support/faulty-record.ts";
import { permit } from "../support/ledger-stage.ts";
import { givenResource, numbered } from "../support/numbered-change.ts";
import { givenOwner, someClient } from "../support/workerd/records.ts";

const RS = "rs1";
/** So few that a history meets them. */
const QUOTAS = { ...DEFAULT_QUOTAS, policiesPerOwner: 1 };

const kind = <const Kind extends Change["kind"]>(name: Kind) => ({ kind: fc.constant(name) });
const id = fc.constantFrom("p1", "p2", "p3");
const expected = fc.constantFrom("absent" as const, "any" as const, 1, 2);
const target = fc.constantFrom({ all: true } as const, { type: "picture" }, { resources: ["photo"] });
const who = fc.constantFrom({ anyone: true } as const, { group: "g" });
const groupId = fc.constant("g");
const members = fc.constantFrom([], [{ email: "bob@example.com" }]);
const resource = { id: fc.constantFrom("photo", "album"), resourceServerId: fc.constantFrom(RS, "rs2") };
/** The same changes, some of them meant for one version. */
const onVersion = <T>(changes: fc.Arbitrary<T>) =>
  fc.tuple(changes, fc.constantFrom({}, { version: 1 }, { version: 2 })).map(([change, on]) => ({ ...change, ...on }));
const description = fc.constantFrom({ resource_scopes: ["view"] }, { resource_scopes: ["print"], type: "picture" });
const clientId = fc.constantFrom("c1", "c2", "gone");

const aChange: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ ...kind("put_policy"), id, document: fc.record({ target, who }).map(permit), expected }),
  },
  fc.record({ ...kind("delete_policy"), id, expected }),
  fc.record({ ...kind("put_group"), id: groupId, document: fc.record({ name: id, members }), expected }),
  fc.record({ ...kind("delete_group"), id: groupId, expected }),
  onVersion(fc.record({ ...kind("update_resource"), ...resource, description })),
  onVersion(fc.record({ ...kind("delete_resource"), ...resource })),
  fc.record({ ...kind("put_connection"), clientId, scopes: fc.constant([]) }),
  fc.record({ ...kind("end_connection"), clientId, resources: fc.constantFrom("keep" as const, "remove" as const) }),
  fc.record({ ...kind("end_connection"), clientId: fc.constant(RS), resources: fc.constant("remove" as const) }),
  fc.record({ ...kind("put_connection"), clientId: fc.constant(RS), scopes: fc.constant([]) }),
  fc.record({ ...kind("revoke_token"), clientId, tokenId: fc.constantFrom("t1", "t2"), expiresAt: fc.constant(2e9) }),
);

/** An owner in D1 and in a twin, with the same resources. */
async function givenBoth() {
  const record = new D1SystemOfRecord(env.DB, QUOTAS);
  const twin = new FaultyRecord();
  twin.quotas = QUOTAS;
  const owner = (await givenOwner()).id;
  const ids = [
    await givenResource(owner, `${owner}-${RS}`, "picture", `${owner}-photo`),
    await givenResource(owner, `${owner}-${RS}`, null, `${owner}-album`),
  ];
  const clients = new D1ClientStore(env.DB);
  for (const name of ["c1", "c2", RS]) await clients.insert(someClient({ id: `${owner}-${name}` }));
  const { resources } = await record.load(owner, ids);
  const removedClients = [`${owner}-gone`];
  twin.content = {
    ...twin.content,
    removedClients,
    resources: Object.fromEntries(resources.map((one) => [one.id, one])),
  };
  return { record, twin, owner, ids };
}

/** The same words with ids of this owner, because ids are unique in D1. */
function localized<T>(value: T, owner: string): T {
  const text = JSON.stringify(value).replaceAll(
    /"(p1|p2|p3|g|photo|album|c1|c2|gone|rs1)"/g,
    (_match, name) => `"${owner}-${name}"`,
  );
  return JSON.parse(text) as T;
}

it("the twin of the system of record says what D1 says and holds what D1 holds", async () => {
  const property = fc.asyncProperty(fc.array(aChange, { minLength: 1, maxLength: 12 }), async (changes) => {
    const { record, twin, owner, ids } = await givenBoth();
    for (const [index, change] of changes.entries()) {
      const one = numbered(index + 1, localized(change, owner));
      if (isForeseeable(one.change)) {
        expect(await twin.foresee(owner, one.change)).toEqual(await record.foresee(owner, one.change));
      }
      expect(await twin.apply(owner, [one])).toEqual(await record.apply(owner, [one]));
      expect(await twin.recall(owner, one)).toEqual(await record.recall(owner, one));
    }
    const left = ids.filter((id) => id in twin.content.resources);
    if (left.length > 0) expect(inOrder(await twin.load(owner, left))).toEqual(inOrder(await record.load(owner, left)));
  });
  await fc.assert(property, { numRuns: 25, seed: 20_270_303 });
});

function inOrder({ epoch, ...excerpt }: RecordExcerpt) {
  const byId = <T extends { readonly id: string }>(list: readonly T[]) =>
    [...list].sort((one, other) => one.id.localeCompare(other.id));
  return { epoch, resources: byId(excerpt.resources), policies: byId(excerpt.policies), groups: byId(excerpt.groups) };
}
