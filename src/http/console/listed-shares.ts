import type { ListedShares, SharedWith, ShareFacts } from "../../pages/console/thing.tsx";
import { plain } from "../../pages/words/said.ts";
import { MAX_EMAIL_CHARACTERS } from "../../shared/limits.ts";
import { matchesText } from "../search-text.ts";

/** Each is a row of several lines with a button, so that more would have to be scrolled through. */
const SHARES_ON_A_PAGE = 25;

interface AllShares {
  readonly permits: readonly ShareFacts[];
  readonly denies: readonly ShareFacts[];
}

/**
 * Those whom a page about a thing lists: whoever is looked for, and no more than can be looked through.
 * @param address of that page, whose query asks for them; what makes no sense there asks for the first of all.
 */
export function listedShares({ permits, denies }: AllShares, address: URL): ListedShares {
  const { searchParams } = address;
  const sought = (searchParams.get("q") ?? "").trim().slice(0, MAX_EMAIL_CHARACTERS);
  const first = positionOf(searchParams.get("from"));
  const found = [...permits, ...denies].filter((share) => sought === "" || speaksOf(share, sought));
  const listed = new Set(found.slice(first, first + SHARES_ON_A_PAGE));
  const after = first + SHARES_ON_A_PAGE;
  return {
    permits: permits.filter((share) => listed.has(share)),
    denies: denies.filter((share) => listed.has(share)),
    sought,
    isMany: permits.length + denies.length > SHARES_ON_A_PAGE,
    next: after < found.length ? `${address.pathname}?${nextQuery(sought, after)}` : null,
  };
}

function positionOf(text: string | null): number {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

function nextQuery(sought: string, from: number): URLSearchParams {
  return new URLSearchParams({ ...(sought === "" ? {} : { q: sought }), from: String(from) });
}

function speaksOf({ whom, apps }: ShareFacts, sought: string): boolean {
  return matchesText(sought, [...whom.flatMap(textsOf), ...(apps ?? [])]) || whom.some((who) => isWithin(sought, who));
}

function textsOf(who: SharedWith): readonly string[] {
  switch (who.kind) {
    case "anyone":
      return [];
    case "person":
      return [who.person.name, who.person.address].filter((text) => text !== null);
    case "someone":
      return [who.says ?? "", who.host];
    case "domain":
      return [who.domain];
    case "group":
    case "app":
      return [who.name ?? ""];
    case "rule":
      return [plain(who.sentence)];
  }
}

/** Whoever is looked for by a whole address can be there without being named. */
function isWithin(sought: string, who: SharedWith): boolean {
  if (who.kind === "anyone") return true;
  return who.kind === "domain" && sought.toLowerCase().endsWith(`@${who.domain.toLowerCase()}`);
}
