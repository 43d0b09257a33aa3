import { beforeAll, describe, expect, it } from "vitest";
import { ProtectionApi, permission } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** The protection API in the hands of somebody who means harm: a resource server, or whoever has got its PAT. */
const world = localWorld();
let scene: Scene;
let rs1: ProtectionApi;

beforeAll(async () => {
  scene = await Scene.open(world);
  rs1 = scene.rs1;
  await scene.permitAnyone();
});

const repeat = <T>(times: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: times }, (_, index) => work(index)));
const post = (path: string, body: string, type = "application/json") =>
  world.send("POST", path, { bearer: rs1.pat, text: [type, body] });

/** A description of so many bytes. */
function descriptionOf(bytes: number): string {
  const empty = '{"resource_scopes":["view"],"x":""}';
  return `${empty.slice(0, -2)}${"y".repeat(bytes - empty.length)}"}`;
}

describe("ids that nobody was given", () => {
  it.each([
    ["a null character", "%00"],
    ["no UTF-8", "%FF"],
    ["half a character", "%ED%A0%80"],
    ["half an escape", "%"],
    ["no escape", "%zz"],
    ["a blank", "%20"],
    ["a face", "%F0%9F%98%80"],
    ["a step up", "..%2fpermission"],
    ["a path", "x/y"],
    ["an empty part", "/x"],
    ["a wildcard", "*"],
    ["a parameter of the router", ":id"],
    ["a prototype", "__proto__"],
    ["a constructor", "constructor"],
    ["SQL", "'%20OR%201=1"],
    ["14,000 letters", "a".repeat(14_000)],
  ])("%s leads nowhere, by any method", async (_, id) => {
    const before = (await rs1.list()).json;
    for (const method of ["GET", "PUT", "DELETE", "PATCH", "POST", "HEAD"]) {
      const body = method === "PUT" || method === "PATCH" ? { json: { resource_scopes: [] } } : {};
      const answer = await world.send(method, `/resources/${id}`, { bearer: rs1.pat, ...body });
      expect([404, 405], method).toContain(answer.status);
    }
    expect((await rs1.list()).json).toEqual(before);
  });

  it.each(["__proto__", "constructor", "😀", "' OR 1=1 --", "%", "*"])("nor does %s in a request", async (id) => {
    expect(await rs1.ask(permission(id, "view"))).toMatchObject({
      status: 400,
      body: { error: "invalid_resource_id" },
    });
  });
});

describe("bodies", () => {
  it.each([
    ["half a character", '{"resource_scopes":["\\ud800"]}'],
    ["half a character in a name", '{"resource_scopes":[],"\\udfff":1}'],
    ["a null character", '{"resource_scopes":["a\\u0000"]}'],
    ["a byte order mark", '\ufeff{"resource_scopes":[]}'],
    ["everything in a prototype", '{"__proto__":{"resource_scopes":["view"]}}'],
    ["101 scopes", JSON.stringify({ resource_scopes: Array.from({ length: 101 }, (_, index) => `${index}`) })],
    ["a long scope", JSON.stringify({ resource_scopes: ["s".repeat(257)] })],
    ["a blank scope", '{"resource_scopes":[" "]}'],
    ["a number that cannot be kept", '{"resource_scopes":["view"],"x":[{"y":1e999}]}'],
    ["a number that others are taken for", '{"resource_scopes":["view"],"x":9007199254740993}'],
    ["1,900 numbers", JSON.stringify(Array.from({ length: 1_900 }, () => 1))],
    ["a deep list", "[".repeat(16_000)],
  ])("%s is refused, at registration and for permissions", async (_, body) => {
    for (const path of ["/resources", "/permission"]) {
      expect(await post(path, body)).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    }
  });

  it.each([16_385, 5_000_000])("of %d bytes is too much to register", async (bytes) => {
    const answer = await post("/resources", descriptionOf(bytes));
    expect(answer).toMatchObject({ status: 413, body: { error: "invalid_request" } });
  });

  it.each([
    ["members of every object", '{"resource_scopes":["view"],"toString":1,"toJSON":{"a":1},"hasOwnProperty":null}'],
    ["no name at all", '{"resource_scopes":["view"],"":{"":""}}'],
    ["a tag of nothing", '{"resource_scopes":["view"],"name#":"x","#fr":1,"_id#fr":1}'],
    ["one accent, spelt in two ways", '{"resource_scopes":["\\u00e9","e\\u0301"]}'],
    ["blanks within a line", '{"resource_scopes":["a b","\\u202e"],"type":"a b","name":" two\\nlines "}'],
    ["SQL", `{"resource_scopes":["'); DROP TABLE resources; --"],"type":"' OR 1=1"}`],
    ["the very last byte", descriptionOf(16_384)],
  ])("%s is kept to the letter, and can be asked for and granted", async (_, body) => {
    const made = await post("/resources", body);
    expect(made.status).toBe(201);
    const id = String(made.body._id);
    expect((await rs1.read(id)).body).toEqual({ ...JSON.parse(body), _id: id });
    const asked = permission(id, ...(JSON.parse(body).resource_scopes as string[]));
    expect(await rs1.permissionsOf(await scene.rpt(asked))).toEqual([asked]);
  });

  it.each([
    ["a blank scope", { resource_scopes: ["view", " "] }],
    ["a scope with a blank at its end", { resource_scopes: ["view "] }],
    ["a scope of two lines", { resource_scopes: ["a\nb"] }],
    ["a blank type", { type: " " }],
    ["a type of two lines", { type: "a\nb" }],
  ])("%s is refused, as no policy could name it", async (_, odd) => {
    const id = await rs1.register("view");
    for (const answer of [
      await rs1.create({ resource_scopes: [], ...odd }),
      await rs1.update(id, { resource_scopes: [], ...odd }),
    ]) {
      expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    }
    expect((await rs1.read(id)).body.resource_scopes).toEqual(["view"]);
  });

  it("extension members are kept whatever they are called, when written and when replaced", async () => {
    const extensions = '"constructor":{"a":1},"prototype":[2],"__proto__":{"__proto__":3,"x":null},"toString":4';
    const made = await post("/resources", `{"resource_scopes":["view"],${extensions}}`);
    const id = String(made.body._id);
    const [created] = [(await rs1.read(id)).text];
    const replaced = await world.send("PUT", `/resources/${id}`, {
      bearer: rs1.pat,
      text: ["application/json", `{"resource_scopes":["view"],"name":"n",${extensions}}`],
    });
    expect(replaced.status).toBe(200);
    for (const text of [created, (await rs1.read(id)).text]) {
      const names = Object.keys(JSON.parse(text));
      expect(names).toEqual(expect.arrayContaining(["constructor", "prototype", "__proto__", "toString"]));
      expect(text).toContain('"__proto__":{"__proto__":3,"x":null}');
    }
  });

  it.each([{ "If-None-Match": "*" }, { "If-Match": '"2"' }, { "If-Match": '"2", W/"3"', "If-None-Match": '"4"' }])(
    "a description that must not be there, or in another version, is not replaced: %j",
    async (headers) => {
      const id = await rs1.register("view");
      const send = (method: string, of: string) =>
        world.send(method, `/resources/${of}`, {
          bearer: rs1.pat,
          headers: { ...headers },
          ...(method === "DELETE" ? {} : { json: { resource_scopes: [] } }),
        });
      for (const method of ["PUT", "PATCH", "DELETE"]) {
        expect(await send(method, id)).toMatchObject({ status: 412, body: { error: "precondition_failed" } });
        expect((await send(method, "AAAAAAAAAAAAAAAAAAAAAA")).status).toBe(404);
      }
      expect((await rs1.read(id)).body.resource_scopes).toEqual(["view"]);
    },
  );

  it("a description that must be there is replaced (If-Match: *)", async () => {
    const call = { bearer: rs1.pat, headers: { "If-Match": "*" }, json: { resource_scopes: [] } };
    expect((await world.send("PUT", `/resources/${await rs1.register("view")}`, call)).status).toBe(200);
  });

  it("a prototype in a description is nobody's", async () => {
    const made = await post("/resources", '{"resource_scopes":[],"__proto__":{"resource_scopes":["view"],"x":1}}');
    expect(made.status).toBe(201);
    expect((await rs1.ask(permission(String(made.body._id), "view"))).body.error).toBe("invalid_scope");
    expect((await rs1.read(String(made.body._id))).body).not.toHaveProperty("x");
  });
});

describe("tokens in the wrong place", () => {
  it("each is good for what it was made for, and for nothing else", async () => {
    const asked = permission(await rs1.register("view"), "view");
    const granted = await scene.redeem(await world.ticket(rs1.pat, asked));
    const rpt = text(granted, "access_token");
    const [header, claims = ""] = rpt.split(".");
    const { jti } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
    const ticket = await world.ticket(rs1.pat, asked);
    const others = [text(granted, "refresh_token"), jti, `${header}.${claims}.`, rpt.toUpperCase()];
    for (const token of [...others, ticket, scene.tool, "😀", "x".repeat(8_000)]) {
      expect(await rs1.introspect(token)).toMatchObject({ status: 200, json: { active: false } });
    }
    // A PAT is told to whom it was given, as what it is.
    const { json } = await rs1.introspect(rs1.pat);
    expect(json).toMatchObject({ active: true, scope: "uma_protection" });
    expect(json).not.toHaveProperty("permissions");
    for (const pat of [...others, ticket, rpt]) expect((await new ProtectionApi(world, pat).list()).status).toBe(401);
    for (const other of [...others, rpt, rs1.pat]) {
      expect((await scene.redeem(other)).body.error).toBe("invalid_grant");
    }
    expect((await rs1.introspect(rpt)).body.active).toBe(true);
  });
});

describe("another resource server of the same owner", () => {
  it("cannot touch what is not its own, not even for the moment that its try takes", async () => {
    const asked = permission(await rs1.register("view"), "view");
    const [rpt, ticket, rs2] = [
      await scene.rpt(asked),
      await world.ticket(rs1.pat, asked),
      await scene.connectResourceServer(),
    ];
    const { resource_id: id } = asked;
    const tries = repeat(10, (index) => (index % 2 ? rs2.remove(id) : rs2.update(id, { resource_scopes: [] })));
    const seen = repeat(20, () => rs1.permissionsOf(rpt));
    expect((await scene.redeem(ticket)).status).toBe(200);
    for (const permissions of await seen) expect(permissions).toEqual([asked]);
    for (const answer of await tries) expect(answer.status).toBe(404);
    expect((await rs1.read(id)).body).toEqual({ resource_scopes: ["view"], _id: id });
  });
});

describe("races", () => {
  it("of deletions: one wins, and nothing that ran beside it is left", async () => {
    const asked = permission(await rs1.register("view"), "view");
    const { resource_id: id } = asked;
    const [rpt, ticket] = [await scene.rpt(asked), await world.ticket(rs1.pat, asked)];
    const [deletions, redeemed, ...others] = await Promise.all([
      repeat(5, () => rs1.remove(id)),
      scene.redeem(ticket),
      rs1.update(id, { resource_scopes: ["view", "print"] }),
      rs1.ask(asked),
      rs1.read(id),
      rs1.introspect(rpt),
    ]);
    expect(deletions.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404]);
    for (const { status } of [redeemed, ...others]) expect(status).toBeLessThan(500);
    expect((await rs1.read(id)).status).toBe(404);
    for (const token of [rpt, String(redeemed.body.access_token ?? "none")]) {
      expect(await rs1.permissionsOf(token)).toBeNull();
    }
  });

  it("of updates: one description stands, whole, and RPTs hold none of its lost scopes", async () => {
    const scopes = ["a", "b", "c", "d", "e"];
    const id = await rs1.register(...scopes);
    const ticket = await world.ticket(rs1.pat, permission(id, ...scopes));
    const descriptions = scopes.map((scope) => ({ resource_scopes: [scope], name: scope }));
    const [redeemed, ...updates] = await Promise.all([
      scene.redeem(ticket),
      ...descriptions.map((description) => rs1.update(id, description)),
    ]);
    expect(updates.map(({ status }) => status)).toEqual(scopes.map(() => 200));
    const { _id, ...standing } = (await rs1.read(id)).body;
    expect(descriptions).toContainEqual(standing);
    const held = await rs1.permissionsOf(String(redeemed.body.access_token ?? "none"));
    expect([null, [{ resource_id: id, resource_scopes: standing.resource_scopes }]]).toContainEqual(held);
  });

  it("with the end of a connection: what was answered stands, and the old PAT never comes back", async () => {
    const owner = await world.owner("dora");
    const server = await world.client({ client_name: "RS", grant_types: ["client_credentials"] });
    await world.connect(owner, server, ["uma_protection"]);
    const old = new ProtectionApi(world, await world.connectedToken(server));
    const [, made] = await Promise.all([
      world.admin("DELETE", `/owners/${owner}/connections/${server.id}`),
      repeat(20, () => old.create({ resource_scopes: ["view"] })),
    ]);
    for (const { status } of made) expect([201, 401]).toContain(status);
    expect((await old.create({ resource_scopes: [] })).status).toBe(401);

    await world.connect(owner, server, ["uma_protection"]);
    expect((await old.list()).status).toBe(401);
    const renewed = new ProtectionApi(world, await world.connectedToken(server));
    const registered = made.filter(({ status }) => status === 201).map(({ body }) => body._id);
    expect(new Set((await renewed.list()).json as string[])).toEqual(new Set(registered));
  });
});
