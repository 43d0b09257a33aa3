import { isWanted, type NoticeKind, type NoticeSettings } from "../../protocol/notice-kind.ts";
import type { NoticeStore } from "../ports/notice.ts";

interface SettingServices {
  readonly notices: Pick<NoticeStore, "wishes" | "keep">;
}

/** Which letters somebody gets. */
export async function readNoticeSettings({ notices }: SettingServices, accountId: string): Promise<NoticeSettings> {
  const wishes = await notices.wishes(accountId);
  return eachNotice((kind) => isWanted(kind, wishes.get(kind) ?? null));
}

export function keepNoticeSettings(
  { notices }: SettingServices,
  accountId: string,
  settings: NoticeSettings,
): Promise<void> {
  return notices.keep(accountId, settings);
}

/** Settings of all kinds, each as it is told. */
export function eachNotice(tell: (kind: NoticeKind) => boolean): NoticeSettings {
  return {
    request_waiting: tell("request_waiting"),
    first_access: tell("first_access"),
    request_decided: tell("request_decided"),
    shared: tell("shared"),
    week: tell("week"),
  };
}
