import { beforeAll, describe, expect, it } from "vitest";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

let alice: Scene;
let mallory: Scene;
beforeAll(async () => {
  [alice, mallory] = await Promise.all([Scene.open(world), Scene.open(world)]);
});

const POLICY = {
  name: "Bob",
  effect: "permit",
  target: { all: true },
  scopes: ["view"],
  who: { claim: "email", equals: "bob@example.com" },
};
const GROUP = { name: "Family", members: [{ email: "bob@example.com" }] };

/** Every call of the owner's API, each with a body that would be in order. */
const CALLS: [method: string, path: string, json?: object][] = [
  ["GET", "/policies"],
  ["POST", "/policies", POLICY],
  ["POST", "/preview", POLICY],
  ["GET", "/policies/AAAAAAAAAAAAAAAAAAAAAA"],
  ["PUT", "/policies/AAAAAAAAAAAAAAAAAAAAAA", POLICY],
  ["DELETE", "/policies/AAAAAAAAAAAAAAAAAAAAAA"],
  ["GET", "/groups"],
  ["POST", "/groups", GROUP],
  ["GET", "/groups/AAAAAAAAAAAAAAAAAAAAAA"],
  ["PUT", "/groups/AAAAAAAAAAAAAAAAAAAAAA", GROUP],
  ["DELETE", "/groups/AAAAAAAAAAAAAAAAAAAAAA"],
  ["GET", "/apps"],
  ["GET", "/grants"],
  ["DELETE", "/grants/AAAAAAAAAAAAAAAAAAAAAA"],
  ["GET", "/resources"],
  ["GET", "/resources/AAAAAAAAAAAAAAAAAAAAAA"],
  ["GET", "/resources/AAAAAAAAAAAAAAAAAAAAAA/access"],
  ["POST", "/explain", { resource_id: "some", client_id: "app" }],
  ["GET", "/activity"],
  ["POST", "/withdrawals", { everyone: true }],
];

describe.each(CALLS)("%s /owner%s", (method, path, json) => {
  const ask = (bearer?: string) =>
    world.send(method, `/owner${path}`, {
      ...(bearer === undefined ? {} : { bearer }),
      ...(json === undefined ? {} : { json }),
    });

  it("needs an access token of the owner's tool", async () => {
    expect((await ask()).status).toBe(401);
    expect((await ask("nonsense")).body).toMatchObject({ error: "invalid_token" });
  });

  it("is not for a resource server: its PAT has another scope", async () => {
    const answer = await ask(alice.pat);
    expect(answer).toMatchObject({ status: 403, body: { error: "insufficient_scope" } });
    expect(answer.headers.get("www-authenticate")).toContain('scope="uma_policy"');
  });

  it("is over when the tool's connection has ended", async () => {
    const carol = await Scene.open(world);
    await carol.disconnectTool();
    expect(await ask(carol.tool)).toMatchObject({ status: 401, body: { error: "invalid_token" } });
  });
});

describe.each([
  ["policies", "policy", "policy_id", POLICY, { ...POLICY, scopes: "all" }],
  ["groups", "group", "group_id", GROUP, { ...GROUP, members: [] }],
] as const)("the owner's %s", (path, member, identifier, document, other) => {
  const create = async (owner: Scene) => String((await owner.ask("POST", `/${path}`, document)).body[identifier]);

  it("are made, read, replaced and deleted", async () => {
    const made = await alice.ask("POST", `/${path}`, document);
    expect(made).toMatchObject({ status: 201, body: { version: 1, [member]: document } });
    const id = String(made.body[identifier]);
    expect(made.headers.get("location")).toMatch(new RegExp(`/owner/${path}/${id}$`));
    expect(made.headers.get("etag")).toBe('"1"');
    const read = await alice.ask("GET", `/${path}/${id}`);
    expect(read.body).toEqual(made.body);
    const replaced = await alice.ask("PUT", `/${path}/${id}`, other);
    expect(replaced).toMatchObject({ status: 200, body: { version: 2, [member]: other } });
    expect((await alice.ask("GET", `/${path}/${id}`)).headers.get("etag")).toBe('"2"');
    expect((await alice.ask("DELETE", `/${path}/${id}`)).status).toBe(204);
    expect((await alice.ask("GET", `/${path}/${id}`)).status).toBe(404);
    expect((await alice.ask("DELETE", `/${path}/${id}`)).status).toBe(404);
    expect((await alice.ask("PUT", `/${path}/${id}`, document)).status).toBe(404);
  });

  it("are changed as the version they were read in, or not at all", async () => {
    const id = await create(alice);
    await alice.ask("PUT", `/${path}/${id}`, other, { "If-Match": '"1"' });
    for (const tag of ['"1"', '"3"', 'W/"1"', "2", '"1", "3"', "x", '"x"', '"2', ","]) {
      const late = await alice.ask("PUT", `/${path}/${id}`, document, { "If-Match": tag });
      expect(late).toMatchObject({ status: 412, body: { error: "precondition_failed" } });
      expect((await alice.ask("DELETE", `/${path}/${id}`, undefined, { "If-Match": tag })).status).toBe(412);
    }
    expect((await alice.ask("GET", `/${path}/${id}`)).body).toMatchObject({ version: 2, [member]: other });
    expect((await alice.ask("PUT", `/${path}/${id}`, document, { "If-Match": "*" })).status).toBe(200);
    expect((await alice.ask("DELETE", `/${path}/${id}`, undefined, { "If-Match": '"3"' })).status).toBe(204);
  });

  it.each(['W/"1"', '"7", "1"', 'W/"7" , ,W/"1"', '"a,b","1"', ' "1" '])(
    "are changed under the conditions that HTTP knows: If-Match: %s",
    async (tags) => {
      const id = await create(alice);
      const replaced = await alice.ask("PUT", `/${path}/${id}`, other, { "If-Match": tags });
      expect(replaced).toMatchObject({ status: 200, body: { version: 2 } });
      expect((await alice.ask("PUT", `/${path}/${id}`, other, { "If-Match": tags })).status).toBe(412);
      const next = tags.replace("1", "2");
      expect((await alice.ask("DELETE", `/${path}/${id}`, undefined, { "If-Match": next })).status).toBe(204);
    },
  );

  it("are not replaced or deleted where they must not be there (If-None-Match)", async () => {
    const id = await create(alice);
    for (const tag of ["*", '"1"', 'W/"1", "7"']) {
      for (const method of ["PUT", "DELETE"]) {
        const refused = await alice.ask(method, `/${path}/${id}`, method === "PUT" ? other : undefined, {
          "If-None-Match": tag,
        });
        expect(refused).toMatchObject({ status: 412, body: { error: "precondition_failed" } });
      }
    }
    expect((await alice.ask("GET", `/${path}/${id}`)).body.version).toBe(1);
    const replaced = await alice.ask("PUT", `/${path}/${id}`, other, { "If-None-Match": '"2"' });
    expect(replaced).toMatchObject({ status: 200, body: { version: 2 } });
    const nowhere = `/${path}/AAAAAAAAAAAAAAAAAAAAAA`;
    expect((await alice.ask("PUT", nowhere, other, { "If-None-Match": "*" })).status).toBe(404);
  });

  it("are nobody else's to see or touch", async () => {
    const id = await create(alice);
    for (const [method, json] of [["GET"], ["PUT", document], ["DELETE"]] as const) {
      expect(await mallory.ask(method, `/${path}/${id}`, json)).toMatchObject({
        status: 404,
        body: { error: "not_found" },
      });
    }
    const listed = (await mallory.ask("GET", `/${path}?limit=200`)).body.items ?? [];
    expect(listed.map((item) => item[identifier])).not.toContain(id);
    expect((await alice.ask("GET", `/${path}/${id}`)).body).toMatchObject({ version: 1 });
  });

  it("are listed page by page", async () => {
    const owner = await Scene.open(world);
    const made = [await create(owner), await create(owner), await create(owner)];
    const first = await owner.ask("GET", `/${path}?limit=2`);
    const second = await owner.ask("GET", `/${path}?limit=2&cursor=${first.body.next}`);
    expect(second.body.next).toBeUndefined();
    const listed = [...(first.body.items ?? []), ...(second.body.items ?? [])];
    expect(listed.map((item) => item[identifier]).sort()).toEqual([...made].sort());
  });

  it("are made once however often the same request is sent under one key", async () => {
    const owner = await Scene.open(world);
    const key = { "Idempotency-Key": "4711" };
    const first = await owner.ask("POST", `/${path}`, document, key);
    const again = await owner.ask("POST", `/${path}`, document, key);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    await owner.ask("POST", `/${path}`, other, key);
    expect((await owner.ask("GET", `/${path}`)).body.items).toHaveLength(2);
  });

  it("change once however often the same change is sent under one key", async () => {
    const id = await create(alice);
    const key = { "Idempotency-Key": "change-1", "If-Match": '"1"' };
    await alice.ask("PUT", `/${path}/${id}`, other, key);
    expect(await alice.ask("PUT", `/${path}/${id}`, other, key)).toMatchObject({ status: 200, body: { version: 2 } });
  });

  it.each(["", "a b", "x".repeat(256)])("are not made under the key %j", async (key) => {
    const headers = { "Idempotency-Key": key };
    expect((await alice.ask("POST", `/${path}`, document, headers)).status).toBe(400);
  });

  it("are refused with a word on what is wrong and where", async () => {
    const answer = await alice.ask("POST", `/${path}`, { ...document, colour: "red" });
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(answer.body.error_description).toContain("colour");
    expect((await world.send("POST", `/owner/${path}`, { bearer: alice.tool, form: { name: "x" } })).status).toBe(400);
  });
});

it("a policy comes with the sentence that it means", async () => {
  const { body } = await alice.ask("POST", "/policies", POLICY);
  expect(body.sentence).toMatch(/^Permits view on every resource .*bob@example.com/);
});

describe("a withdrawal", () => {
  it.each([{ everyone: true }, { client_id: "app" }, { party: "someone" }, { resource_id: "album" }])(
    "of %j is done when it is answered, and stands in the activity log",
    async (json) => {
      const owner = await Scene.open(world);
      expect((await owner.ask("POST", "/withdrawals", json)).status).toBe(204);
      const { body } = await owner.ask("GET", "/activity");
      expect(body.items?.[0]).toMatchObject({ kind: "cut" });
    },
  );

  it.each([{}, { everyone: false }, { everyone: true, party: "x" }, { party: "" }, { client_id: 1 }, { owner: "x" }])(
    "of %j is refused",
    async (json) => {
      expect((await alice.ask("POST", "/withdrawals", json)).status).toBe(400);
    },
  );
});

describe("the activity log", () => {
  it("is read newest first, page by page", async () => {
    const owner = await Scene.open(world);
    for (let n = 0; n < 3; n++) await owner.ask("POST", "/withdrawals", { client_id: `app-${n}` });
    const first = await owner.ask("GET", "/activity?limit=2");
    const second = await owner.ask("GET", `/activity?limit=2&before=${first.body.next}`);
    const entries = [...(first.body.items ?? []), ...(second.body.items ?? [])];
    expect(entries.length).toBeGreaterThanOrEqual(3);
    const ids = entries.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(["before=x", "before=-1", "limit=0", "limit=1000"])("refuses the page ?%s", async (query) => {
    expect((await alice.ask("GET", `/activity?${query}`)).status).toBe(400);
  });
});

it("the schema of policies is public", async () => {
  const { status, headers, body } = await world.send("GET", "/schemas/policy.json");
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("application/schema+json");
  expect(headers.get("access-control-allow-origin")).toBe("*");
  expect(body.$id).toMatch(/\/schemas\/policy\.json$/);
});

describe.each(["%00", "%ff", "%", "..%2f..", "a".repeat(5_000), "'%20OR%201=1--", "%f0%9f%93%b7"])(
  "the id %s",
  (id) => {
    it.each([
      ["GET", `/policies/${id}`],
      ["PUT", `/policies/${id}`, POLICY],
      ["DELETE", `/policies/${id}`],
      ["DELETE", `/groups/${id}`],
      ["DELETE", `/grants/${id}`],
      ["GET", `/resources/${id}`],
      ["GET", `/resources/${id}/access`],
    ])("is found nowhere: %s", async (method, path, json?: object) => {
      expect((await alice.ask(method, path, json)).status).toBe(404);
    });
  },
);
