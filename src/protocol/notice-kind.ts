/** What people are written about, each by the word that their wish is kept under. */
export const NOTICE_KINDS = ["request_waiting", "first_access", "request_decided", "shared", "week"] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Whoever has not said otherwise hears of what waits for them and of who is new, and gets nothing week by week. */
const USUAL: Readonly<Record<NoticeKind, boolean>> = {
  request_waiting: true,
  first_access: true,
  request_decided: true,
  shared: true,
  week: false,
};

/** @param wish what somebody said; null: nothing. */
export function isWanted(kind: NoticeKind, wish: boolean | null): boolean {
  return wish ?? USUAL[kind];
}

/** Which letters somebody wants. */
export type NoticeSettings = Readonly<Record<NoticeKind, boolean>>;
