import { encodeBase64url } from "../../shared/base64url.ts";
import { foreignForm } from "../../shared/error.ts";
import { MAX_JSON_FORM_BODY_BYTES } from "../../shared/limits.ts";
import { sha256 } from "../../shared/sha-256.ts";
import { readJson } from "../body.ts";
import type { PageContext } from "../context.ts";
import { type FormParameters, readForm } from "../form.ts";
import { visitOf } from "./visit.ts";

/** The field of a form, and the header of what a script sends. */
const CSRF_FIELD = "csrf";
const CSRF_HEADER = "X-CSRF";

/** What our own pages send back; a page of another origin cannot read it. */
export async function csrfTokenOf(c: PageContext): Promise<string> {
  return encodeBase64url(await sha256(`csrf|${visitOf(c)}`));
}

/**
 * Reads a form that one of our own pages sent from this very browser.
 * @throws ProtocolError invalid_request with 403 for any other sender, with 400 for what is no form.
 */
export async function readOwnForm(c: PageContext): Promise<FormParameters> {
  checkSender(c);
  const form = await readForm(c.req.raw, true);
  await checkToken(c, form.get(CSRF_FIELD));
  return form;
}

/**
 * Reads JSON that a script of our own pages sent from this very browser.
 * @throws ProtocolError as readOwnForm does.
 */
export async function readOwnJson(c: PageContext): Promise<unknown> {
  checkSender(c);
  await checkToken(c, c.req.header(CSRF_HEADER) ?? null);
  return readJson(c.req.raw, MAX_JSON_FORM_BODY_BYTES);
}

/** Browsers send Origin with every POST (Fetch §3.2); "null", as sandboxed pages send, is nobody's. */
function checkSender(c: PageContext): void {
  if (c.req.header("Origin") !== new URL(c.var.services.config.issuer).origin) throw foreignForm();
}

async function checkToken(c: PageContext, sent: string | null): Promise<void> {
  const expected = await sha256(await csrfTokenOf(c));
  if (!crypto.subtle.timingSafeEqual(await sha256(sent ?? ""), expected)) throw foreignForm();
}
