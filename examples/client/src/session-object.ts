import { DurableObject } from "cloudflare:workers";
import { EMPTY_SESSION, type Session } from "./session.ts";

const SESSION_LIFETIME_MS = 8 * 3_600 * 1_000;

/** One browser's session, found by the random name in its cookie; it forgets everything after a working day. */
export class SessionObject extends DurableObject {
  read(): Session {
    return this.ctx.storage.kv.get<Session>("session") ?? EMPTY_SESSION;
  }

  async write(session: Session): Promise<void> {
    this.ctx.storage.kv.put("session", session);
    await this.ctx.storage.setAlarm(Date.now() + SESSION_LIFETIME_MS);
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }
}
