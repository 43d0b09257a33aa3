import type { LoadScene } from "../support/server/load-scene.ts";
import { eachOf, type Findings } from "./findings.ts";

const ASKING_LANES = 8;

/** An RPT that is upgraded again and again, as its client knows it. */
export class GrowingRpt {
  readonly #scene: LoadScene;
  readonly #resources: readonly string[];
  #rpt: string | null = null;
  /** What the RPT permits. */
  readonly #held = new Set<string>();
  /** The ticket of an upgrade that was not answered, and what it is for. */
  #open: { readonly ticket: string; readonly resource: string } | null = null;
  readonly #surrendered: string[] = [];

  /** @param resources things that everybody may view. */
  constructor(scene: LoadScene, resources: readonly string[]) {
    this.#scene = scene;
    this.#resources = resources;
  }

  /** How often an upgrade was acknowledged. */
  get upgrades(): number {
    return this.#surrendered.length;
  }

  /** Asks for one more resource, and surrenders the RPT. @throws Error when that is refused */
  async grow(): Promise<void> {
    const resource = this.#resources[this.upgrades % this.#resources.length] ?? "";
    this.#open = { ticket: await this.#scene.mintTicket(resource), resource };
    const status = await this.#present(this.#open);
    if (status !== 200) throw new Error(`an upgrade was answered ${status}`);
  }

  async #present({ ticket, resource }: { readonly ticket: string; readonly resource: string }): Promise<number> {
    const { status, rpt, upgraded } = await this.#scene.upgrade(ticket, this.#rpt);
    if (status !== 200) return status;
    if (upgraded !== (this.#rpt !== null)) throw new Error("an RPT was not upgraded");
    if (this.#rpt !== null) this.#surrendered.push(this.#rpt);
    this.#rpt = rpt;
    this.#held.add(resource);
    this.#open = null;
    return status;
  }

  /**
   * After a crash: an upgrade whose answer was lost has happened whole or not at all, and all else is as it was
   * acknowledged.
   */
  async check(findings: Findings): Promise<void> {
    if (this.#open !== null) await this.#resume(this.#open, findings);
    await eachOf(this.#surrendered, ASKING_LANES, async (rpt) => {
      findings.expect(!(await this.#scene.isActive(rpt)), () => "a surrendered RPT is active");
    });
    if (this.#rpt === null) return;
    const permitted = await this.#scene.permitted(this.#rpt);
    findings.expect(permitted.toSorted().join() === [...this.#held].toSorted().join(), () => {
      return `an upgraded RPT permits ${permitted.length} things of ${this.#held.size}`;
    });
  }

  async #resume(open: { readonly ticket: string; readonly resource: string }, findings: Findings): Promise<void> {
    const status = await this.#present(open);
    findings.expect(status === 200 || status === 400, () => `an upgrade that was not answered is answered ${status}`);
    if (status === 200) return;
    // It had happened, and whoever got the RPT died with it.
    if (this.#rpt !== null) this.#surrendered.push(this.#rpt);
    this.#rpt = null;
    this.#held.clear();
    this.#open = null;
  }
}
