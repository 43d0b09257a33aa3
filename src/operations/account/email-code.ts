import type { Config } from "../../config.ts";
import { letterBoxOf } from "../../protocol/email-address.ts";
import { type CodePurpose, type EmailChallenge, parseChallenge } from "../../protocol/email-challenge.ts";
import { EMAIL_CODE_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { hourlyPace } from "../../protocol/pace.ts";
import { EMAIL_CODE_DIGITS, KNOWN_SHARE_OF_SOURCE, MAX_LETTERS_PER_SOURCE_PER_HOUR } from "../../shared/limits.ts";
import type { EmailCodes } from "../ports/email-code.ts";
import type { EventSink } from "../ports/event.ts";
import type { Pacer } from "../ports/pace.ts";
import type { Mail, Post } from "../ports/post.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import { knowBrowser, openKnownBrowser } from "./known-browser.ts";

const DIGITS = "0123456789";

interface EmailCodeServices {
  readonly config: Pick<Config, "mailsPerHour">;
  readonly post: Post;
  readonly pacer: Pacer;
  readonly emailCodes: EmailCodes;
  readonly sealer: Sealer;
  readonly secrets: Pick<Secrets, "random" | "hash">;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** Somebody who says that an address is theirs. */
export interface CodeRequest {
  readonly purpose: CodePurpose;
  /** Canonical (protocol/email-address.ts). */
  readonly address: string;
  /** Hash of the visit. */
  readonly visit: string;
  /** As http/source.ts tells it. */
  readonly source: string;
  /** What the browser holds of former proofs; null: nothing. */
  readonly knownBrowser: string | null;
  /** Writes the letter, in the reader's language. */
  readonly write: (code: string) => Omit<Mail, "to">;
}

export type CodeSent =
  /** What the browser keeps until the code is entered. */
  | { readonly kind: "sent"; readonly challenge: string }
  /** Too many were sent of late: the seconds until another one may be. */
  | { readonly kind: "wait"; readonly seconds: number }
  | { readonly kind: "not_posted" };

/** Whether letters can be sent, so that signing in by a code can be offered. */
export function offersEmail({ post }: Pick<EmailCodeServices, "post">): boolean {
  return post.isAvailable;
}

/**
 * Sends a code to an address.
 *
 * INVARIANT: nothing here asks whether the address is anybody's, so neither the answer nor the time it takes can tell.
 */
export async function sendCode(services: EmailCodeServices, request: CodeRequest, now: number): Promise<CodeSent> {
  const { purpose, address, visit } = request;
  const [id, key, code] = [
    services.randomness.id(),
    services.secrets.random(),
    services.randomness.letters(DIGITS, EMAIL_CODE_DIGITS),
  ];
  const letter = { id, box: await boxOf(services, address), codeHash: await hashOf(services, key, code) };
  const seconds = await waitForTurn(services, request, letter, now);
  if (seconds > 0) return { kind: "wait", seconds };
  const posted = await services.post.send({ to: address, ...request.write(code) });
  if (posted !== "posted") {
    await services.emailCodes.withdraw(letter.box, id);
    services.events.emit({ kind: "mail_failed", failure: posted.failure });
    return { kind: "not_posted" };
  }
  services.events.emit({ kind: "email_code_sent", purpose });
  const expiresAt = now + EMAIL_CODE_LIFETIME_SECONDS;
  const challenge: EmailChallenge = { purpose, letterId: id, address, key, visit, expiresAt };
  return { kind: "sent", challenge: await services.sealer.seal("email_challenge", challenge) };
}

/**
 * Asks by source first, so that one source spends nobody else's budget; then by letter box, then in sum. Who is known has
 * budgets of their own in each: by source and in sum apart from strangers, at the box by browser.
 * @returns seconds to wait; 0: it may go.
 */
async function waitForTurn(
  services: EmailCodeServices,
  { source, knownBrowser }: CodeRequest,
  letter: { readonly id: string; readonly box: string; readonly codeHash: string },
  now: number,
): Promise<number> {
  const { config, pacer, emailCodes, events } = services;
  const heldBack = (by: "source" | "address", seconds: number) => {
    events.emit({ kind: "email_code_held_back", by });
    return seconds;
  };
  const browser = await openKnownBrowser(services, knownBrowser, now);
  const isKnown = browser?.boxes.includes(letter.box) === true;
  const sender = await services.secrets.hash(isKnown ? `browser:${browser.id}` : `source:${source}`);
  const bySource = isKnown
    ? await pacer.take(`letters-from-known:${source}`, hourlyPace(knownPerSource(config)))
    : await pacer.take(`letters-from:${source}`, hourlyPace(MAX_LETTERS_PER_SOURCE_PER_HOUR));
  if (bySource > 0) return heldBack("source", bySource);
  const byBox = await emailCodes.begin({ ...letter, sender, isKnown });
  if (byBox > 0) return heldBack("address", byBox);
  const everybody = isKnown ? "letters-to-known" : "letters-to-strangers";
  const inSum = await pacer.take(everybody, hourlyPace(config.mailsPerHour));
  if (inSum === 0) return 0;
  await emailCodes.withdraw(letter.box, letter.id);
  events.emit({ kind: "mail_used_up" });
  return inSum;
}

/** Two at least: a pace lets half of them pass at once. */
function knownPerSource({ mailsPerHour }: EmailCodeServices["config"]): number {
  return Math.max(2, mailsPerHour * KNOWN_SHARE_OF_SOURCE);
}

/** A code that somebody entered. */
export interface EnteredCode {
  readonly purpose: CodePurpose;
  readonly challenge: string;
  readonly visit: string;
  /** As it was typed. */
  readonly typed: string;
}

export type CodeChecked =
  | { readonly kind: "right"; readonly address: string }
  /** Eight digits are asked for: nothing was counted. */
  | { readonly kind: "no_code"; readonly address: string }
  | { readonly kind: "wrong"; readonly address: string; readonly triesLeft: number }
  | { readonly kind: "expired"; readonly address: string }
  /** Spent, or tried too often. */
  | { readonly kind: "gone"; readonly address: string }
  /** Of another browser, or nothing of ours. */
  | { readonly kind: "foreign" };

export async function checkCode(services: EmailCodeServices, entered: EnteredCode, now: number): Promise<CodeChecked> {
  const challenge = await openChallenge(services, entered);
  if (challenge === null) return { kind: "foreign" };
  const { address, letterId, key, expiresAt } = challenge;
  if (expiresAt <= now) return { kind: "expired", address };
  const code = digitsOf(entered.typed);
  if (code === null) return { kind: "no_code", address };
  const box = await boxOf(services, address);
  const tried = await services.emailCodes.tryCode(box, letterId, await hashOf(services, key, code));
  services.events.emit({ kind: "email_code_entered", purpose: entered.purpose, outcome: tried.kind });
  return { ...tried, address };
}

/** @returns null where it is another browser's, was for something else, or is nothing of ours. */
export async function openChallenge(
  { sealer }: Pick<EmailCodeServices, "sealer">,
  { purpose, challenge, visit }: Pick<EnteredCode, "purpose" | "challenge" | "visit">,
): Promise<EmailChallenge | null> {
  return parseChallenge(await sealer.open("email_challenge", challenge), purpose, visit);
}

/** Notes that an address was proved in a browser. @returns what the browser holds from now on. */
export async function noteProof(
  services: Pick<EmailCodeServices, "sealer" | "randomness" | "secrets">,
  knownBrowser: string | null,
  address: string,
  now: number,
): Promise<string> {
  return knowBrowser(services, knownBrowser, await boxOf(services, address), now);
}

/** People put blanks and hyphens between digits, and some keyboards write them wide. */
function digitsOf(typed: string): string | null {
  const code = typed.normalize("NFKC").replaceAll(/[\s-]/g, "");
  return code.length === EMAIL_CODE_DIGITS && /^\d+$/.test(code) ? code : null;
}

function boxOf({ secrets }: Pick<EmailCodeServices, "secrets">, address: string): Promise<string> {
  return secrets.hash(letterBoxOf(address));
}

/** INVARIANT: the key has as many bits as the hash, and only the browser holds it. */
function hashOf({ secrets }: Pick<EmailCodeServices, "secrets">, key: string, code: string): Promise<string> {
  return secrets.hash(`${key}|${code}`);
}
