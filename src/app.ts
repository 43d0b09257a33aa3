import { Hono, type MiddlewareHandler } from "hono";
import { adminRoutes } from "./http/admin.ts";
import { answerError, answerNotFound } from "./http/browser/answer-error.ts";
import { forPeople } from "./http/browser/for-people.ts";
import { languageRoutes } from "./http/browser/language-choice.ts";
import { staticRoutes } from "./http/browser/static-files.ts";
import { consoleRoutes } from "./http/console.ts";
import type { UsherEnv, UsherHono } from "./http/context.ts";
import { browserMayCall } from "./http/cors.ts";
import { drainUnread } from "./http/drain.ts";
import { frontPageRoutes } from "./http/front-page.ts";
import { healthRoutes } from "./http/health.ts";
import { introspectionRoutes } from "./http/introspection.ts";
import { jwksRoutes, metadataRoutes } from "./http/metadata.ts";
import { ownerRoutes } from "./http/owner.ts";
import { accountRoutes } from "./http/people/account.ts";
import { addressRoutes } from "./http/people/addresses.ts";
import { administratorsRoutes } from "./http/people/administrators.ts";
import { authorizeRoutes } from "./http/people/authorize.ts";
import { claimsRoutes } from "./http/people/claims.ts";
import { dataRoutes } from "./http/people/data.ts";
import { developmentMailboxRoutes } from "./http/people/development-mailbox.ts";
import { profilePageRoutes, refusalsPageRoutes } from "./http/people/documents.ts";
import { emailSignInRoutes } from "./http/people/email-sign-in.ts";
import { invitationRoutes } from "./http/people/invitations.ts";
import { linkedIdentityRoutes } from "./http/people/linked-identities.ts";
import { logoutRoutes } from "./http/people/logout.ts";
import { noticeRoutes, stopRoutes, unsubscribeRoutes } from "./http/people/notices.ts";
import { recoveryRoutes } from "./http/people/recovery.ts";
import { recoveryCodeRoutes } from "./http/people/recovery-codes.ts";
import { rememberedRoutes } from "./http/people/remembered.ts";
import { securityRoutes } from "./http/people/security.ts";
import { sharedWithMeRoutes } from "./http/people/shared-with-me.ts";
import { signInRoutes } from "./http/people/sign-in.ts";
import { signOutRoutes } from "./http/people/sign-out.ts";
import { signUpRoutes } from "./http/people/sign-up.ts";
import {
  clientKeyRoutes,
  upstreamCallbackRoutes,
  upstreamRoutes,
  upstreamSignUpRoutes,
} from "./http/people/upstream.ts";
import { permissionRoutes } from "./http/permission.ts";
import { pushedAuthorizationRoutes } from "./http/pushed-authorization.ts";
import { registrationRoutes } from "./http/registration.ts";
import { resourceRegistrationRoutes } from "./http/resource-registration.ts";
import { revocationRoutes } from "./http/revocation.ts";
import { schemaRoutes } from "./http/schema.ts";
import { listenToRequest } from "./http/story.ts";
import { tokenRoutes } from "./http/token.ts";
import { userInfoRoutes } from "./http/user-info.ts";
import type { SharedServices } from "./operations/services.ts";
import { ENDPOINTS, PROFILE_PATH, REFUSALS_PATH } from "./protocol/wire/endpoints.ts";
import { invalidRequest, ProtocolError } from "./shared/error.ts";

/** The timetable: each endpoint, who may call it, and where it is specified. */
export function createApp(services: SharedServices): UsherHono {
  const { origin, pathname } = new URL(services.config.issuer);
  const base = pathname === "/" ? "" : pathname;
  const app = new Hono<UsherEnv>({ strict: false });

  const atOrigin: MiddlewareHandler = async (c, next) => {
    try {
      checkOrigin(c.req.url, origin);
      await next();
    } finally {
      await drainUnread(c.req.raw);
    }
  };

  // Anybody, and before all else: monitors ask all day, so not even a story is kept of it.
  app.use(`${base}/healthz`, atOrigin).route(`${base}/healthz`, healthRoutes()); // docs/operations.md, "Is it up?"

  app.use(listenToRequest(services), atOrigin);

  const pages = (path: string, routes: UsherHono) => app.use(`${path}/*`, forPeople).route(path, routes);
  const open = (path: string, routes: UsherHono) => app.use(`${path}/*`, browserMayCall).route(path, routes);

  // Anybody.
  app.route(base || "/", frontPageRoutes());
  for (const path of wellKnownPaths(base)) open(path, metadataRoutes()); // Grant §2, RFC 8414 §3, OIDC Discovery §4
  open(base + ENDPOINTS.jwks, jwksRoutes()); // RFC 7517 §5
  open(`${base}/sign-in/jwks`, clientKeyRoutes()); // our own keys as a client of identity providers
  open(`${base}/schemas`, schemaRoutes()); // docs/policies.md

  // Clients, authenticated as they are registered (RFC 6749 §2.3).
  open(base + ENDPOINTS.token, tokenRoutes()); // RFC 6749 §3.2, Grant §3.3.1
  open(base + ENDPOINTS.pushedAuthorization, pushedAuthorizationRoutes()); // RFC 9126 §2
  open(base + ENDPOINTS.revocation, revocationRoutes()); // Grant §3.7, RFC 7009

  // Clients that register themselves, with an initial access token, with the token of their registration, or as anybody.
  open(base + ENDPOINTS.registration, registrationRoutes()); // RFC 7591 §3, RFC 7592 §2

  // Resource servers, with an access token of the scope uma_protection.
  open(base + ENDPOINTS.resourceRegistration, resourceRegistrationRoutes()); // FedAuthz §3
  open(base + ENDPOINTS.permission, permissionRoutes()); // FedAuthz §4
  open(base + ENDPOINTS.introspection, introspectionRoutes()); // FedAuthz §5, RFC 7662

  // Apps that somebody signed in to, with an access token of the scope openid.
  open(base + ENDPOINTS.userInfo, userInfoRoutes()); // OIDC Core §5.3

  // Resource owners' tools, with an access token of the scope uma_policy.
  open(`${base}/owner`, ownerRoutes()); // docs/api.md, "Owner API"

  // The operator, with the operator's secret; no page in a browser.
  app.route(`${base}/admin`, adminRoutes()); // docs/api.md, "Admin API"

  // Programs that read mail, with the link of a letter.
  app.route(`${base}/unsubscribe`, unsubscribeRoutes()); // RFC 8058

  // People, in a browser: no other page may call or frame these.
  app.route(`${base}/static`, staticRoutes()); // what the pages load
  pages(base + ENDPOINTS.authorization, authorizeRoutes()); // RFC 6749 §3.1, RFC 7636, RFC 9207
  pages(`${base}/sign-in/with`, upstreamRoutes()); // to an identity provider
  pages(`${base}/sign-in/callback`, upstreamCallbackRoutes()); // and back, OIDC Core §3.1.2.5
  pages(`${base}/sign-up/with`, upstreamSignUpRoutes());
  pages(`${base}/account/security/linked`, linkedIdentityRoutes());
  pages(base + ENDPOINTS.claims, claimsRoutes()); // Grant §3.3.2
  pages(base + PROFILE_PATH, profilePageRoutes()); // docs/profile.md
  pages(base + REFUSALS_PATH, refusalsPageRoutes()); // docs/refusals.md
  pages(`${base}/language`, languageRoutes()); // the choice at the foot of every page
  pages(`${base}/sign-in`, signInRoutes()); // docs/accounts.md, with all that follows
  pages(`${base}/sign-in/recovery`, recoveryRoutes());
  pages(`${base}/sign-in/email`, emailSignInRoutes());
  pages(`${base}/sign-up`, signUpRoutes());
  pages(`${base}/sign-out`, signOutRoutes());
  pages(base + ENDPOINTS.endSession, logoutRoutes()); // OIDC RP-Initiated Logout §2
  pages(`${base}/account`, accountRoutes());
  pages(`${base}/account/shared`, sharedWithMeRoutes()); // what others share with somebody
  pages(`${base}/account/remembered`, rememberedRoutes()); // what is remembered of somebody, for which app
  pages(`${base}/account/data`, dataRoutes()); // docs/accounts.md, "Deleting an account"
  pages(`${base}/account/notices`, noticeRoutes()); // which letters somebody gets
  pages(`${base}/notices`, stopRoutes()); // where the link at the foot of a letter leads
  pages(`${base}/account/security`, securityRoutes());
  pages(`${base}/account/security/recovery-codes`, recoveryCodeRoutes());
  pages(`${base}/account/security/addresses`, addressRoutes());
  pages(`${base}/account/administrators`, administratorsRoutes()); // docs/accounts.md, "Acting for an organisation"
  pages(`${base}/console`, consoleRoutes()); // whoever acts for an owner
  pages(`${base}/invitations`, invitationRoutes());
  pages(`${base}/development/mailbox`, developmentMailboxRoutes()); // docs/operations.md, "Mail"

  app.onError((error, c) => answerError(error, c, services.isOutage));
  app.notFound(answerNotFound);
  return app;
}

/**
 * INVARIANT: only requests for the issuer's own origin are served. The issuer comes from configuration and never from
 * a header (RFC 9700 §4.13), and a plain http request for an https issuer gets no answer.
 */
function checkOrigin(url: string, origin: string): void {
  if (url.startsWith(`${origin}/`)) return;
  // Of a Host that no URL can hold, and of `OPTIONS *`, the runtime makes a text that is no URL.
  const target = URL.parse(url);
  if (target === null) throw invalidRequest("the request target and the Host header do not make a URL");
  if (target.origin === origin) return;
  throw new ProtocolError("misdirected_request", `this server answers at ${origin} only; ISSUER says so`);
}

/**
 * UMA and OpenID Connect append the well-known path to the issuer (Grant §2, OIDC Discovery §4); RFC 8414 §3.1 puts it
 * before the issuer's own path.
 */
function wellKnownPaths(base: string): ReadonlySet<string> {
  const documents = ["uma2-configuration", "oauth-authorization-server", "openid-configuration"].map(
    (name) => `/.well-known/${name}`,
  );
  return new Set(documents.flatMap((document) => [base + document, document + base]));
}
