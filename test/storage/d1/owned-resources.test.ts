import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { ConnectedCaller } from "../../../src/protocol/connection.ts";
import { ProtocolError } from "../../../src/shared/error.ts";
import { D1OwnedResourceStore } from "../../../src/storage/d1/owned-resources.ts";
import { givenCaller } from "../../support/workerd/records.ts";

const store = () => new D1OwnedResourceStore(env.DB);

const page = async (caller: ConnectedCaller, cursor: string | null, limit: number, text: string | null = null) => {
  const listed = await store().list(caller, { cursor, limit, text });
  if (!listed.standing) throw new Error("the connection does not stand");
  return listed.value;
};

/** Every page, however little is on it, as a client that follows `next` sees them. */
async function walk(caller: ConnectedCaller, limit: number, text: string | null = null) {
  const pages: (readonly string[])[] = [];
  let cursor: string | null = null;
  do {
    const { items, next } = await page(caller, cursor, limit, text);
    pages.push(items.map(({ name }) => name ?? ""));
    cursor = next;
  } while (cursor !== null);
  return pages;
}

/** So many resources of one server, named "Report 1" and so on, in the order of their ids. */
async function givenReports({ ownerId, clientId }: ConnectedCaller, count: number, name = "Report"): Promise<void> {
  const insert = `
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?3)
    INSERT INTO resources (id, owner_id, resource_server_id, type, scopes, description, created_at)
    SELECT printf('%s-%s-%05d', ?2, ?4, n), ?1, ?2, NULL, '["view"]',
      json_object('name', ?4 || ' ' || n, 'resource_scopes', json('["view"]')), 0 FROM counted`;
  await env.DB.prepare(insert).bind(ownerId, clientId, count, name).run();
}

describe("an owner's resources", () => {
  it("are listed by resource server, each on one page", async () => {
    const one = await givenCaller();
    const other = await givenCaller({ ownerId: one.ownerId });
    await givenReports(other, 2, "Scan");
    await givenReports(one, 3);
    expect(await walk(one, 2)).toEqual([["Report 1", "Report 2"], ["Report 3", "Scan 1"], ["Scan 2"]]);
    expect(await walk(one, 5)).toEqual([["Report 1", "Report 2", "Report 3", "Scan 1", "Scan 2"]]);
    expect(await walk(await givenCaller(), 5)).toEqual([[]]);
  });

  it("are found by what their names contain, A to Z in either case", async () => {
    const caller = await givenCaller();
    await givenReports(caller, 12);
    expect(await walk(caller, 50, "rEPORT 1")).toEqual([["Report 1", "Report 10", "Report 11", "Report 12"]]);
    expect(await walk(caller, 3, "rt 1")).toEqual([["Report 1", "Report 10", "Report 11"], ["Report 12"]]);
    expect(await walk(caller, 50, "%")).toEqual([[]]);
  });

  it("are searched a thousand at a time, and the next page goes on from there", async () => {
    const caller = await givenCaller();
    await givenReports(caller, 2_100);
    expect(await walk(caller, 50, "Report 2100")).toEqual([[], [], ["Report 2100"]]);
    expect(await walk(caller, 50, "Report 1000")).toEqual([["Report 1000"], [], []]);
    expect((await walk(caller, 200, "Report")).flat()).toHaveLength(2_100);
  });

  it.each(["", "x", "a.b.c", "a.", "a' OR 1=1.b"])("refuse the cursor %j", async (cursor) => {
    await expect(page(await givenCaller(), cursor, 5)).rejects.toBeInstanceOf(ProtocolError);
  });
});
