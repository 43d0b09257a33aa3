import type { Config } from "../../config.ts";
import { letterBoxOf } from "../../protocol/email-address.ts";
import { isWanted } from "../../protocol/notice-kind.ts";
import { hourlyPace } from "../../protocol/pace.ts";
import { MAX_SHARE_LETTERS_PER_HOUR, MAX_SHARE_LETTERS_TO_BOX_PER_HOUR } from "../../shared/limits.ts";
import { paceInSum } from "../notices/pace-in-sum.ts";
import { stopLink } from "../notices/stop.ts";
import type { EventSink } from "../ports/event.ts";
import type { NoticeStore } from "../ports/notice.ts";
import type { Pacer } from "../ports/pace.ts";
import type { Mail, Post } from "../ports/post.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Secrets } from "../ports/secret.ts";
import type { Acting } from "./act.ts";

interface LetterServices {
  readonly config: Pick<Config, "issuer" | "mailsPerHour">;
  readonly events: EventSink;
  readonly pacer: Pacer;
  readonly notices: Pick<NoticeStore, "findReader">;
  readonly post: Post;
  readonly sealer: Pick<Sealer, "seal">;
  readonly secrets: Pick<Secrets, "hash">;
}

/** What the letter tells: who shares, and not what, which is nobody's business on the way. */
export interface ShareLetterFacts {
  readonly link: string;
  /** Where letters like this are stopped. */
  readonly stop: string;
  /** What the person who shares is called; null: they gave no name. */
  readonly name: string | null;
  /** Their verified address; null: none. */
  readonly address: string | null;
  /** For whom they act; null: for themselves. */
  readonly ownerName: string | null;
}

const KIND = "shared";

/** Whether letters can be sent at all. */
export function canWrite({ post }: Pick<LetterServices, "post">): boolean {
  return post.isAvailable;
}

/** Where whoever proves their address finds what is shared with it. */
export function sharedWithMeLink({ config }: { readonly config: Pick<Config, "issuer"> }): string {
  return `${config.issuer}/account/shared`;
}

/**
 * Tells somebody that something is shared with their address. The letter is the same whether they have an account or not,
 * and so is what the sharer is told: nobody learns by sharing who has one.
 * @param to canonical (protocol/email-address.ts).
 * @param write writes the letter, in the words of whoever shares.
 */
export async function writeToShared(
  services: LetterServices,
  { actor, name, address, right }: Acting,
  to: string,
  write: (facts: ShareLetterFacts) => Pick<Mail, "subject" | "text">,
): Promise<"sent" | "not_sent"> {
  const { post, events, notices, secrets } = services;
  if (!post.isAvailable) return "not_sent";
  const addressHash = await secrets.hash(to);
  const { accountId, wish } = await notices.findReader(to, addressHash, KIND);
  if (!isWanted(KIND, wish) || (await hasWritten(services, actor.accountId, to))) return "not_sent";
  const stop = await stopLink(services, { kind: KIND, accountId, addressHash });
  const facts = { link: sharedWithMeLink(services), stop: stop.page, name, address, ownerName: right.ownerName };
  const posted = await post.send({ to, ...write(facts), stop: stop.once });
  if (posted === "posted") return "sent";
  events.emit({ kind: "mail_failed", failure: posted.failure });
  return "not_sent";
}

/**
 * INVARIANT: whoever shares has no more letters sent for it than a person writes, nobody's box is flooded, and whoever
 * makes many accounts sends no more than the operator allows in all.
 */
async function hasWritten(services: LetterServices, accountId: string, to: string): Promise<boolean> {
  const { pacer, secrets } = services;
  if ((await pacer.take(`shares-by:${accountId}`, hourlyPace(MAX_SHARE_LETTERS_PER_HOUR))) > 0) return true;
  const box = await secrets.hash(letterBoxOf(to));
  if ((await pacer.take(`shares-to:${box}`, hourlyPace(MAX_SHARE_LETTERS_TO_BOX_PER_HOUR))) > 0) return true;
  return (await paceInSum(services)) > 0;
}
