import type { Config } from "../../config.ts";
import { badCursor } from "../../shared/cursor.ts";
import type { ClientStore } from "../ports/client.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { IdentityProviderStore, OpenIdProviders } from "../ports/identity-provider.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { Keys } from "../ports/keys.ts";
import type { Page } from "../ports/page.ts";
import type { Post } from "../ports/post.ts";
import type { Probes } from "../ports/probes.ts";
import type { PublishedKeys } from "../ports/published-keys.ts";
import type { WebhookQueues, WebhookStore } from "../ports/webhook.ts";
import { type Check, look, lookOrTell } from "./check.ts";
import { checkClients } from "./check-clients.ts";
import { checkIssuers } from "./check-issuers.ts";
import { checkProviders } from "./check-providers.ts";
import { checkWebhooks } from "./check-webhooks.ts";
import { reviewClock, reviewKeys, reviewMail, reviewMigrations, reviewSettings } from "./server-review.ts";

/** Between the cursors of issuers and clients; neither has it in it. */
const SEPARATOR = "~";
/** The place in a list of which everything has been read. */
const ENDED = "";
const NOTHING: Page<Check> = { items: [], next: null };

interface CheckServices {
  readonly config: Config;
  readonly probes: Probes;
  readonly keys: Pick<Keys, "list">;
  readonly post: Post;
  readonly publishedKeys: PublishedKeys;
  readonly trustedIssuers: Pick<TrustedIssuerStore, "list" | "listTrusted">;
  readonly identityProviders: Pick<IdentityProviderStore, "listEnabled">;
  readonly openIdProviders: Pick<OpenIdProviders, "inspect">;
  readonly clients: Pick<ClientStore, "list">;
  readonly connections: Pick<ConnectionStore, "listConnected">;
  readonly webhooks: Pick<WebhookStore, "listFor">;
  readonly webhookQueues: WebhookQueues;
}

/**
 * Looks at everything that has to be right before anybody is served, and says what to do where it is not. Issuers and
 * clients come page by page, the server itself, its few identity providers and its own webhooks with the first.
 * @throws ProtocolError invalid_request for a cursor that is none; nothing else, since what fails is what it tells.
 */
export async function checkServer(services: CheckServices, cursor: string | null, now: number): Promise<Page<Check>> {
  const [issuersFrom, clientsFrom] = readCursor(cursor);
  const [server, providers, webhooks, issuers, clients] = await Promise.all([
    cursor === null ? checkItself(services, now) : [],
    cursor === null ? checkProviders(services, now) : [],
    cursor === null ? checkWebhooks(services) : [],
    issuersFrom === ENDED ? NOTHING : checkIssuers(services, issuersFrom),
    clientsFrom === ENDED ? NOTHING : checkClients(services, clientsFrom),
  ]);
  const items = [...server, ...providers, ...webhooks, ...issuers.items, ...clients.items];
  return { items, next: writeCursor(issuers.next, clients.next) };
}

function readCursor(cursor: string | null): readonly [issuers: string | null, clients: string | null] {
  if (cursor === null) return [null, null];
  const [issuers, clients, ...rest] = cursor.split(SEPARATOR);
  if (issuers === undefined || clients === undefined || rest.length > 0) throw badCursor();
  return [issuers, clients];
}

function writeCursor(issuers: string | null, clients: string | null): string | null {
  if (issuers === null && clients === null) return null;
  return [issuers ?? ENDED, clients ?? ENDED].join(SEPARATOR);
}

async function checkItself({ config, probes, keys, post }: CheckServices, now: number): Promise<readonly Check[]> {
  const checks = await Promise.all([
    ...Object.entries(probes.bindings).map(([binding, ask]) => checkBinding(binding, ask)),
    look("migrations", async () => reviewMigrations(probes.neededMigrations, await probes.appliedMigrations())),
    look("clock", async () => reviewClock(now, await probes.recordClock())),
    look("keys", async () => reviewKeys(await keys.list(), now)),
  ]);
  return [...reviewSettings(config), reviewMail(config, post), ...checks];
}

function checkBinding(subject: string, ask: () => Promise<unknown>): Promise<Check> {
  const about = { check: "binding", subject };
  const answers = async (): Promise<Check> => {
    await ask();
    return { ...about, status: "ok", message: `${subject} answers` };
  };
  return lookOrTell(answers, (fault) => ({
    ...about,
    status: "error",
    message: `${subject} does not answer (${fault}): compare the bindings of wrangler.toml, and see whether the platform has an outage`,
  }));
}
