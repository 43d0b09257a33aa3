import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../../examples/serve/build.mjs";
import { Runtime } from "../../../examples/serve/launch.mjs";
import { ROOT } from "../../../examples/serve/root.mjs";
import { shareWithGuest } from "../../../examples/start/shares.mjs";
import { SharingDesk } from "../../../examples/start/sharing-desk.mjs";
import { serveStartPage } from "../../../examples/start/start-page.mjs";
import { consultVariables, identityProviderVariables, recordsVariables } from "../../../examples/start/variables.mjs";
import { World } from "../../../examples/start/world.mjs";
import type { Site } from "../server/http-site.ts";
import { freePort } from "../server/start-server.ts";

/** A Worker of `examples/`, or what else has a port there, as examples/start/settings.mjs names it. */
interface Place {
  readonly name: string;
  readonly port: number;
  readonly origin: string;
}

/**
 * The sample world of `npm start` around the Usher of a run: the same Workers, set up by the same code, but built as a
 * deployment would build them, which starts and answers faster than `wrangler dev`.
 */
export class SampleWorld {
  readonly records: Place;
  readonly identityProvider: Place;
  readonly consult: Place;
  readonly startPage: Place;
  readonly #folder: string;
  readonly #usher: Site;
  readonly #runtimes: Runtime[] = [];
  #end: () => void = () => undefined;
  #desk: SharingDesk | undefined;

  private constructor(usher: Site, places: readonly Place[]) {
    const [records, identityProvider, consult, startPage] = places;
    if (!records || !identityProvider || !consult || !startPage) throw new Error("the sample world has four places");
    this.#usher = usher;
    this.records = records;
    this.identityProvider = identityProvider;
    this.consult = consult;
    this.startPage = startPage;
    this.#folder = mkdtempSync(join(tmpdir(), "usher-world-"));
  }

  static async start(usher: Site): Promise<SampleWorld> {
    const places = ["health-records", "identity-provider", "client", "start page"].map(placeOf);
    const sample = new SampleWorld(usher, await Promise.all(places));
    await sample.#start();
    return sample;
  }

  /** The clinic shares its imaging reports with one more person, on the terms of its guests. */
  async shareWith(address: string): Promise<void> {
    const policy = shareWithGuest(new Date());
    await this.#desk?.share({ ...policy, name: address, who: { claim: "email", equals: address } });
  }

  async end(): Promise<void> {
    this.#end();
    await Promise.all(this.#runtimes.map((runtime) => runtime.kill()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const { records, identityProvider, consult, startPage } = this;
    const settings = {
      usher: { origin: this.#usher.issuer },
      records,
      identityProvider,
      consult,
      startPage,
      worldFile: join(this.#folder, "world.json"),
      shellFile: join(this.#folder, "world.env"),
    };
    const world = new World(settings, this.#usher.adminSecret);
    const [recordsBundle, consultBundle] = await Promise.all([
      this.#build(records),
      this.#build(consult),
      this.#run(identityProvider, await this.#build(identityProvider), identityProviderVariables(settings)),
    ]);
    const made = await world.setUp();
    this.#desk = new SharingDesk(this.#usher.issuer, made.desk);
    const server = await serveStartPage(settings);
    this.#end = () => server.close();
    await this.#run(records, recordsBundle, recordsVariables(settings, made));
    await this.#run(consult, consultBundle, consultVariables(settings, made));
  }

  #build({ name }: Place): Promise<string> {
    return build(configOf(name), join(this.#folder, name));
  }

  async #run({ name, port }: Place, bundle: string, variables: Record<string, string>): Promise<void> {
    const runtime = new Runtime("ignore");
    this.#runtimes.push(runtime);
    process.once("exit", () => runtime.killNow());
    await runtime.ask("start", {
      config: configOf(name),
      bundle,
      front: false,
      state: join(this.#folder, "state", name),
      host: "127.0.0.1",
      port,
      bindings: variables,
      migrations: null,
    });
  }
}

async function placeOf(name: string): Promise<Place> {
  const port = await freePort();
  return { name, port, origin: `http://localhost:${port}` };
}

function configOf(name: string): string {
  return join(ROOT, "examples", name, "wrangler.toml");
}
