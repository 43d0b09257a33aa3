import { CodeApp, VERIFIER } from "../support/server/code-app.ts";
import type { Answer } from "../support/server/http-site.ts";
import { basicCredentials } from "../support/server/http-site.ts";
import { EmailPerson } from "../support/server/letters.ts";
import type { LoadScene } from "../support/server/load-scene.ts";
import { locationOf } from "../support/server/person.ts";
import { type Credentials, text, UMA_GRANT, type World } from "../support/server/world.ts";
import { formRequest, type LoadRequest } from "./load.ts";
import type { Route } from "./routes.ts";

const CLAIMS_CALLBACK = "https://consult.example/back";
const LANES = 16;

/** What people add to the hot paths: each beside the floor of a redemption, which commits as they do. */
export async function createPeopleRoutes(scene: LoadScene): Promise<readonly Route[]> {
  const { world } = scene;
  const ana = new EmailPerson(world.site);
  await ana.settle();
  const guarded = await scene.registerResource();
  await scene.permitAddress(guarded, ana.address);
  const client = await world.client({ client_name: "Consult", claims_redirect_uris: [CLAIMS_CALLBACK] });
  const visit = { world, ana, client, mint: () => scene.mintTicket(guarded) };
  const pct = await rememberedAs(visit);
  return [
    { name: "token by code", floor: "redemption", prepare: await prepareCodes(world, ana) },
    { name: "claims page", floor: "redemption", prepare: await prepareClaimsPage(visit) },
    {
      name: "redemption with a PCT",
      floor: "redemption",
      prepare: async (count) => {
        const tickets = await scene.mintTickets(guarded, count);
        return tickets.map((ticket) => redemption(visit, { ticket, pct }));
      },
    },
  ];
}

/** Somebody who shows an app in a browser who they are. */
interface Visit {
  readonly world: World;
  readonly ana: EmailPerson;
  readonly client: Credentials;
  readonly mint: () => Promise<string>;
}

/** An app that is connected already, so that a code is one request away. */
async function prepareCodes(world: World, ana: EmailPerson): Promise<Route["prepare"]> {
  const app = await CodeApp.register(world);
  await app.connect(ana);
  const redemption = (code: string): LoadRequest =>
    formRequest(`${world.site.issuer}/token`, basicCredentials(app.client), {
      grant_type: "authorization_code",
      code,
      redirect_uri: app.redirectUri,
      code_verifier: VERIFIER,
    });
  return (count) => inLanes(count, async () => redemption(await codeFor(app, ana)));
}

async function codeFor(app: CodeApp, ana: EmailPerson): Promise<string> {
  let location = locationOf(await ana.open(app.path()));
  while (!location.startsWith(app.redirectUri)) location = locationOf(await ana.open(location));
  return new URL(location).searchParams.get("code") ?? "";
}

/** The page as it is looked at: its ticket is spent, and it can be read again. */
async function prepareClaimsPage(visit: Visit): Promise<Route["prepare"]> {
  const { world, ana } = visit;
  const url = new URL(await arrive(visit), world.site.issuer).href;
  const cookie = ["__Host-visit", "__Host-session"].map((name) => `${name}=${ana.cookie(name)}`).join("; ");
  const request: LoadRequest = { method: "GET", url, headers: { cookie, accept: "text/html" }, expectedStatus: 200 };
  return async (count) => Array.from({ length: count }, () => request);
}

/** Comes to the claims interaction endpoint. @returns where that leads */
async function arrive({ ana, client, mint }: Visit): Promise<string> {
  const query = new URLSearchParams({ client_id: client.id, ticket: await mint() });
  return locationOf(await ana.open(`/claims?${query}`));
}

/** Shows who she is and has it remembered. @returns the PCT */
async function rememberedAs(visit: Visit): Promise<string> {
  const page = await visit.ana.open(await arrive(visit));
  const back = await visit.ana.submit(page, "/claims/interaction", { decision: "continue", remember: "yes" });
  return text(await redeem(visit, new URL(locationOf(back)).searchParams.get("ticket") ?? ""), "pct");
}

function redeem({ world, client }: Visit, ticket: string): Promise<Answer> {
  return world.uma(client, ticket);
}

function redemption({ world, client }: Visit, fields: { readonly ticket: string; readonly pct: string }): LoadRequest {
  const form = { grant_type: UMA_GRANT, ...fields };
  return formRequest(`${world.site.issuer}/token`, basicCredentials(client), form);
}

/** So many results, a few at once, in no order. */
async function inLanes<T>(count: number, make: () => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  const lane = async () => {
    while (made.length < count) made.push(await make());
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return made.slice(0, count);
}
