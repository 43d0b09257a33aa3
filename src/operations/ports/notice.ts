import type { NoticeKind, NoticeSettings } from "../../protocol/notice-kind.ts";
import type { NoticeStop } from "../../protocol/notice-stop.ts";

/** Somebody who may be written to about something. */
export interface Reader {
  /** Null: nobody's account has this address. */
  readonly accountId: string | null;
  readonly address: string;
  /** The language that they last signed in with; null: not known. */
  readonly language: string | null;
  /** What they said about letters of this kind; null: nothing. */
  readonly wish: boolean | null;
}

/** Whoever acts for an owner and has an address. */
export interface Readers {
  /** Of an organisation; null: a person's own. */
  readonly ownerName: string | null;
  readonly readers: readonly Reader[];
}

/** Whom to write to, and what they want to hear of. */
export interface NoticeStore {
  listAdministrators(ownerId: string, kind: NoticeKind, now: number): Promise<Readers>;
  /** @param addressHash of the address, as people are kept who are not here. */
  findReader(address: string, addressHash: string, kind: NoticeKind): Promise<Reader>;
  /** What somebody said of each kind that they said anything of. */
  wishes(accountId: string): Promise<ReadonlyMap<NoticeKind, boolean>>;
  keep(accountId: string, settings: NoticeSettings): Promise<void>;
  stop(stop: NoticeStop, now: number): Promise<void>;
}
