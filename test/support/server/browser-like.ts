import type { Site } from "./http-site.ts";
import { type Answer, type Call, send } from "./http-site.ts";

const ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/** One person's browser as far as HTTP sees it: it keeps cookies, says where a form came from, and shows no script. */
export class BrowserLike {
  readonly #site: Site;
  readonly #cookies = new Map<string, string>();
  readonly #headers: Readonly<Record<string, string>>;

  /** @param headers sent with every request, such as Accept-Language. */
  constructor(site: Site, headers: Readonly<Record<string, string>> = {}) {
    this.#site = site;
    this.#headers = headers;
  }

  /** What is kept under this name, such as `__Host-visit`. */
  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  /** Opens a page; redirects are not followed. */
  open(path: string): Promise<Answer> {
    return this.#send("GET", path, {});
  }

  /** Opens a page and follows where it leads, below the issuer. */
  async follow(path: string): Promise<Answer> {
    const answer = await this.open(path);
    const location = answer.headers.get("location");
    return location === null ? answer : this.follow(location);
  }

  /** Sends a form of the page, with what its hidden fields hold; `fields` are filled in over them, a list one by one. */
  submit(
    page: Answer,
    action: string,
    fields: Readonly<Record<string, string | readonly string[]>> = {},
  ): Promise<Answer> {
    const kept = hiddenFieldsOf(page.text, action).filter(([name]) => !Object.hasOwn(fields, name));
    const filled = Object.entries(fields).flatMap(([name, values]) =>
      [values].flat().map((value) => [name, value] as const),
    );
    const form = [...kept, ...filled];
    return this.#send("POST", action, { form, headers: { Origin: new URL(this.#site.issuer).origin } });
  }

  /** Sends what a script of the page would. */
  script(page: Answer, path: string, json: unknown): Promise<Answer> {
    const csrf = page.text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
    const headers = { Origin: new URL(this.#site.issuer).origin, "X-CSRF": csrf, Accept: "application/json" };
    return this.#send("POST", path, { json, headers });
  }

  /** Any request, with the cookies of this browser. */
  request(method: string, path: string, call: Call): Promise<Answer> {
    return this.#send(method, path, call);
  }

  async #send(method: string, path: string, call: Call): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { Accept: ACCEPT, ...this.#headers, ...(cookie === "" ? {} : { Cookie: cookie }), ...call.headers };
    const answer = await send(this.#site, method, path, { ...call, headers });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  #keep(line: string): void {
    const [, name = "", value = ""] = line.match(/^([^=]+)=([^;]*)/) ?? [];
    // RFC 6265bis §5.7: what is longer is passed over.
    if (name.length + value.length > 4_096) return;
    if (/;\s*max-age=0\b/i.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/** The hidden fields of the first form that is sent to this path. */
function hiddenFieldsOf(html: string, action: string): readonly (readonly [string, string])[] {
  const [path = ""] = action.split("?");
  const forms = [...html.matchAll(/<form[^>]* action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)];
  const form = forms.find(([, to = ""]) => unescaped(to) === action || unescaped(to) === path);
  if (form === undefined) throw new Error(`the page has no form for ${action}`);
  const fields = [...(form[2] ?? "").matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return fields.map(([, name = "", value = ""]) => [unescaped(name), unescaped(value)] as const);
}

function unescaped(text: string): string {
  const characters: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => characters[name] ?? "");
}
