import type { Post } from "../../operations/ports/post.ts";

/** A binding of which a server that somebody runs themselves may have none. */
interface MailBinding {
  readonly MAIL?: SendEmail;
}

/**
 * Sends by Cloudflare's e-mail binding.
 * @param from the address of a domain that is set up for sending; null: there is none, so nothing is sent.
 */
export function createCloudflarePost({ MAIL }: MailBinding, from: string | null): Post {
  return {
    isAvailable: MAIL !== undefined && from !== null,
    async send({ stop, ...mail }) {
      if (MAIL === undefined || from === null) return { failure: "no_post" };
      try {
        await MAIL.send({ from, ...mail, ...(stop === undefined ? {} : { headers: stopHeaders(stop) }) });
        return "posted";
      } catch (error) {
        return { failure: codeOf(error) };
      }
    },
  };
}

/** RFC 2369 §3.2, RFC 8058 §3.1. */
function stopHeaders(stop: string): Record<string, string> {
  return { "List-Unsubscribe": `<${stop}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
}

/** Such as E_RECIPIENT_SUPPRESSED. The message may hold the address, so it is told to nobody. */
function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : null;
  return typeof code === "string" ? code : "unknown";
}
