import { beforeAll, describe, expect, it } from "vitest";
import api from "../../docs/api.md?raw";
import tools from "../../docs/owner-tools.md?raw";
import policies from "../../docs/policies.md?raw";
import { REQUEST_DENIED, Scene } from "../support/server/scene.ts";
import { ID_TOKEN_FORMAT, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

let scene: Scene;
let report: string;
beforeAll(async () => {
  scene = await Scene.open(world);
  report = await scene.resource(["view"], { name: "Blood count", type: "lab-report" });
});

/** JSON of a page in which these words stand, with the names that a reader fills in. */
function shown(page: string, words: string, names: Readonly<Record<string, string>> = {}): object {
  const blocks = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, content = ""]) => content);
  const found = blocks.filter((content) => content.includes(words));
  if (found.length !== 1) throw new Error(`${words} stands in ${found.length} blocks`);
  const filled = Object.entries(names).reduce((text, [name, value]) => text.replaceAll(name, value), found[0] ?? "");
  return JSON.parse(filled);
}

const ISSUER = "https://id.lakeside.example";
const atIssuer = () => ({ [ISSUER]: scene.cast.provider.issuer });

describe("an example that is printed is taken as it is printed:", () => {
  it("a whole question, and its answer", async () => {
    const scan = await scene.resource(["view"]);
    const policy = await scene.permit(scan, ["view"]);
    const names = { $RESOURCE: scan, $CLIENT: scene.cast.c1.id, $POLICY: policy, ...atIssuer() };
    const answer = await scene.ask("POST", "/explain", shown(tools, "authenticated_at", names));
    expect(answer).toMatchObject({ status: 200, body: shown(tools, "Permitted by Physicians on duty", names) });
    expect(answer.body).not.toHaveProperty("warnings");
  });

  it("an issuer whose statements have a format of their own", async () => {
    // Its keys are given with it here, where no host of that name is.
    const keys = JSON.stringify(scene.cast.provider.jwks);
    const names = { '"jwks_uri": "https://pensions.example/keys"': `"jwks": ${keys}` };
    const made = await world.admin("POST", "/issuers", shown(api, '"urn:example:pension"', names));
    const [idToken, statement] = [
      { kind: "id_token", format: ID_TOKEN_FORMAT, claims: "all" },
      { kind: "jwt", format: "urn:example:pension", typ: "pension+jwt", claims: ["pension_id"] },
    ];
    expect(made).toMatchObject({ status: 201, body: { claim_tokens: [idToken, statement] } });
    await world.admin("DELETE", `/issuers/${text(made, "id")}`);
  });

  it("terms with an agreement, which only somebody in a browser can accept", async () => {
    const made = await scene.ask("POST", "/policies", shown(policies, '"agreement"'));
    expect(made).toMatchObject({ status: 201 });
    expect(made.body).not.toHaveProperty("warnings");
    const email = "bob@lakeside.example";
    const idToken = await scene.bob({ email });
    expect(await scene.redeem(await scene.ticket(report), { idToken })).toMatchObject(REQUEST_DENIED);
    const browser = await world.client({
      may_push_claims: true,
      claims_redirect_uris: ["https://consult.example/back"],
    });
    const own = await scene.bob({ email, aud: browser.id });
    const asked = await scene.redeemAs(browser, await scene.ticket(report), { idToken: own });
    expect(asked.body).toMatchObject({ error: "need_info", redirect_user: expect.stringContaining("/claims") });
    const party = { issuer: scene.cast.provider.issuer, subject: "bob", claims: { email } };
    const explained = await scene.ask("POST", "/explain", {
      resource_id: report,
      client_id: scene.cast.c1.id,
      party,
    });
    expect(explained.body).toMatchObject({ obstacle: { cause: "client_may_not_redirect" } });
    const [view] = explained.body.scopes ?? [];
    expect(view?.policies).toContainEqual(
      expect.objectContaining({ reasons: [expect.objectContaining({ path: "terms.agreement" })] }),
    );
  });

  it("a client that its issuer knows by another id", async () => {
    const registration = shown(api, "issuer_client_ids", atIssuer());
    const consult = await world.client({ ...registration, grant_types: undefined });
    const photo = await scene.sharedPhoto();
    const redeem = async (aud: string) => {
      return scene.redeemAs(consult, await scene.ticket(photo), { idToken: await scene.bob({ aud }) });
    };
    expect(await redeem("consult-web")).toMatchObject({ status: 200 });
    expect(await redeem(consult.id)).toMatchObject({ status: 403 });
  });
});
