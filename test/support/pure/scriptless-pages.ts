/**
 * Every page for people by its path, in the story that shows it without script (test/browser/without-script.test.ts). Where
 * a passkey is at stake, there is another way beside it.
 */
export const SCRIPTLESS_PAGES = {
  "has an account": [
    "/sign-in",
    "/sign-in/email",
    "/sign-in/email/code",
    "/sign-up",
    "/account",
    "/account/security",
    "/account/security/addresses/code",
    "/account/security/recovery-codes",
    "/account/security/recovery-codes/new",
    "/account/security/sessions/end-all",
    "/account/security/sessions/end-everywhere",
    "/logout",
    "/account/data",
    "/account/data/delete",
    "/account/data/deleted",
    "/sign-in/recovery",
    "/development/mailbox",
  ],
  "keeps a group": ["/console/:owner/groups", "/console/:owner/groups/:group"],
  "connects an app": ["/authorize/consent", "/console/:owner/apps"],
  "shows an app who they are": ["/claims/interaction", "/claims", "/account/remembered", "/account/shared"],
  "acts for an organisation": ["/invitations", "/account/administrators", "/invitations/declined", "/console/:owner"],
  "decides a request": ["/console/:owner/requests", "/console/:owner/decided", "/console/:owner/requests/:request"],
  "ends a share": ["/console/:owner/things", "/console/:owner/things/:thing", "/console/:owner/activity"],
  "shares a thing": ["/console/:owner/things/:thing/share"],
  "is written to": ["/notices/stop", "/notices/stopped", "/account/notices"],
  "makes an app": ["/profile", "/refusals"],
  "comes from a provider": ["/sign-in/callback"],
} as const;

/** Paths below which pages are found, and that only lead on themselves, or are for programs. */
export const LEADING_ON = [
  "/authorize",
  "/console",
  "/console/:owner/share",
  "/account/apps",
  "/console/:owner/activity/copy.csv",
  "/console/:owner/activity/copy.json",
  "/account/data/download",
  "/console/:owner/live",
  "/account/administrators/invite",
  "/account/administrators/withdraw",
  "/account/administrators/end",
];
