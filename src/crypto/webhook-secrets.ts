import * as v from "valibot";
import type { Secrets } from "../operations/ports/secret.ts";
import type { Vault } from "../operations/ports/vault.ts";
import type { WebhookSecrets } from "../operations/ports/webhook.ts";
import { SECRET_OVERLAP_SECONDS } from "../protocol/webhook.ts";
import { decodeBase64url } from "../shared/base64url.ts";

const PREFIX = "whsec_";
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** After a renewal the secret before it signs as well for a while, so that the receiver has time to learn the new one. */
const Kept = v.object({
  current: v.string(),
  previous: v.nullable(v.object({ secret: v.string(), until: v.number() })),
});
type Kept = v.InferOutput<typeof Kept>;

/** Secrets and signatures as Standard Webhooks has them (https://www.standardwebhooks.com), sealed in the vault. */
export function createWebhookSecrets(vault: Vault, { random }: Pick<Secrets, "random">): WebhookSecrets {
  const seal = (kept: Kept) => vault.seal("webhook_secret", kept);
  const open = async (sealed: string) => {
    const kept = v.safeParse(Kept, await vault.open("webhook_secret", sealed));
    return kept.success ? kept.output : null;
  };
  return {
    async make() {
      const secret = written(random());
      return { secret, sealed: await seal({ current: secret, previous: null }) };
    },
    async renew(sealed, now) {
      const [secret, present] = [written(random()), await open(sealed)];
      const previous = present === null ? null : { secret: present.current, until: now + SECRET_OVERLAP_SECONDS };
      return { secret, sealed: await seal({ current: secret, previous }) };
    },
    async sign(sealed, message, now) {
      const kept = await open(sealed);
      if (kept === null) return null;
      const { current, previous } = kept;
      const secrets = previous === null || previous.until <= now ? [current] : [current, previous.secret];
      const signatures = await Promise.all(secrets.map((secret) => sign(secret, message, now)));
      return signatures.join(" ");
    },
  };
}

/** A secret as receivers are told it. @param random bytes in base64url. */
function written(random: string): string {
  return `${PREFIX}${decodeBase64url(random)?.toBase64()}`;
}

async function sign(secret: string, { id, body }: { readonly id: string; readonly body: string }, at: number) {
  const bytes = Uint8Array.fromBase64(secret.slice(PREFIX.length));
  const key = await crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign"]);
  const content = new TextEncoder().encode(`${id}.${at}.${body}`);
  return `v1,${new Uint8Array(await crypto.subtle.sign("HMAC", key, content)).toBase64()}`;
}
