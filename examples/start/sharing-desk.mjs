/** The owner's tool: it writes and withdraws policies through the owner API, with a token of the scope uma_policy. */
export class SharingDesk {
  #usher;
  #desk;
  #token;

  constructor(usher, desk) {
    this.#usher = usher;
    this.#desk = desk;
  }

  /**
   * Also a policy about a type that nothing has yet: the reports come when their API is first asked for them.
   * @returns the policy of this name as Usher keeps it, with its sentence; written now if it was not there.
   */
  async share(policy) {
    const { items } = await this.#call("GET", "/owner/policies?limit=200");
    const known = items.find((item) => item.policy.name === policy.name);
    return known ?? this.#call("POST", "/owner/policies?accept=warnings", policy);
  }

  async withdraw(policyId) {
    await this.#call("DELETE", `/owner/policies/${policyId}`);
  }

  async #call(method, path, body) {
    this.#token ??= await this.#authorize();
    const headers = { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" };
    const response = await fetch(this.#usher + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!response.ok)
      throw new Error(`${method} ${path} was answered with ${response.status}: ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  }

  /** RFC 6749 §4.4: the clinic is an organisation, so its tool speaks for it without a person. */
  async #authorize() {
    const basic = Buffer.from(`${this.#desk.id}:${this.#desk.secret}`).toString("base64");
    const response = await fetch(`${this.#usher}/token`, {
      method: "POST",
      headers: { Authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: "uma_policy" }),
    });
    if (!response.ok) throw new Error(`the sharing desk got no token: ${await response.text()}`);
    return (await response.json()).access_token;
  }
}
