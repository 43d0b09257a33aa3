import type { Problem } from "../../pages/error.tsx";
import { en } from "../../pages/words/en.ts";
import { plain } from "../../pages/words/said.ts";
import { type ErrorCode, ProtocolError } from "../../shared/error.ts";

/** A refusal for which the catalogue has words of its own; its reason in the log is the name of the problem. */
export class PageProblem extends ProtocolError {
  readonly problem: Problem;

  /** @param code what programs read, and what gives the status. */
  constructor(problem: Problem, code: ErrorCode = "invalid_request") {
    super(code, plain(en.problems[problem].title), { reason: problem });
    this.name = "PageProblem";
    this.problem = problem;
  }
}

/** What to tell a person of any refusal. */
export function problemOf(error: ProtocolError): Problem {
  if (error instanceof PageProblem) return error.problem;
  const { code, reason, status } = error;
  const known = Object.hasOwn(PROBLEMS, reason) ? PROBLEMS[reason] : undefined;
  if (known !== undefined) return known;
  if (code === "not_found") return "notFound";
  if (code === "too_many_requests") return "tooMany";
  if (code === "temporarily_unavailable") return "unavailable";
  return status >= 500 ? "failed" : "badRequest";
}

/** By the reason that an operation gives. */
const PROBLEMS: Readonly<Record<string, Problem>> = {
  foreign_form: "formOutOfDate",
  unknown_client: "appUnknown",
  unregistered_redirect: "addressUnknown",
  authorization_gone: "linkExpired",
  invalid_request_uri: "linkExpired",
  not_acting: "notYours",
  not_allowed: "notAdministrator",
  administrators_full: "noRoom",
  invitation_gone: "invitationGone",
  invitation_expired: "invitationGone",
  invitation_void: "invitationGone",
  invitation_other: "invitationClosed",
  name_too_long: "nameTooLong",
  passkey_copied: "passkeyCopied",
  passkey_late: "passkeyLate",
  passkey_refused: "passkeyRefused",
};
