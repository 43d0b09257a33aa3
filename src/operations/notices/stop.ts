import type { Config } from "../../config.ts";
import { type NoticeStop, parseNoticeStop } from "../../protocol/notice-stop.ts";
import type { NoticeStore } from "../ports/notice.ts";
import type { Sealer } from "../ports/seal.ts";

/** Where letters of a kind are stopped: a page that asks once more, and for programs that do it at once (RFC 8058). */
export interface StopLinks {
  readonly page: string;
  readonly once: string;
}

/** INVARIANT: whoever has the link can stop letters of this kind to this reader, and do nothing else. */
export async function stopLink(
  { config, sealer }: { readonly config: Pick<Config, "issuer">; readonly sealer: Pick<Sealer, "seal"> },
  stop: NoticeStop,
): Promise<StopLinks> {
  const sealed = await sealer.seal("notice_stop", stop);
  return { page: `${config.issuer}/notices/stop?t=${sealed}`, once: `${config.issuer}/unsubscribe?t=${sealed}` };
}

/** @returns null for what is no such link of ours. */
export async function readStop(
  { sealer }: { readonly sealer: Pick<Sealer, "open"> },
  sealed: string,
): Promise<NoticeStop | null> {
  return parseNoticeStop(await sealer.open("notice_stop", sealed));
}

/** Whoever asks twice has asked. */
export function stopNotices(
  { notices }: { readonly notices: Pick<NoticeStore, "stop"> },
  stop: NoticeStop,
  now: number,
): Promise<void> {
  return notices.stop(stop, now);
}
