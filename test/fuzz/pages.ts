import { LEADING_ON, SCRIPTLESS_PAGES } from "../support/pure/scriptless-pages.ts";
import type { BrowserLike } from "../support/server/browser-like.ts";
import type { Answer } from "../support/server/http-site.ts";
import type { Dice } from "./dice.ts";
import type { Shot } from "./shot.ts";
import type { Stock } from "./stock.ts";

/** A form of a page of ours, with what stands in it. */
interface Form {
  readonly action: string;
  readonly pairs: readonly (readonly [string, string])[];
}

/** What a part of a path names, where it is called otherwise elsewhere. */
const SEGMENTS: Readonly<Record<string, string>> = { thing: "resource", owner: "resource_owner" };

/** What scripts of pages send, and no form does. */
const SCRIPTED = ["/sign-up/passkey/options", "/sign-up/passkey", "/sign-in/passkey/options", "/sign-in/passkey"];

/** Whatever ends somebody who may call: seldom sent, or nobody would be left. */
const DIRE = /\/(end|delete|sign-out|end-all|end-everywhere|forget)\b/;

const MOST_FORMS = 120;
const MOST_PAGES = 40;

/** Pages for people, as somebody finds them who is signed in. */
export class Pages {
  #forms: readonly Form[] = [];
  readonly #paths: readonly string[] = [...Object.values(SCRIPTLESS_PAGES).flat(), ...LEADING_ON];

  readonly #issuer: string;

  constructor(issuer: string) {
    this.#issuer = issuer;
  }

  /** Looks at each page that one leads to from another. */
  async explore(browser: BrowserLike, start: readonly string[]): Promise<void> {
    const waiting = [...start];
    const seen = new Set(waiting);
    const forms = new Map<string, Form>();
    for (let path = waiting.shift(); path !== undefined && seen.size <= MOST_PAGES; path = waiting.shift()) {
      const page = await browser.open(path);
      for (const form of formsOf(page)) forms.set(`${form.action} ${form.pairs.map(([name]) => name).join()}`, form);
      for (const link of linksOf(page, this.#issuer)) {
        if (seen.has(link)) continue;
        seen.add(link);
        waiting.push(link);
      }
    }
    this.#forms = [...this.#forms, ...forms.values()].slice(-MOST_FORMS);
  }

  /** A request as a page of ours leads to it. @param browser that sends it; null: nobody's */
  shot(browser: BrowserLike | null, dice: Dice, stock: Stock): Shot {
    const headers: [string, string][] = browser === null ? [] : cookiesOf(browser);
    headers.push(["Accept", "text/html"]);
    const drawn = dice.chance(0.6) && this.#forms.length > 0 ? dice.pick(this.#forms) : null;
    const form = drawn !== null && DIRE.test(drawn.action) && dice.chance(0.9) ? null : drawn;
    if (form !== null) {
      headers.push(["Origin", browser === null ? "https://evil.example" : this.#issuer]);
      const [path = "/", query = ""] = form.action.split("?");
      const pairs = form.pairs.map(([name, value]): [string, string] => [name, value]);
      return shotOf("POST", path, query, headers, { kind: "form", pairs });
    }
    if (dice.chance(0.1)) {
      headers.push(["Origin", browser === null ? "https://evil.example" : this.#issuer]);
      return shotOf("POST", dice.pick(SCRIPTED), "", headers, {
        kind: "json",
        type: "application/json",
        value: { name: "Ana" },
      });
    }
    const path = dice
      .pick(this.#paths)
      .replaceAll(/:(\w+)/g, (_, name: string) => stock.take(SEGMENTS[name] ?? name, dice) ?? "x");
    const query = dice.chance(0.3)
      ? `${dice.pick(["at", "q", "owner", "code", "t", "continue", "state"])}=${dice.word()}`
      : "";
    return shotOf(dice.chance(0.9) ? "GET" : "POST", path, query, headers, null);
  }
}

function shotOf(method: string, path: string, query: string, headers: [string, string][], body: Shot["body"]): Shot {
  return { call: null, method, path, query: [...new URLSearchParams(query)], headers, body };
}

function cookiesOf(browser: BrowserLike): [string, string][] {
  const kept = ["__Host-session", "__Host-visit", "session", "visit"].flatMap((name) => {
    const value = browser.cookie(name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return [["Cookie", kept.join("; ")]];
}

function formsOf({ text }: Answer): readonly Form[] {
  return [...text.matchAll(/<form[^>]* action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].map(
    ([, action = "", inner = ""]) => ({
      action: unescaped(action),
      pairs: [...inner.matchAll(/<(?:input|button|select|textarea)([^>]*)>/g)].flatMap(([, attributes = ""]) => {
        const name = / name="([^"]*)"/.exec(attributes)?.[1];
        const value = / value="([^"]*)"/.exec(attributes)?.[1] ?? "";
        return name === undefined ? [] : [[unescaped(name), unescaped(value)] as const];
      }),
    }),
  );
}

function linksOf({ text, headers }: Answer, issuer: string): readonly string[] {
  const found = [...text.matchAll(/ href="([^"]*)"/g)].map(([, href = ""]) => unescaped(href));
  return [headers.get("location") ?? "", ...found].flatMap((href) => {
    const url = URL.parse(href, issuer);
    return url?.origin === issuer && !/static|sign-out/.test(url.pathname) ? [url.pathname + url.search] : [];
  });
}

function unescaped(text: string): string {
  const characters: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => characters[name] ?? "");
}
