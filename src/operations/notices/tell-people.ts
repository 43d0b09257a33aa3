import type { Config } from "../../config.ts";
import type { ToldNotice } from "../../events/notice.ts";
import { isVouchedFor } from "../../protocol/client.ts";
import { homeOf } from "../../protocol/client-home.ts";
import type { NoticeKind } from "../../protocol/notice-kind.ts";
import { isWanted } from "../../protocol/notice-kind.ts";
import { hourlyPace } from "../../protocol/pace.ts";
import { MAX_NAME_CHARACTERS, NOTICES_PER_HOUR } from "../../shared/limits.ts";
import type { ClientStore } from "../ports/client.ts";
import type { NoticeStore, Reader } from "../ports/notice.ts";
import type { Pacer } from "../ports/pace.ts";
import type { Post } from "../ports/post.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Secrets } from "../ports/secret.ts";
import type { LetterContent, LetterWriter } from "./notice-letter.ts";
import { paceInSum } from "./pace-in-sum.ts";
import { stopLink } from "./stop.ts";

interface LetterServices {
  readonly config: Pick<Config, "issuer" | "mailsPerHour">;
  readonly notices: Pick<NoticeStore, "listAdministrators" | "findReader">;
  readonly clients: Pick<ClientStore, "find">;
  readonly post: Post;
  readonly pacer: Pacer;
  readonly sealer: Pick<Sealer, "seal">;
  readonly secrets: Pick<Secrets, "hash">;
}

/** What is to be written to whom. */
interface Correspondence {
  readonly content: LetterContent;
  readonly readers: readonly Reader[];
}

/**
 * Writes to people about each of these, and goes on where one cannot be told.
 * @returns the ids of those that need not be told again.
 */
export async function tellPeople(
  services: LetterServices,
  write: LetterWriter,
  ownerId: string,
  notices: readonly ToldNotice[],
  now: number,
): Promise<readonly string[]> {
  const told: string[] = [];
  for (const notice of notices) {
    try {
      if (await tellOf(services, write, ownerId, notice, now)) told.push(notice.id);
    } catch (error) {
      const message = error instanceof Error ? error.message : null;
      console.error({ event: "notices_delayed", ledger: ownerId, message });
    }
  }
  return told;
}

/**
 * Writes to people about a notice, where they want that. All that can be asked for is asked before the first letter goes,
 * so that whoever comes again after an outage writes to nobody twice; a letter that the post does not take is logged.
 * @returns false when too many letters went out of late, so that it should be tried later.
 */
async function tellOf(
  services: LetterServices,
  write: LetterWriter,
  ownerId: string,
  notice: ToldNotice,
  now: number,
): Promise<boolean> {
  if (!services.post.isAvailable) return true;
  const correspondence = await address(services, ownerId, notice, now);
  if (correspondence === null) return true;
  const { content, readers } = correspondence;
  const wanting = readers.filter(({ wish }) => isWanted(content.kind, wish));
  if (wanting.length === 0) return true;
  if ((await paceInSum(services)) > 0) return false;
  for (const reader of wanting) await send(services, write, content, reader);
  return true;
}

/** @returns null for what is no matter of letters, or of nobody who can be written to. */
function address(
  services: LetterServices,
  ownerId: string,
  told: ToldNotice,
  now: number,
): Promise<Correspondence | null> | null {
  switch (told.notice.kind) {
    case "request_waiting":
    case "first_access":
      return addressOwner(services, ownerId, told.notice, told, now);
    case "request_decided":
      return addressParty(services, told.notice, told);
    case "week":
      return addressWeek(services, ownerId, told.notice, now);
    case "owner_gone":
    case "connection_ended":
    case "resource_dropped":
    case "grant_withdrawn":
      return null;
  }
}

type NoticeOf<Kind> = Extract<ToldNotice["notice"], { readonly kind: Kind }>;

async function addressOwner(
  services: LetterServices,
  ownerId: string,
  notice: NoticeOf<"request_waiting"> | NoticeOf<"first_access">,
  { party }: ToldNotice,
  now: number,
): Promise<Correspondence | null> {
  const { kind } = notice;
  const [{ ownerName, readers }, app] = await Promise.all([
    services.notices.listAdministrators(ownerId, kind, now),
    nameOf(services, notice.clientId),
  ]);
  const isOneOfThem =
    party?.issuer === services.config.issuer && readers.some((one) => one.accountId === party.subject);
  if (kind === "first_access" && isOneOfThem) return null;
  const below = kind === "request_waiting" ? `requests/${notice.requestId}` : "activity";
  const link = `${services.config.issuer}/console/${ownerId}/${below}`;
  const facts = party ?? { name: null, nameSaidBy: null, addresses: [] };
  return { content: { kind, party: facts, app, owner: ownerName, link }, readers };
}

/** Somebody without an address hears of it in their app. */
async function addressParty(
  services: LetterServices,
  { kind, clientId, isAllowed }: NoticeOf<"request_decided">,
  { party }: ToldNotice,
): Promise<Correspondence | null> {
  const [first] = party?.addresses ?? [];
  if (first === undefined) return null;
  const [reader, app] = await Promise.all([
    services.notices.findReader(first, await services.secrets.hash(first), kind),
    nameOf(services, clientId),
  ]);
  return { content: { kind, app, isAllowed }, readers: [reader] };
}

async function addressWeek(
  { config, notices }: LetterServices,
  ownerId: string,
  { kind, ...counts }: NoticeOf<"week">,
  now: number,
): Promise<Correspondence> {
  const { ownerName, readers } = await notices.listAdministrators(ownerId, kind, now);
  const link = `${config.issuer}/console/${ownerId}`;
  return { content: { kind, owner: ownerName, counts, link }, readers };
}

/** By the name that somebody vouches for; else by where it is at home, as a letter has no mark beside a name. */
async function nameOf({ clients }: LetterServices, clientId: string): Promise<string> {
  const client = await clients.find(clientId);
  if (client === null) return clientId;
  if (isVouchedFor(client)) return client.name;
  const home = homeOf(client, [...client.redirectUris, ...client.claimsRedirectUris]);
  return home === null || home.length > MAX_NAME_CHARACTERS ? clientId : home;
}

/** INVARIANT: strangers bring letters about, so nobody's box is filled: what is not written stands on the page. */
async function send(
  services: LetterServices,
  write: LetterWriter,
  content: LetterContent,
  reader: Reader,
): Promise<void> {
  const { accountId, address: to, language } = reader;
  const addressHash = await services.secrets.hash(to);
  const pace = hourlyPace(NOTICES_PER_HOUR);
  if ((await services.pacer.take(`notice:${content.kind}:${addressHash}`, pace)) > 0) return;
  const kind: NoticeKind = content.kind;
  const stop = await stopLink(services, { kind, accountId, addressHash });
  const posted = await services.post.send({ to, ...write(content, { language, stop: stop.page }), stop: stop.once });
  if (posted !== "posted") console.error({ event: "mail_failed", failure: posted.failure });
}
