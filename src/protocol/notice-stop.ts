import * as v from "valibot";
import { NOTICE_KINDS, type NoticeKind } from "./notice-kind.ts";

/** Whom a letter went to, and of which kind it was: what the link at its foot stops. */
export interface NoticeStop {
  readonly kind: NoticeKind;
  /** Null: the address is nobody's account. */
  readonly accountId: string | null;
  readonly addressHash: string;
}

const Stop: v.GenericSchema<unknown, NoticeStop> = v.object({
  kind: v.picklist(NOTICE_KINDS),
  accountId: v.nullable(v.string()),
  addressHash: v.string(),
});

/** @returns null for a statement that is no such thing. */
export function parseNoticeStop(statement: unknown): NoticeStop | null {
  const parsed = v.safeParse(Stop, statement);
  return parsed.success ? parsed.output : null;
}
