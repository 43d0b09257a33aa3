import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Body } from "../support/server/http-site.ts";
import { Scene } from "../support/server/scene.ts";
import { countHops } from "../support/workerd/hops.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

const IDP = "https://explain-idp.example";
const BOB = { issuer: IDP, subject: "bob", claims: { email: "bob@example.com" } };
const EVE = { issuer: IDP, subject: "eve", claims: { email: "eve@example.com" } };
const FOR_BOB = {
  effect: "permit",
  target: { all: true },
  scopes: ["view"],
  who: { claim: "email", equals: "bob@example.com" },
};

let alice: Scene;
let album: string;
/** Through which app somebody asks. */
let app: string;
beforeAll(async () => {
  const issuer = {
    issuer: IDP,
    claims: ["email", "age"],
    email_domains: ["example.com"],
    jwks: { keys: [{ kty: "OKP", crv: "Ed25519", x: "A".repeat(43) }] },
  };
  await world.admin("POST", "/issuers", issuer);
  app = (await world.client({ may_push_claims: true })).id;
});
beforeEach(async () => {
  alice = await Scene.open(world);
  album = await alice.resource(["view", "print"], { name: "Holiday", type: "album" });
});

/** The outcome for each scope, and what it comes with. */
async function explain(question: object = {}): Promise<readonly Body[]> {
  const { body } = await alice.ask("POST", "/explain", { resource_id: album, client_id: app, ...question });
  return body.scopes ?? [];
}

const outcomes = async (question: object = {}) =>
  Object.fromEntries((await explain(question)).map(({ scope, outcome }) => [scope, outcome]));

async function givenPolicy(policy: object): Promise<string> {
  return String((await alice.ask("POST", "/policies?accept=warnings", policy)).body.policy_id);
}

describe("a question", () => {
  it("is about a time that a calendar knows", async () => {
    const hours = [{ from: "08:00", to: "18:00", time_zone: "Europe/Berlin" }];
    await givenPolicy({ ...FOR_BOB, when: { hours } });
    const ask = (at: number) => alice.ask("POST", "/explain", { resource_id: album, client_id: app, party: BOB, at });
    expect((await ask(253_402_300_799)).status).toBe(200);
    for (const at of [253_402_300_800, Number.MAX_SAFE_INTEGER]) {
      expect(await ask(at)).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    }
  });

  it("may suppose claims whatever they are called, and lists as long as a token's", async () => {
    const roles = Array.from({ length: 1_000 }, (_, index) => index);
    for (const claims of ['{"constructor":"x","__proto__":"y"}', JSON.stringify({ age: roles })]) {
      const text = `{"resource_id":"${album}","client_id":"${app}","party":{"issuer":"${IDP}","subject":"bob","claims":${claims}}}`;
      const answer = await world.send("POST", "/owner/explain", {
        bearer: alice.tool,
        text: ["application/json", text],
      });
      expect(answer.status, answer.text).toBe(200);
    }
  });
});

describe("who can see this?", () => {
  it("is answered by the policies about it, each as a sentence", async () => {
    const { body: group } = await alice.ask("POST", "/groups", { name: "Family", members: [] });
    const permit = await givenPolicy(FOR_BOB);
    const deny = await givenPolicy({
      effect: "deny",
      target: { resources: [album] },
      scopes: "all",
      who: { group: group.group_id },
    });
    await givenPolicy({ ...FOR_BOB, target: { type: "letter" } });
    await givenPolicy({ ...FOR_BOB, scopes: ["delete"] });
    const { status, body } = await alice.ask("GET", `/resources/${album}/access`);
    expect(status).toBe(200);
    const policies = Object.fromEntries((body.policies as Body[]).map((policy) => [policy.policy_id, policy]));
    expect(Object.keys(policies).sort()).toEqual([permit, deny].sort());
    expect(policies[permit]).toMatchObject({ version: 1, effect: "permit" });
    expect(policies[deny]?.sentence).toContain("Family");
    expect(body.nobody_named_yet).toEqual([
      { scope: "view", outcome: "unknown", required_claims: [expect.objectContaining({ name: "email" })] },
      { scope: "print", outcome: "deny", required_claims: [] },
    ]);
  });

  it("is no more than not found for what is not the owner's", async () => {
    const mallory = await Scene.open(world);
    for (const id of [album, "absent"]) {
      expect((await mallory.ask("GET", `/resources/${id}/access`)).status).toBe(404);
      const asked = await mallory.ask("POST", "/explain", { resource_id: id, client_id: app });
      expect(asked).toMatchObject({ status: 404, body: { error: "not_found" } });
    }
  });
});

describe("what would happen if …?", () => {
  it("nothing permits it: no", async () => {
    const [view] = await explain({ scopes: ["view"], party: BOB });
    expect(view).toMatchObject({ outcome: "deny", policies: [], required_claims: [] });
    expect(view?.sentence).toContain("No policy is about this");
  });

  it("somebody named asks: each scope on its own, with reasons", async () => {
    const policy = await givenPolicy({ ...FOR_BOB, name: "Photos for Bob" });
    expect(await outcomes({ party: BOB })).toEqual({ view: "permit", print: "deny" });
    const [bob] = await explain({ scopes: ["view"], party: BOB });
    expect(bob?.sentence).toBe("Permitted by Photos for Bob.");
    const [eve] = await explain({ scopes: ["view"], party: EVE });
    expect(eve).toMatchObject({ outcome: "deny", policies: [{ policy_id: policy, effect: "permit", outcome: "no" }] });
    expect(JSON.stringify(eve)).not.toContain("eve@example.com");
  });

  it("nobody says who they are: it depends on the claims that a client would be asked for", async () => {
    await givenPolicy(FOR_BOB);
    const [view] = await explain({ scopes: ["view"] });
    expect(view).toMatchObject({ outcome: "unknown", required_claims: [{ name: "email" }] });
    expect(view?.sentence).toContain("the claim email");
  });

  it("the owner would be asked", async () => {
    await givenPolicy({ ...FOR_BOB, terms: { approval: true } });
    expect(await outcomes({ scopes: ["view"], party: BOB })).toEqual({ view: "submitted" });
  });

  it.each([
    ["an unverified e-mail address", { ...BOB.claims, email_verified: false }],
    ["an address of a domain the issuer may not speak for", { email: "bob@example.com.evil.example" }],
    ["a claim the issuer may not state", { name: "bob@example.com" }],
  ])("%s counts for nothing, as in an assessment", async (_, claims) => {
    await givenPolicy(FOR_BOB);
    expect(await outcomes({ scopes: ["view"], party: { ...BOB, claims } })).toEqual({ view: "unknown" });
  });

  it("an issuer nobody trusts is told apart from a policy that says no", async () => {
    const party = { ...BOB, issuer: "https://stranger.example" };
    const answer = await alice.ask("POST", "/explain", { resource_id: album, client_id: app, party });
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(answer.body.error_description).toContain("party.issuer");
  });

  it("at another time, from another place, with another app", async () => {
    await givenPolicy({
      ...FOR_BOB,
      who: { anyone: true },
      scopes: ["view"],
      when: { expires: "2027-01-01T00:00:00Z" },
    });
    await givenPolicy({ ...FOR_BOB, who: { client: app }, scopes: ["print"], where: { countries: ["DE"] } });
    const newYear = 1_798_761_600;
    expect(await outcomes({ at: newYear - 1, caller: { country: "de" } })).toEqual({ view: "permit", print: "permit" });
    expect(await outcomes({ at: newYear, caller: { country: "FR" } })).toEqual({ view: "deny", print: "deny" });
    expect(await outcomes({ at: newYear - 1 })).toEqual({ view: "permit", print: "deny" });
    const other = (await world.client({ may_push_claims: true })).id;
    expect(await outcomes({ at: newYear - 1, caller: { country: "DE" }, client_id: other })).toMatchObject({
      print: "deny",
    });
  });

  it("through an app that may send people here: an account with a verified address is known by our own word", async () => {
    const who = { claim: "email", equals: "ana@home.example", issuer: world.site.issuer };
    await givenPolicy({ ...FOR_BOB, who });
    const consult = await world.client({ claims_redirect_uris: ["https://consult.example/back"] });
    const party = { issuer: world.site.issuer, subject: "account", claims: { email: "ana@home.example" } };
    const question = { resource_id: album, client_id: consult.id, scopes: ["view"], party };
    const known = await alice.ask("POST", "/explain", question);
    expect(known.body).toMatchObject({ scopes: [{ outcome: "permit" }] });
    expect(known.body).not.toHaveProperty("obstacle");
    const mute = await alice.ask("POST", "/explain", { ...question, client_id: (await world.client({})).id });
    expect(mute.body).toMatchObject({ obstacle: { cause: "client_may_not_push" }, scopes: [{ outcome: "deny" }] });
  });

  it("through an app that may push no claims: nobody can be known, as the operator can mend", async () => {
    await givenPolicy(FOR_BOB);
    const mute = (await world.client({})).id;
    const { body } = await alice.ask("POST", "/explain", {
      resource_id: album,
      client_id: mute,
      scopes: ["view"],
      party: BOB,
    });
    expect(body).toMatchObject({
      obstacle: { cause: "client_may_not_push", message: expect.stringContaining("may_push_claims") },
      scopes: [{ scope: "view", outcome: "deny", required_claims: [] }],
    });
    await givenPolicy({ ...FOR_BOB, who: { anyone: true } });
    const anyone = await alice.ask("POST", "/explain", { resource_id: album, client_id: mute, scopes: ["view"] });
    expect(anyone.body).toMatchObject({ scopes: [{ outcome: "permit" }] });
    expect(anyone.body).not.toHaveProperty("obstacle");
  });

  it("through an app that may not ask at all", async () => {
    await givenPolicy({ ...FOR_BOB, who: { anyone: true } });
    const server = (await world.client({ grant_types: ["client_credentials"] })).id;
    const { body } = await alice.ask("POST", "/explain", { resource_id: album, client_id: server, scopes: ["view"] });
    expect(body).toMatchObject({ obstacle: { cause: "client_may_not_ask" }, scopes: [{ outcome: "deny" }] });
  });

  it("through an app that nobody registered is no question", async () => {
    const asked = await alice.ask("POST", "/explain", { resource_id: album, client_id: "nobodys-app" });
    expect(asked).toMatchObject({ status: 400, body: { error_description: expect.stringMatching(/^client_id: /) } });
  });

  it("names whom to ask for a claim, and asks nobody in vain", async () => {
    const [known, unknown] = [IDP, "https://nobody-trusts.example"];
    await givenPolicy({ ...FOR_BOB, who: { claim: "age", at_least: 18, issuer: [known, unknown] } });
    expect(await explain({ scopes: ["view"] })).toMatchObject([
      { outcome: "unknown", required_claims: [{ name: "age", issuer: [known] }] },
    ]);
    await givenPolicy({ ...FOR_BOB, scopes: ["print"], who: { claim: "age", at_least: 18, issuer: unknown } });
    expect(await explain({ scopes: ["print"] })).toMatchObject([{ outcome: "deny", required_claims: [] }]);
  });

  it("with a policy that is not there yet, or without one that is", async () => {
    const { body: group } = await alice.ask("POST", "/groups", {
      name: "Family",
      members: [{ email: "bob@example.com" }],
    });
    const permit = await givenPolicy(FOR_BOB);
    const deny = { effect: "deny", target: { type: "album" }, scopes: "all", who: { group: group.group_id } };
    expect(await outcomes({ scopes: ["view"], party: BOB, policies: [deny] })).toEqual({ view: "deny" });
    expect(await outcomes({ scopes: ["view"], party: BOB, without: [permit] })).toEqual({ view: "deny" });
    expect(await outcomes({ scopes: ["view"], party: BOB })).toEqual({ view: "permit" });
  });

  it("with groups of supposed policies, which are read at once and are not too many", async () => {
    const supposed = (from: number, count: number) => ({
      effect: "deny",
      target: { type: "album" },
      scopes: "all",
      who: { any: Array.from({ length: count }, (_, index) => ({ group: `group-${from + index}` })) },
    });
    const ask = (...policies: object[]) =>
      alice.ask("POST", "/explain", { resource_id: album, client_id: app, policies });
    // Client and issuers are leased, whoever asked for them last.
    await ask();
    const [few, many] = [await countHops(() => ask(supposed(0, 2))), await countHops(() => ask(supposed(0, 63)))];
    // A lease that runs out in between adds one; one query a group would add sixty.
    expect(many.length).toBeLessThan(few.length + 5);
    expect((await ask(supposed(0, 32), supposed(32, 32))).status).toBe(200);
    expect(await ask(supposed(0, 32), supposed(32, 33))).toMatchObject({
      status: 400,
      body: { error_description: expect.stringMatching(/^policies: .*64 groups/) },
    });
  });

  it("a scope that the resource does not have is never permitted", async () => {
    await givenPolicy({ ...FOR_BOB, scopes: "all", who: { anyone: true } });
    expect(await outcomes({ scopes: ["view", "delete"] })).toEqual({ view: "permit", delete: "deny" });
  });

  it("a resource without scopes is asked for as a whole", async () => {
    album = await alice.resource([]);
    await givenPolicy({ ...FOR_BOB, scopes: "all", who: { anyone: true } });
    expect(await explain()).toEqual([expect.objectContaining({ scope: null, outcome: "permit" })]);
  });

  it.each<[object]>([
    [{ client_id: undefined }],
    [{ resource_id: "" }],
    [{ scopes: "view" }],
    [{ scopes: ["view", "view"] }],
    [{ party: { subject: "bob" } }],
    [{ party: { ...BOB, claims: { address: { street: "x" } } } }],
    [{ party: { ...BOB, authenticated_at: "now" } }],
    [{ at: "2027-01-01" }],
    [{ caller: { country: "Germany" } }],
    [{ caller: { address: "home" } }],
    [{ policies: [{ effect: "permit" }] }],
    [{ policies: Array.from({ length: 6 }, () => FOR_BOB) }],
    [{ what: "ever" }],
  ])("%j is not a question", async (question) => {
    const answer = await alice.ask("POST", "/explain", { resource_id: album, client_id: app, ...question });
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
  });
});

describe("an answer has an end", () => {
  it("shows the policies that say something first, with a few reasons each, and tells how many it leaves out", async () => {
    const who = { all: Array.from({ length: 8 }, (_, index) => ({ claim: "age", at_least: 100 + index })) };
    for (let count = 0; count < 21; count += 1) await givenPolicy({ ...FOR_BOB, who, name: `Nobody ${count}` });
    for (let count = 0; count < 7; count += 1) await givenPolicy({ ...FOR_BOB, name: `Bob ${count}` });
    const [view] = await explain({ scopes: ["view"], party: { ...BOB, claims: { ...BOB.claims, age: 30 } } });
    const policies = view?.policies as readonly Body[];
    expect(policies.map(({ outcome }) => outcome)).toEqual([...Array(7).fill("yes"), ...Array(13).fill("no")]);
    expect(policies.at(-1)?.reasons).toHaveLength(5);
    expect(view).toMatchObject({ outcome: "permit", policies_left_out: 8 });
  });

  it("leaves out scopes that have no room, to be asked for by themselves", async () => {
    const scopes = Array.from({ length: 100 }, (_, index) => `s${index}`);
    album = await alice.resource(scopes);
    const claims = Array.from({ length: 20 }, (_, index) => ({ claim: `${"c".repeat(240)}${index}`, exists: true }));
    for (let count = 0; count < 5; count += 1) await givenPolicy({ ...FOR_BOB, scopes: "all", who: { all: claims } });
    const { body } = await alice.ask("POST", "/explain", { resource_id: album, client_id: app });
    expect(JSON.stringify(body).length).toBeLessThan(300_000);
    const shown = body.scopes as readonly Body[];
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length + Number(body.scopes_left_out)).toBe(100);
  });
});

describe("what is said beforehand is what an assessment then says", () => {
  const bob = { claim: "email", equals: "bob@example.com" };
  it.each<[outcome: string, error: string | undefined, policies: readonly object[]]>([
    ["permit", undefined, [{ who: bob }]],
    [
      "permit",
      undefined,
      [{ who: { anyone: true }, where: { countries: ["DE"] } }, { who: { any: [bob, { group: "none" }] } }],
    ],
    ["deny", "request_denied", [{ who: bob }, { effect: "deny", who: { claim: "email", domain: "example.com" } }]],
    ["deny", "request_denied", [{ who: { claim: "email", equals: "carol@example.com" } }]],
    ["deny", "request_denied", []],
    ["unknown", "need_info", [{ who: { claim: "age", at_least: 18 } }]],
    ["submitted", "request_submitted", [{ who: bob, terms: { approval: true } }]],
  ])("%s, %s for %j", async (outcome, error, policies) => {
    const cast = await world.cast();
    const [pat, tool] = await Promise.all([world.connectedToken(cast.rs1), world.connectedToken(cast.tool)]);
    const photo = await world.registerResource(pat, { resource_scopes: ["view"] });
    for (const policy of policies) {
      await world.policy(tool, { effect: "permit", target: { resources: [photo] }, scopes: ["view"], ...policy });
    }
    const party = { issuer: cast.provider.issuer, subject: "bob", claims: { email: "bob@example.com" } };
    const question = { resource_id: photo, client_id: cast.c1.id, party };
    const { body } = await world.send("POST", "/owner/explain", { bearer: tool, json: question });
    expect(body.scopes).toMatchObject([{ scope: "view", outcome }]);
    const ticket = await world.ticket(pat, { resource_id: photo, resource_scopes: ["view"] });
    const redeemed = await world.uma(cast.c1, ticket, { idToken: await world.idToken(cast) });
    expect(redeemed.body.error).toBe(error);
  });
});
