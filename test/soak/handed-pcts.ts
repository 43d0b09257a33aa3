import { EmailPerson } from "../support/server/letters.ts";
import type { LoadScene } from "../support/server/load-scene.ts";
import { locationOf } from "../support/server/person.ts";
import { type Credentials, expectStatus, text } from "../support/server/world.ts";
import { eachOf, type Findings } from "./findings.ts";

export const CLAIMS_CALLBACK = "https://consult.example/back";
const ASKING_LANES = 16;
/** By its client, and by the operator. */
const WAYS_TO_END = 2;

/** A PCT in the hands of its client. */
export interface HandedPct {
  readonly client: Credentials;
  readonly pct: string;
}

/** Somebody who lets app after app remember her (Grant §3.3.5): what was handed out works, and what ended stays dead. */
export class HandedPcts {
  readonly #scene: LoadScene;
  readonly #person: EmailPerson;
  /** What she may view once it is known who she is. */
  readonly #guarded: string;
  readonly #good: HandedPct[] = [];
  readonly #ended: HandedPct[] = [];

  private constructor(scene: LoadScene, person: EmailPerson, guarded: string) {
    this.#scene = scene;
    this.#person = person;
    this.#guarded = guarded;
  }

  static async open(scene: LoadScene): Promise<HandedPcts> {
    const person = new EmailPerson(scene.world.site);
    await person.settle();
    const guarded = await scene.registerResource();
    await scene.permitAddress(guarded, person.address);
    const pcts = new HandedPcts(scene, person, guarded);
    // The first kill finds all kinds.
    while (pcts.#good.length === 0 || pcts.#ended.length < WAYS_TO_END) await pcts.use();
    return pcts;
  }

  /** How many were handed out, and how many of these ended. */
  get counts(): { readonly handed: number; readonly ended: number } {
    return { handed: this.#good.length + this.#ended.length, ended: this.#ended.length };
  }

  /** A new app is let in; about every other has it ended again, by itself and by the operator in turn. */
  async use(): Promise<void> {
    const client = await this.#scene.world.client({ client_name: "Consult", claims_redirect_uris: [CLAIMS_CALLBACK] });
    const handed = await this.handTo(client);
    if (Math.random() < 0.5) {
      this.#good.push(handed);
      return;
    }
    await this.#end(handed);
    this.#ended.push(handed);
  }

  /** She shows an app who she is, and lets it remember that. */
  async handTo(client: Credentials): Promise<HandedPct> {
    const { world } = this.#scene;
    const query = new URLSearchParams({ client_id: client.id, ticket: await this.#scene.mintTicket(this.#guarded) });
    const page = await this.#person.open(locationOf(await this.#person.open(`/claims?${query}`)));
    const fields = { decision: "continue", remember: "yes" };
    const back = await this.#person.submit(page, "/claims/interaction", fields);
    const ticket = new URL(locationOf(back)).searchParams.get("ticket") ?? "";
    return { client, pct: text(expectStatus(await world.uma(client, ticket), 200), "pct") };
  }

  async #end({ client, pct }: HandedPct): Promise<void> {
    const { world } = this.#scene;
    if (this.#ended.length % WAYS_TO_END === 0) {
      expectStatus(await world.send("POST", "/revocation", { basic: client, form: { token: pct } }), 200);
      return;
    }
    const { forgotten } = expectStatus(await world.admin("DELETE", `/pcts/clients/${client.id}`), 200).body;
    if (forgotten !== 1) throw new Error(`a PCT was handed out, and ${forgotten} were forgotten`);
  }

  async check(findings: Findings): Promise<void> {
    await eachOf(this.#good, ASKING_LANES, async (handed) => {
      findings.expect(await this.#isTaken(handed), () => "a PCT that was handed out does not work");
    });
    await eachOf(this.#ended, ASKING_LANES, async (handed) => {
      findings.expect(!(await this.#isTaken(handed)), () => "a PCT that ended works again");
    });
  }

  /** Whether it tells who she is; a PCT that does not count is as if none had been sent. */
  async #isTaken({ client, pct }: HandedPct): Promise<boolean> {
    const { status } = await this.#scene.world.uma(client, await this.#scene.mintTicket(this.#guarded), { pct });
    if (status === 200 || status === 403) return status === 200;
    throw new Error(`a PCT was answered ${status}`);
  }
}
