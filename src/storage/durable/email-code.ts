import type { CodeTry, NewLetter } from "../../operations/ports/email-code.ts";
import { type SentLetter, takeTurn } from "../../protocol/letter-budget.ts";
import { EMAIL_CODE_LIFETIME_SECONDS, REPEATED_CODE_SECONDS } from "../../protocol/lifetimes.ts";
import { MAX_CODE_TRIES } from "../../shared/limits.ts";
import { epochSeconds, HOUR, MINUTE } from "../../shared/time.ts";
import { ExpiringRowsObject } from "./expiring-rows.ts";

const TABLE = {
  name: "letters",
  end: "ends_at",
  schema: `CREATE TABLE IF NOT EXISTS letters (
    box TEXT NOT NULL,
    id TEXT NOT NULL,
    budget TEXT NOT NULL,
    sender TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    tries INTEGER NOT NULL,
    spent_at INTEGER,
    sent_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (box, id)
  ) STRICT, WITHOUT ROWID`,
  /** Far more than go out within an hour (MAILS_PER_HOUR) to the boxes that share an object. */
  maxLive: 20_000,
  purgeEvery: 10 * MINUTE,
};

const FIND = "SELECT code_hash, tries, spent_at, sent_at FROM letters WHERE box = ? AND id = ?";
const LIST_OF_BOX = "SELECT budget, sender, sent_at AS sentAt FROM letters WHERE box = ? AND sent_at > ?";
const INSERT = "INSERT INTO letters VALUES (?, ?, ?, ?, ?, 0, NULL, ?, ?)";
const COUNT_TRY = "UPDATE letters SET tries = tries + 1 WHERE box = ? AND id = ?";
const SPEND = "UPDATE letters SET spent_at = ?3 WHERE box = ?1 AND id = ?2";
const WITHDRAW = "DELETE FROM letters WHERE box = ? AND id = ?";

/**
 * The letters with codes that went to some letter boxes within the last hour: who may have another, and who has entered
 * what. Only hashes get here.
 */
export class EmailCodeObject extends ExpiringRowsObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, TABLE);
  }

  /**
   * INVARIANT: looking and counting are one synchronous step, so of any number at once no more go out than may.
   * @returns seconds to wait; 0: the letter may go, and counts.
   */
  async begin({ id, box, sender, isKnown, codeHash }: NewLetter): Promise<number> {
    const now = epochSeconds();
    if (!this.hasRoom(now)) return MINUTE;
    const turn = takeTurn(this.#sentTo(box, now), { sender, isKnown }, now);
    if ("wait" in turn) return turn.wait;
    this.sql.exec(INSERT, box, id, turn.budget, sender, codeHash, now, now + HOUR);
    await this.added(1, now);
    return 0;
  }

  async withdraw(box: string, id: string): Promise<void> {
    this.sql.exec(WITHDRAW, box, id);
  }

  /** INVARIANT: counting the attempt and looking at it are one synchronous step. */
  async tryCode(box: string, id: string, codeHash: string): Promise<CodeTry> {
    const now = epochSeconds();
    const [letter] = this.sql.exec<LetterRow>(FIND, box, id);
    if (letter === undefined || letter.sent_at + EMAIL_CODE_LIFETIME_SECONDS <= now) return { kind: "gone" };
    // A comparison that ends early tells nothing: what is compared is made with a key that its sender does not know.
    const isRight = letter.code_hash === codeHash;
    if (letter.spent_at !== null) {
      return isRight && now < letter.spent_at + REPEATED_CODE_SECONDS ? { kind: "right" } : { kind: "gone" };
    }
    if (letter.tries >= MAX_CODE_TRIES) return { kind: "gone" };
    if (isRight) this.sql.exec(SPEND, box, id, now);
    else this.sql.exec(COUNT_TRY, box, id);
    return isRight ? { kind: "right" } : { kind: "wrong", triesLeft: MAX_CODE_TRIES - letter.tries - 1 };
  }

  #sentTo(box: string, now: number): readonly SentLetter[] {
    return this.sql.exec<SentLetter & Record<string, SqlStorageValue>>(LIST_OF_BOX, box, now - HOUR).toArray();
  }
}

type LetterRow = {
  readonly code_hash: string;
  readonly tries: number;
  readonly spent_at: number | null;
  readonly sent_at: number;
};
