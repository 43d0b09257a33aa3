/** Just enough of a browser: it keeps cookies by host, follows redirects and sends forms. */
export class Browser {
  #cookies = new Map();

  /** @returns the page where it ended, after all redirects. */
  async get(url) {
    return this.#follow(url, {});
  }

  async submit(url, fields) {
    // A browser says where a form comes from; the other side checks it.
    const headers = { Origin: new URL(url).origin };
    return this.#follow(url, { method: "POST", headers, body: new URLSearchParams(fields) });
  }

  async #follow(url, init) {
    const { host } = new URL(url);
    const headers = new Headers(init.headers);
    if (this.#cookies.has(host)) headers.set("Cookie", this.#cookies.get(host));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    const [cookie] = response.headers.getSetCookie();
    if (cookie) this.#cookies.set(host, cookie.split(";")[0]);
    const location = response.headers.get("Location");
    if (response.status === 303 && location) return this.#follow(new URL(location, url).href, {});
    if (!response.ok) throw new Error(`${init.method ?? "GET"} ${url} was answered with ${response.status}`);
    return { url, response };
  }
}
