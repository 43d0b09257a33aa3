import { beginConnecting, type Connection, finishConnecting, type PendingConnection, renew } from "./connect.ts";
import { FileObject } from "./file-object.ts";
import type { ReportType } from "./reports.ts";
import { type Share, type SharedWith, SharingApi } from "./sharing-api.ts";

/** How a patient and Usher stand: `ended` is a connection that was, until the patient ended it at Usher. */
export type Standing = "never" | "refused" | "connected" | "ended";

/**
 * One patient's reports. They are the patient's own, so they are registered at the patient's own account: whoever wants in
 * is decided about there, by the patient, and not by the clinic.
 */
export class PatientObject extends FileObject {
  readonly #sharing = new SharingApi(this.env, {
    current: () => this.currentToken(),
    renewed: (stale) => this.renewedToken(stale),
  });

  standing(): Standing {
    return this.ctx.storage.kv.get<Standing>("standing") ?? "never";
  }

  /** @returns where to send the patient's browser */
  async beginConnecting(): Promise<string> {
    const { url, pending } = await beginConnecting(this.env);
    this.ctx.storage.kv.put("pending", pending);
    return url;
  }

  /**
   * Takes what the patient's browser brought back, and registers what there is under the new PAT (FedAuthz §3).
   * INVARIANT: an answer is taken once, and only by the browser that set out for it.
   */
  async finishConnecting(answer: string): Promise<void> {
    const pending = this.ctx.storage.kv.get<PendingConnection>("pending");
    this.ctx.storage.kv.delete("pending");
    if (pending === undefined) return;
    const connection = await finishConnecting(this.env, pending, new URL(answer));
    if (connection === null) {
      if (this.standing() !== "connected") this.ctx.storage.kv.put("standing", "refused");
      return;
    }
    this.#keep(connection);
    await Promise.all(this.#reports().map((report) => this.resourceId(report)));
  }

  /** Lets somebody view the reports of one kind. */
  async share(type: ReportType, share: Omit<Share, "type" | "resources">): Promise<void> {
    const reports = this.#reports().filter((report) => report.type === type);
    const ids = await Promise.all(reports.map((report) => this.resourceId(report)));
    await this.#sharing.share({ ...share, type, resources: ids.filter((id) => id !== null) });
  }

  /** @returns what the patient shares by our page, as Usher has it; empty where that cannot be asked. */
  async shared(): Promise<readonly SharedWith[]> {
    return this.standing() === "connected" ? this.#sharing.list().catch(() => []) : [];
  }

  async stopSharing(policyId: string): Promise<void> {
    await this.#sharing.stop(policyId);
  }

  override async currentToken(): Promise<string | null> {
    return this.ctx.storage.kv.get<Connection>("connection")?.accessToken ?? null;
  }

  protected override async obtainToken(): Promise<string | null> {
    const connection = this.ctx.storage.kv.get<Connection>("connection");
    if (connection === undefined) return null;
    const renewed = await renew(this.env, connection);
    if (renewed === null) this.#end();
    else this.#keep(renewed);
    return renewed?.accessToken ?? null;
  }

  #keep(connection: Connection): void {
    this.ctx.storage.kv.put("connection", connection);
    this.ctx.storage.kv.put("standing", "connected");
  }

  /** The tokens are good for nothing any more, so there is no reason to keep them. */
  #end(): void {
    this.ctx.storage.kv.delete("connection");
    this.ctx.storage.kv.put("standing", "ended");
  }

  #reports() {
    return this.list().flatMap(({ id }) => this.find(id) ?? []);
  }
}
