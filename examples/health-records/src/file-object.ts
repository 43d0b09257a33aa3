import { DurableObject } from "cloudflare:workers";
import { ProtectionApi } from "./protection-api.ts";
import { FIRST_REPORTS, type Report, SCOPES } from "./reports.ts";
import type { Settings } from "./settings.ts";
import { UsherUnreachable } from "./usher.ts";

/** The reports of one resource owner, under which id each is registered at Usher, and the PAT to speak of them with. */
export abstract class FileObject extends DurableObject<Settings> {
  readonly #usher: ProtectionApi;
  readonly #registering = new Map<string, Promise<string>>();
  #renewing: Promise<string | null> | null = null;

  constructor(ctx: DurableObjectState, env: Settings) {
    super(ctx, env);
    this.#usher = new ProtectionApi(env, {
      current: () => this.currentToken(),
      renewed: (stale) => this.renewedToken(stale),
    });
    for (const report of FIRST_REPORTS) {
      if (this.find(report.id) === null) this.ctx.storage.kv.put(`report:${report.id}`, report);
    }
  }

  /** @returns the PAT at hand; null where there is none to be had */
  abstract currentToken(): Promise<string | null>;
  /** Gets another one. @returns null where there is none to be had */
  protected abstract obtainToken(): Promise<string | null>;

  list(): { id: string; title: string }[] {
    const reports = [...this.ctx.storage.kv.list<Report>({ prefix: "report:" })];
    return reports.map(([, { id, title }]) => ({ id, title }));
  }

  find(id: string): Report | null {
    return this.ctx.storage.kv.get<Report>(`report:${id}`) ?? null;
  }

  write(report: Report): void {
    this.ctx.storage.kv.put(`report:${report.id}`, report);
  }

  /** However many come at once with a PAT that is good no longer, one gets the next for all of them. */
  async renewedToken(stale: string): Promise<string | null> {
    const current = await this.currentToken();
    if (current !== stale) return current;
    this.#renewing ??= this.obtainToken().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing.catch(unreachable);
  }

  /**
   * The id of a report at Usher. A report is registered when it is first asked for, once however many ask together.
   * @returns null when Usher cannot be asked.
   */
  async resourceId(report: Report): Promise<string | null> {
    const known = this.ctx.storage.kv.get<string>(`resource:${report.id}`);
    if (known !== undefined) return known;
    const registering = this.#registering.get(report.id) ?? this.#register(report);
    this.#registering.set(report.id, registering);
    return registering.catch(unreachable).finally(() => this.#registering.delete(report.id));
  }

  /** Usher does not know this id; the next visitor makes us register again. */
  forgetResource(reportId: string, resourceId: string): void {
    const key = `resource:${reportId}`;
    if (this.ctx.storage.kv.get<string>(key) === resourceId) this.ctx.storage.kv.delete(key);
  }

  async #register(report: Report): Promise<string> {
    const description = { type: report.type, name: report.title, resource_scopes: SCOPES };
    const id = await this.#usher.register(description);
    this.ctx.storage.kv.put(`resource:${report.id}`, id);
    return id;
  }
}

/** An error of a class of ours does not survive the way out of a Durable Object; null does. */
function unreachable(error: unknown): null {
  if (error instanceof UsherUnreachable) return null;
  throw error;
}
