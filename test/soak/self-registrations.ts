import { freshSource } from "../support/server/letters.ts";
import type { LoadScene } from "../support/server/load-scene.ts";
import { attempt, SelfRegistered } from "../support/server/self-registered.ts";
import { expectStatus, text, UMA_GRANT, World } from "../support/server/world.ts";
import { eachOf, type Findings, pause } from "./findings.ts";
import { CLAIMS_CALLBACK, type HandedPcts } from "./handed-pcts.ts";

const ASKING_LANES = 16;
/** Clients that one initial access token lets in. */
const USES = 3;
const PAGE = 200;
/** Of clients that stay and clients that leave there are to be some after each kill. */
const STAYING_SHARE = 0.5;
const BETWEEN_ENDS_MS = 150;
/** Over so long those are spread that are asked for again. */
const AGAIN_WITHIN_MS = 1_000;
const GRANT_TYPES = [UMA_GRANT, "client_credentials"];

/** An initial access token, and who registered by it. */
interface Right {
  readonly id: string;
  /** What all who register by it are called. */
  readonly name: string;
  readonly token: string;
  readonly answered: SelfRegistered[];
}

/** A client that asked for its end, and what it leaves. */
interface Leaving {
  readonly registered: SelfRegistered;
  readonly accessToken: string;
  readonly resource: string;
}

/** Clients that register themselves, and end that again (RFC 7591, RFC 7592). */
export class SelfRegistrations {
  readonly #scene: LoadScene;
  readonly #pcts: HandedPcts;
  readonly #world: World;
  /** By these somebody has registered since the last kill. */
  #rights: Right[] = [];
  readonly #staying: SelfRegistered[] = [];
  readonly #soonLeaving: SelfRegistered[] = [];
  /** Whose end was not acknowledged. */
  #leaving: Leaving[] = [];
  #endings: Promise<void>[] = [];
  readonly #gone: Leaving[] = [];

  private constructor(scene: LoadScene, pcts: HandedPcts) {
    this.#scene = scene;
    this.#pcts = pcts;
    this.#world = worldFromEverywhere(scene.world);
  }

  /** With somebody who is about to leave, so that the first kill finds an end that has begun. */
  static async open(scene: LoadScene, pcts: HandedPcts): Promise<SelfRegistrations> {
    const registrations = new SelfRegistrations(scene, pcts);
    while (registrations.#soonLeaving.length === 0) await registrations.register();
    await registrations.leave();
    return registrations;
  }

  /** How many registrations were acknowledged and not asked to end, and how many ends were acknowledged. */
  get counts(): { readonly registered: number; readonly ended: number } {
    return { registered: this.#staying.length + this.#soonLeaving.length, ended: this.#gone.length };
  }

  /** One more than may register at once by a new token. @throws Error when it is not one of them that is refused */
  async register(): Promise<void> {
    const name = crypto.randomUUID();
    const wanted = {
      name,
      uses: USES,
      grant_types: GRANT_TYPES,
      connection_scopes: ["uma_protection"],
    };
    const made = expectStatus(await this.#world.admin("POST", "/initial-access-tokens", wanted), 201);
    const right = { id: text(made, "id"), name, token: text(made, "token"), answered: [] };
    this.#rights.push(right);
    const registered = await this.#registerAtOnce(right, USES + 1);
    if (registered !== USES) throw new Error(`${registered} registered by a token for ${USES}`);
  }

  /** @returns how many of so many were let in; whoever is refused is refused for the token */
  async #registerAtOnce(right: Right, count: number): Promise<number> {
    const metadata = {
      client_name: right.name,
      grant_types: GRANT_TYPES,
      scope: "uma_protection",
      claims_redirect_uris: [CLAIMS_CALLBACK],
    };
    const one = async () => {
      const answer = await attempt(this.#world, metadata, right.token);
      if (answer.status === 401) return false;
      const registered = SelfRegistered.of(this.#world, expectStatus(answer, 201));
      right.answered.push(registered);
      const clients = Math.random() < STAYING_SHARE ? this.#staying : this.#soonLeaving;
      clients.push(registered);
      return true;
    };
    const outcomes = await Promise.allSettled(Array.from({ length: count }, one));
    const failed = outcomes.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    return outcomes.filter((outcome) => outcome.status === "fulfilled" && outcome.value).length;
  }

  /** Asks again for the ends that a kill broke off, at moments of their own. */
  resume(): void {
    for (const leaving of this.#leaving) this.#end(leaving, pause(Math.random() * AGAIN_WITHIN_MS), [204, 401]);
  }

  /** A client that has things and is trusted with some asks for its end, which takes as long as its copies live. */
  async leave(): Promise<void> {
    const [registered] = this.#soonLeaving;
    if (registered === undefined) {
      await pause(BETWEEN_ENDS_MS);
      return;
    }
    const { client } = registered;
    await this.#world.connect(this.#scene.ownerId, client, ["uma_protection"]);
    await this.#pcts.handTo(client);
    const accessToken = await this.#world.connectedToken(client);
    const resource = await this.#world.registerResource(accessToken, { resource_scopes: ["view"] });
    const leaving = { registered, accessToken, resource };
    this.#soonLeaving.shift();
    this.#leaving.push(leaving);
    this.#end(leaving, Promise.resolve(), [204]);
  }

  /** @param good the statuses that say that it has ended */
  #end(leaving: Leaving, start: Promise<unknown>, good: readonly number[]): void {
    const ending = start.then(async () => {
      const { status } = await leaving.registered.remove();
      if (!good.includes(status)) throw new Error(`an end was answered ${status}`);
      this.#leaving = this.#leaving.filter((each) => each !== leaving);
      this.#gone.push(leaving);
    });
    this.#endings.push(ending);
    // Whether it was the kill that broke it off is looked at in `settle`.
    ending.catch(() => undefined);
  }

  /** After a crash: no token let in more than it may, whoever was let in is there, and whoever has left is not. */
  async check(findings: Findings): Promise<void> {
    await this.#checkRights(findings);
    const staying = [...this.#staying, ...this.#soonLeaving];
    await eachOf(staying, ASKING_LANES, async (registered) => {
      findings.expect((await registered.read()).status === 200, () => "an acknowledged registration is gone");
    });
    await eachOf(this.#gone, ASKING_LANES, (gone) => this.#checkGone(gone, findings));
  }

  /** Ends what was broken off, and looks at it. */
  async conclude(findings: Findings): Promise<void> {
    this.resume();
    await this.settle(findings);
    findings.expect(this.#leaving.length === 0, () => "an end cannot be asked for again");
    await eachOf(this.#gone, ASKING_LANES, (gone) => this.#checkGone(gone, findings));
  }

  /** Waits for whoever is leaving, until they have left or the server is gone. */
  async settle(findings: Findings): Promise<void> {
    for (const outcome of await Promise.allSettled(this.#endings)) {
      const isExpected = outcome.status === "fulfilled" || outcome.reason instanceof TypeError;
      findings.expect(isExpected, () => String(outcome.status === "rejected" && outcome.reason));
    }
    this.#endings = [];
  }

  /** Each use that a token has lost let one client in, also where the answer was lost, and what is left lets in no more. */
  async #checkRights(findings: Findings): Promise<void> {
    const [rights, clients] = await Promise.all([this.#all("/initial-access-tokens"), this.#all("/clients")]);
    const registrations = Map.groupBy(clients, ({ client_name }) => client_name);
    await eachOf(this.#rights, ASKING_LANES, async (right) => {
      const left = Number(rights.find(({ id }) => id === right.id)?.uses_left);
      const listed = (registrations.get(right.name) ?? []).map(({ client_id }) => client_id);
      const made = new Set([...listed, ...right.answered.map(({ client }) => client.id)]).size;
      findings.expect(made + left === USES, () => `${made} registered, ${left} may, by a token for ${USES}`);
      const more = await this.#registerAtOnce(right, left + 1);
      findings.expect(more === left, () => `${more} registered by a token that had ${left} uses left`);
    });
    this.#rights = [];
  }

  async #all(path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const found: Readonly<Record<string, unknown>>[] = [];
    let cursor = "";
    do {
      const { body } = expectStatus(await this.#world.admin("GET", `${path}?limit=${PAGE}${cursor}`), 200);
      found.push(...(body.items ?? []));
      cursor = body.next === undefined ? "" : `&cursor=${encodeURIComponent(body.next)}`;
    } while (cursor !== "");
    return found;
  }

  /** Nothing of it is left: not the client, its connection, its resource, or what it knew people by. */
  async #checkGone({ registered, accessToken, resource }: Leaving, findings: Findings): Promise<void> {
    const { client } = registered;
    const statusOf = async (answer: Promise<{ readonly status: number }>) => (await answer).status;
    const stillThere = {
      registration: (await statusOf(registered.read())) !== 401,
      client: (await statusOf(this.#world.admin("GET", `/clients/${client.id}`))) !== 404,
      secret: (await statusOf(this.#world.token(client, { grant_type: "client_credentials" }))) !== 401,
      "access token": (await statusOf(this.#world.send("GET", "/resources", { bearer: accessToken }))) !== 401,
      resource: await this.#scene.isOwned(resource),
      PCT: (await this.#world.admin("DELETE", `/pcts/clients/${client.id}`)).body.forgotten !== 0,
    };
    for (const [what, isThere] of Object.entries(stillThere)) {
      findings.expect(!isThere, () => `a client has left, and its ${what} is still there`);
    }
  }
}

/** Each request of it comes from elsewhere: that many are refused here is no guessing. */
function worldFromEverywhere({ site }: World): World {
  const fetchFromAnywhere = (request: Request) => {
    request.headers.set("CF-Connecting-IP", freshSource());
    return site.fetch(request);
  };
  return new World({ ...site, fetch: fetchFromAnywhere });
}
