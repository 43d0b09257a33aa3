import type { MiddlewareHandler } from "hono";
import { type CodeSent, noteProof, offersEmail, sendCode } from "../../operations/account/email-code.ts";
import { codeLetter } from "../../pages/code-letter.ts";
import type { CodePageProps } from "../../pages/sign-in-code.tsx";
import type { CodePurpose } from "../../protocol/email-challenge.ts";
import { KNOWN_BROWSER_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { ProtocolError } from "../../shared/error.ts";
import { MINUTE } from "../../shared/time.ts";
import { readCookie, writeCookie } from "../browser/cookies.ts";
import { wordsFor } from "../browser/language.ts";
import { visitHashOf } from "../browser/visit.ts";
import type { PageContext, UsherEnv } from "../context.ts";
import { sourceOf } from "../source.ts";

/** Where no letter can be sent, nothing is there that needs one. */
export const whereLettersGo: MiddlewareHandler<UsherEnv> = async (c, next) => {
  if (!offersEmail(c.var.services)) throw new ProtocolError("not_found", "this server sends no e-mail");
  await next();
};

/** How a page tells what an entered code was. */
export const CODE_ERRORS = { no_code: "missing", wrong: "wrong", expired: "expired", gone: "tooMany" } as const;

/** A page that takes a code, as far as it differs from one time to the next. */
export interface CodeForm extends Pick<CodePageProps, "address">, Partial<Pick<CodePageProps, "error" | "wait">> {
  /** The challenge, sealed. */
  readonly at: string;
}

export function minutesOf(seconds: number): number {
  return Math.ceil(seconds / MINUTE);
}

/** Whom to send a code to, and what the letter says it is for. */
interface Addressee {
  readonly purpose: CodePurpose;
  /** Canonical. */
  readonly address: string;
  /** The name of the app that sent the person here; null: none did. */
  readonly app: string | null;
}

/** Sends a code in the reader's language, to be entered in this browser. */
export async function requestCode(c: PageContext, { purpose, address, app }: Addressee): Promise<CodeSent> {
  const { services, now } = c.var;
  const letter = { words: wordsFor(c), purpose, app, host: new URL(services.config.issuer).host };
  const request = {
    purpose,
    address,
    visit: await visitHashOf(c),
    source: sourceOf(c.req.raw),
    knownBrowser: readCookie(c, "known"),
    write: (code: string) => codeLetter({ ...letter, code }),
  };
  return sendCode(services, request, now);
}

/** From now on this browser has letters to that address of its own, whatever strangers ask for. */
export async function rememberProof(c: PageContext, address: string): Promise<void> {
  const { services, now } = c.var;
  const known = await noteProof(services, readCookie(c, "known"), address, now);
  writeCookie(c, "known", known, KNOWN_BROWSER_LIFETIME_SECONDS);
}
