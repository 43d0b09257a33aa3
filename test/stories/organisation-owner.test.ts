import { exportJWK, generateKeyPair } from "jose";
import * as oauth from "oauth4webapi";
import { expect, it } from "vitest";
import { errorOf, ForeignClient } from "../support/server/foreign-client.ts";
import { createOpenIdProvider, type OpenIdProvider } from "../support/server/openid-provider.ts";
import { ID_TOKEN_FORMAT, type Permission } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/**
 * A clinic, an organisation, owns lab reports. It shares them with its doctors, is not there when one of them wants to
 * read, and takes it back later. Every OAuth message is sent and read by a library that is not ours.
 */

const world = localWorld();
const { site } = world;
const MACHINE = { grant_types: ["client_credentials"] };

/** The clinic's records: a resource server that keeps its PAT and guards one report. */
class Records {
  readonly #client: ForeignClient;
  readonly #pat: string;
  readonly #report: string;

  private constructor(client: ForeignClient, pat: string, report: string) {
    this.#client = client;
    this.#pat = pat;
    this.#report = report;
  }

  static async open(clinic: string): Promise<Records> {
    const { id, secret } = await world.client({ client_name: "Records", ...MACHINE });
    await world.connect(clinic, { id, secret }, ["uma_protection"]);
    const client = await ForeignClient.discover(site, id, oauth.ClientSecretPost(secret));
    const pat = await client.ownToken("uma_protection");
    const description = { name: "Blood count", type: "lab-report", resource_scopes: ["view", "edit"] };
    return new Records(client, pat, await world.registerResource(pat, description));
  }

  /** What an app gets that asks for the report: the report, or a challenge with a ticket (Grant §3.2.1). */
  async read(rpt: string | null): Promise<{ readonly report: string } | { readonly ticket: string }> {
    const state = rpt === null ? { active: false } : await this.#client.introspect(this.#pat, rpt);
    if (permits(state, this.#report)) return { report: "haemoglobin: fine" };
    const challenge = await this.#challenge();
    return { ticket: /ticket="([^"]+)"/.exec(challenge)?.[1] ?? "" };
  }

  async isActive(rpt: string): Promise<boolean> {
    return (await this.#client.introspect(this.#pat, rpt)).active;
  }

  async #challenge(): Promise<string> {
    const ticket = await world.ticket(this.#pat, { resource_id: this.#report, resource_scopes: ["view"] });
    return `UMA realm="records", as_uri="${site.issuer}", ticket="${ticket}"`;
  }
}

function permits({ active, permissions }: oauth.IntrospectionResponse, resource: string): boolean {
  if (!active) return false;
  const held = permissions as unknown as readonly Permission[];
  return held.some(({ resource_id, resource_scopes }) => resource_id === resource && resource_scopes.includes("view"));
}

/** The clinic's own desk, where it writes policies. */
async function openDesk(clinic: string) {
  const { id, secret } = await world.client({ client_name: "Sharing desk", ...MACHINE });
  await world.connect(clinic, { id, secret }, ["uma_policy"]);
  const client = await ForeignClient.discover(site, id, oauth.ClientSecretBasic(secret));
  const token = await client.ownToken("uma_policy");
  return {
    share: (policy: Readonly<Record<string, unknown>>) => world.policy(token, policy),
    withdraw: (policy: string) => world.send("DELETE", `/owner/policies/${policy}`, { bearer: token }),
  };
}

/** The doctor's app, which proves itself with a key of its own (RFC 7523) and signs doctors in at the clinic. */
async function openDoctorsApp(provider: OpenIdProvider) {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "app-1", use: "sig", alg: "ES256" };
  const { id } = await world.client({
    client_name: "Ward round",
    token_endpoint_auth_method: "private_key_jwt",
    jwks: { keys: [jwk] },
    may_push_claims: true,
  });
  const authentication = oauth.PrivateKeyJwt({ key: privateKey as CryptoKey, kid: "app-1" });
  const client = await ForeignClient.discover(site, id, authentication);
  const signIn = (role: string) => provider.idToken({ aud: id, sub: "bob", email: "bob@lakeside.example", role });
  return { client, signIn };
}

function doctorsMayView(issuer: string): Readonly<Record<string, unknown>> {
  return {
    name: "Doctors of the clinic",
    effect: "permit",
    target: { type: "lab-report" },
    scopes: ["view"],
    who: {
      all: [
        { claim: "email", domain: "lakeside.example", issuer },
        { claim: "role", equals: "physician", issuer },
      ],
    },
  };
}

async function openClinic() {
  const provider = await createOpenIdProvider(`https://id-${crypto.randomUUID()}.lakeside.example`);
  await world.trust(provider, { claims: ["email", "role"], email_domains: ["lakeside.example"] });
  const clinic = await world.owner("Lakeside Clinic");
  const [records, desk, app] = await Promise.all([Records.open(clinic), openDesk(clinic), openDoctorsApp(provider)]);
  const policy = await desk.share(doctorsMayView(provider.issuer));
  return { provider, records, desk, app, policy };
}

type Clinic = Awaited<ReturnType<typeof openClinic>>;

/** The ticket of a challenge. */
async function ticketFrom({ records }: Clinic, rpt: string | null = null): Promise<string> {
  const answer = await records.read(rpt);
  if ("ticket" in answer) return answer.ticket;
  throw new Error("the report was handed out");
}

async function push({ app }: Clinic, role = "physician"): Promise<Readonly<Record<string, string>>> {
  return { claim_token: await app.signIn(role), claim_token_format: ID_TOKEN_FORMAT };
}

it("a doctor reads a report of the clinic, until the clinic takes it back", async () => {
  const clinic = await openClinic();
  const { records, app, desk, policy, provider } = clinic;

  // The app comes without an RPT and is sent to the authorization server with a ticket.
  const ticket = await ticketFrom(clinic);

  // The ticket alone is not enough: the clinic wants to know who it is, from its own identity provider.
  const asked = await errorOf(app.client.redeem(ticket));
  expect([asked.status, asked.error]).toEqual([403, "need_info"]);
  expect(asked.cause.required_claims).toMatchObject([
    { name: "email", claim_token_format: [ID_TOKEN_FORMAT], issuer: [provider.issuer] },
    { name: "role", claim_token_format: [ID_TOKEN_FORMAT], issuer: [provider.issuer] },
  ]);

  // The doctor signs in, the app pushes the ID Token with the next ticket, and gets the RPT.
  const granted = await app.client.redeem(String(asked.cause.ticket), await push(clinic));
  expect(granted.token_type).toBe("bearer");
  const rpt = granted.access_token;
  expect(await records.read(rpt)).toEqual({ report: "haemoglobin: fine" });

  // Both tickets have done their work. Nobody enters with them again, and a double click ends nothing.
  for (const spent of [ticket, String(asked.cause.ticket)]) {
    const replayed = await errorOf(app.client.redeem(spent, await push(clinic)));
    expect([replayed.status, replayed.error]).toEqual([400, "invalid_grant"]);
  }
  expect(await records.isActive(rpt)).toBe(true);

  // The RPT is renewed without asking anybody again.
  const renewed = await app.client.refresh(String(granted.refresh_token));
  expect(await records.read(renewed.access_token)).toEqual({ report: "haemoglobin: fine" });

  // The clinic withdraws: from its answer on, every RPT is dead, the refresh token too, and a new try ends in a no.
  expect((await desk.withdraw(policy)).status).toBe(204);
  for (const dead of [rpt, renewed.access_token]) expect(await records.isActive(dead)).toBe(false);
  expect((await errorOf(app.client.refresh(String(granted.refresh_token)))).error).toBe("invalid_grant");
  const again = await errorOf(app.client.redeem(await ticketFrom(clinic, rpt), await push(clinic)));
  expect([again.status, again.error]).toEqual([403, "request_denied"]);
});

it("a nurse is told no, and learns nothing about the rule", async () => {
  const clinic = await openClinic();
  const refused = await errorOf(clinic.app.client.redeem(await ticketFrom(clinic), await push(clinic, "nurse")));
  expect([refused.status, refused.error]).toEqual([403, "request_denied"]);
  expect(JSON.stringify(refused.cause)).not.toMatch(/physician|lakeside|ticket/);
});

it("an app gives back what it no longer needs", async () => {
  const clinic = await openClinic();
  const { records, app } = clinic;
  const { access_token: rpt, refresh_token } = await app.client.redeem(await ticketFrom(clinic), await push(clinic));
  expect(await records.isActive(rpt)).toBe(true);
  await app.client.revoke(rpt);
  expect(await records.isActive(rpt)).toBe(false);
  expect((await errorOf(app.client.refresh(String(refresh_token)))).error).toBe("invalid_grant");
});
