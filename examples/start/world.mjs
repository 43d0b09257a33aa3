import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { toLines, writePrivate } from "../serve/secrets.mjs";

/**
 * Makes the sample world through the admin API, just as an operator would: three clients, one identity provider, trusted
 * and to sign in with, one owner. What exists already is found again and made as it should be, so this can run any number
 * of times.
 */

const UMA_TICKET_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket";

export class World {
  #settings;
  #adminSecret;
  #made;

  constructor(settings, adminSecret) {
    this.#settings = settings;
    this.#adminSecret = adminSecret;
    const file = settings.worldFile;
    this.#made = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  }

  /** @returns the ids and secrets of everything in it. */
  async setUp() {
    const { records: recordsPlace, identityProvider, consult: consultPlace } = this.#settings;
    const records = await this.#ensure("records", "/admin/clients", "client_id", {
      client_name: "Lakeside Clinic",
      // The clinic acts for itself by the first, for each patient who lets it by the others.
      grant_types: ["client_credentials", "authorization_code", "refresh_token"],
      redirect_uris: [`${recordsPlace.origin}/callback`],
      require_pushed_authorization_requests: true,
    });
    // Policies are the owner's business, so they are written by a tool of the owner's, not by the records or the admin.
    const desk = await this.#ensure("desk", "/admin/clients", "client_id", {
      client_name: "Lakeside sharing desk",
      grant_types: ["client_credentials"],
    });
    const consult = await this.#ensure("consult", "/admin/clients", "client_id", {
      client_name: "Consult",
      grant_types: [UMA_TICKET_GRANT, "refresh_token"],
      // The ID Tokens it pushes were issued to it under this name.
      may_push_claims: true,
      issuer_client_ids: { [identityProvider.origin]: "consult" },
      // Or Usher asks people itself, and sends them back here.
      claims_redirect_uris: [`${consultPlace.origin}/claims-callback`],
    });
    // Whom it may speak for: an address elsewhere would not count, however verified.
    const speech = { claims: ["email", "name"], email_domains: ["lakeside.example", "insurer.example"] };
    await this.#ensure("issuer", "/admin/issuers", "id", { issuer: identityProvider.origin, ...speech });
    await this.#ensure("provider", "/admin/providers", "id", {
      issuer: identityProvider.origin,
      name: "Lakeside ID",
      client_id: "usher",
      // Usher makes a key for this, and the provider fetches its public half.
      token_endpoint_auth_method: "private_key_jwt",
      scope: "openid profile email",
      acr_values: ["substantial"],
      ...speech,
    });
    const owner = await this.#ensure("owner", "/admin/owners", "owner_id", { name: "Lakeside Clinic" });
    await this.#connect(owner.id, records.id, "uma_protection");
    await this.#connect(owner.id, desk.id, "uma_policy");
    this.#keepForTheShell({ records, desk, consult });
    return { records, desk, consult, owner };
  }

  async #ensure(name, path, idMember, body) {
    const known = this.#made[name];
    if (known && (await this.#isThere(`${path}/${known.id}`, body))) return known;
    const answer = await this.#expect(await this.#admin("POST", path, body), 201);
    this.#made[name] = { id: answer[idMember], ...(answer.client_secret && { secret: answer.client_secret }) };
    // Kept after each one: whatever stops us, the next run goes on from there.
    this.#keep();
    return this.#made[name];
  }

  /** An earlier version of this world may have made it otherwise. Members that are never read back are as they were. */
  async #isThere(path, body) {
    const response = await this.#admin("GET", path);
    if (!response.ok) return false;
    const present = await response.json();
    const differs = Object.keys(body).some((name) => name in present && !isDeepStrictEqual(present[name], body[name]));
    if (differs) await this.#expect(await this.#admin("PUT", path, body), 200);
    return true;
  }

  #keep() {
    writePrivate(this.#settings.worldFile, `${JSON.stringify(this.#made, null, 2)}\n`);
  }

  /** Connecting again would end the tokens of the old connection, so only what is missing is connected. */
  async #connect(ownerId, clientId, scope) {
    const path = `/admin/owners/${ownerId}/connections`;
    const { items } = await this.#expect(await this.#admin("GET", path), 200);
    if (items.some((connection) => connection.client_id === clientId)) return;
    await this.#expect(await this.#admin("PUT", `${path}/${clientId}`, { scopes: [scope] }), 200);
  }

  /** For the commands to copy, which then need not show any secret. */
  #keepForTheShell({ records, desk, consult }) {
    const values = { USHER: this.#settings.usher.origin, ADMIN_SECRET: this.#adminSecret };
    for (const [name, client] of Object.entries({ RECORDS: records, DESK: desk, CONSULT: consult })) {
      values[`${name}_ID`] = client.id;
      values[`${name}_SECRET`] = client.secret;
    }
    writePrivate(this.#settings.shellFile, toLines(values));
  }

  #admin(method, path, body) {
    return fetch(this.#settings.usher.origin + path, {
      method,
      headers: { Authorization: `Bearer ${this.#adminSecret}`, "Content-Type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  async #expect(response, status) {
    if (response.status === status) return response.json();
    throw new Error(`${response.url} was answered with ${response.status}: ${await response.text()}`);
  }
}
