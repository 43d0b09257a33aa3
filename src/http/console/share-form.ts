import {
  SHARE_KINDS,
  SHARE_REACHES,
  type ShareErrors,
  type ShareFields,
  type ShareKind,
} from "../../pages/console/share.tsx";
import type { Policy, PolicyBody, TargetBody } from "../../policy/language/policy.ts";
import type { Audience } from "../../policy/share/audience.ts";
import type { Share } from "../../policy/share/describe-share.ts";
import { type Permitted, permit, writeShare } from "../../policy/share/write-share.ts";
import { parseAddress } from "../../protocol/email-address.ts";
import { readableScope } from "../../protocol/scope-names.ts";
import { invalidRequest } from "../../shared/error.ts";
import { isId } from "../../shared/ids.ts";
import { MAX_NAME_CHARACTERS, MAX_SCOPES_PER_POLICY } from "../../shared/limits.ts";
import { TRIMMED_LINE } from "../../shared/parse.ts";
import { lastSecondOf } from "../browser/day.ts";
import type { FormParameters } from "../form.ts";

/** What a share that is filled in is about, and when. */
export interface FormCircumstances {
  /** Ids of the things, and what of the first matters to a share of its kind. */
  readonly things: readonly { readonly id: string; readonly type: string | null }[];
  /** What can be done with them. */
  readonly scopes: readonly string[];
  /** The share that is changed; null: it is a new one. */
  readonly change: { readonly policy: Policy; readonly share: Share } | null;
  /** IANA name. */
  readonly timeZone: string;
  /** Epoch seconds. */
  readonly now: number;
}

/** A form as it was filled in, and the document that it comes to; null where something has to be looked at again. */
export interface FilledShare {
  readonly fields: ShareFields;
  readonly errors: ShareErrors;
  readonly document: PolicyBody | null;
  /** The address of a person with whom it is, in its canonical form; null: it is with nobody in particular. */
  readonly address: string | null;
}

export function kindOf(text: string | undefined | null): ShareKind {
  return SHARE_KINDS.find((kind) => kind === text) ?? "person";
}

/**
 * What stands in a form that nobody has filled in yet. Seeing is what most people share, so that is chosen where there is
 * such a thing to do, or only one; whatever else can be done is only shared by whoever says so.
 */
export function emptyFields(kind: ShareKind, scopes: readonly string[]): ShareFields {
  const harmless = scopes.filter((scope) => HARMLESS.test(readableScope(scope)));
  return {
    kind,
    address: "",
    group: "",
    app: "",
    acts: scopes.length === 1 ? scopes : harmless.slice(0, 1),
    everyAct: false,
    reach: "this",
    until: "",
    asksFirst: false,
    agreementTitle: "",
    agreementText: "",
  };
}

const HARMLESS = /(?:^|[.:/])(?:view|read|see)$/i;

/** What stands in the form that changes a share. */
export function fieldsOfShare(share: Share, timeZone: string): ShareFields {
  const { scopes, until, asksFirst } = share;
  return {
    ...emptyFields("person", []),
    acts: scopes === "all" ? [] : scopes,
    everyAct: scopes === "all",
    until: until === null ? "" : dayOf(until, timeZone),
    asksFirst,
  };
}

/** A day as a date field takes it (HTML §2.3.5.2). */
function dayOf(seconds: number, timeZone: string): string {
  return new Intl.DateTimeFormat("sv", { dateStyle: "short", timeZone }).format(new Date(seconds * 1_000));
}

export function readShareForm(form: FormParameters, about: FormCircumstances): FilledShare {
  const fields = fieldsIn(form, about.scopes);
  const until = endOf(fields, about);
  const address = fields.kind === "person" ? parseAddress(fields.address) : null;
  const isNew = about.change === null;
  const errors: ShareErrors = [
    ...(isNew && fields.kind === "person" && address === null ? ["address" as const] : []),
    ...(scopesOf(fields, about) === null ? ["act" as const] : []),
    ...(until === undefined ? ["until" as const] : []),
    ...(isNew ? agreementErrors(fields) : []),
  ];
  const isFilled = errors.length === 0 && until !== undefined;
  const permitted = { scopes: scopesOf(fields, about) ?? "all", until: until ?? null, asksFirst: fields.asksFirst };
  return { fields, errors, document: isFilled ? documentOf(fields, address, permitted, about) : null, address };
}

function fieldsIn(form: FormParameters, scopes: readonly string[]): ShareFields {
  return {
    kind: kindOf(form.get("with")),
    address: form.get("address") ?? "",
    group: form.get("group") ?? "",
    app: form.get("app") ?? "",
    // What can no longer be done is not shared.
    acts: form.chosen("act").filter((act) => scopes.includes(act)),
    everyAct: form.get("every_act") === "yes",
    reach: SHARE_REACHES.find((reach) => reach === form.get("reach")) ?? "this",
    until: form.get("until") ?? "",
    asksFirst: form.get("asks_first") === "yes",
    agreementTitle: form.get("agreement_title")?.trim() ?? "",
    agreementText: form.get("agreement_text")?.trim() ?? "",
  };
}

/**
 * @returns null where nothing was chosen.
 * @throws ProtocolError invalid_request for more than a policy may name, of several things with many each.
 */
function scopesOf({ acts, everyAct }: ShareFields, { scopes }: FormCircumstances): readonly string[] | "all" | null {
  if (everyAct || scopes.length === 0) return "all";
  if (acts.length > MAX_SCOPES_PER_POLICY) throw invalidRequest(`act: choose at most ${MAX_SCOPES_PER_POLICY}, or all`);
  return acts.length === 0 ? null : acts;
}

/** Epoch seconds; null: no end; undefined: no day that is still to come. A day that was not touched keeps its hour. */
function endOf({ until }: ShareFields, { change, timeZone, now }: FormCircumstances): number | null | undefined {
  if (until === "") return null;
  const before = change?.share.until ?? null;
  const end = before !== null && dayOf(before, timeZone) === until ? before : lastSecondOf(until, timeZone);
  return end === null || end <= now ? undefined : end;
}

function agreementErrors({ agreementTitle, agreementText }: ShareFields): ShareErrors {
  if (agreementTitle === "" && agreementText === "") return [];
  const isTitle = agreementTitle.length <= MAX_NAME_CHARACTERS && TRIMMED_LINE.test(agreementTitle);
  return [...(isTitle ? [] : ["agreementTitle" as const]), ...(agreementText === "" ? ["agreementText" as const] : [])];
}

function documentOf(
  fields: ShareFields,
  address: string | null,
  permitted: Permitted,
  { things, change }: FormCircumstances,
): PolicyBody {
  if (change !== null) return permit(change.policy.document, permitted);
  const { agreementTitle: title, agreementText: text } = fields;
  const agreement = title === "" ? null : { title, text };
  return writeShare({ ...permitted, whom: audienceOf(fields, address), target: targetOf(fields, things), agreement });
}

function audienceOf({ kind, group, app }: ShareFields, address: string | null): Audience {
  switch (kind) {
    case "person":
      return { kind: "address", address: address ?? "", vouchers: null };
    case "group":
      return { kind: "group", groupId: idIn("group", group) };
    case "app":
      return { kind: "app", clientId: idIn("app", app) };
    case "everybody":
      return { kind: "everybody" };
  }
}

/** Our own pages offer no other. */
function idIn(name: string, value: string): string {
  if (isId(value)) return value;
  throw invalidRequest(`${name}: choose one of the list`);
}

function targetOf({ reach }: ShareFields, things: FormCircumstances["things"]): TargetBody {
  const type = things[0]?.type ?? null;
  if (reach === "kind" && type !== null) return { type };
  return reach === "everything" ? { all: true } : { resources: things.map(({ id }) => id) };
}
