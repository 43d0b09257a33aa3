import { Hono } from "hono";
import * as v from "valibot";
import {
  listInitialAccessTokens,
  makeInitialAccessToken,
  type NewInitialAccessToken,
  removeInitialAccessToken,
  unknownInitialAccessToken,
} from "../../operations/administer/initial-access-tokens.ts";
import type { InitialAccessToken } from "../../operations/ports/registration.ts";
import { INITIAL_ACCESS_TOKEN_MAX_SECONDS, INITIAL_ACCESS_TOKEN_SECONDS } from "../../protocol/lifetimes.ts";
import { OPEN_ALLOWANCE } from "../../protocol/registration-allowance.ts";
import { GRANT_TYPES } from "../../protocol/wire/client.ts";
import { CONNECTION_SCOPES } from "../../protocol/wire/connection.ts";
import { MAX_INITIAL_ACCESS_TOKEN_USES, MAX_NAME_CHARACTERS } from "../../shared/limits.ts";
import { boundedText, integer, oneOf, parseBody, sentObject, setOf, trueOrFalse } from "../../shared/parse.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { emptyAnswer, onlyMethods, privateJson } from "../respond.ts";
import { readAdminBody } from "./body.ts";

/** Tokens by which programs may register clients (RFC 7591 §3), and for what. */
export function administerInitialAccessTokens(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const wanted = parseNew(await readAdminBody(c.req.raw));
      const { made, token } = await makeInitialAccessToken(services, wanted, now);
      return privateJson({ ...renderToken(made), token }, 201);
    })
    .get("/", async (c) => {
      const { cursor, limit } = parsePaging(c.req.raw);
      return privateJson(renderPage(await listInitialAccessTokens(c.var.services, cursor, limit), renderToken));
    })
    .all("/", onlyMethods("GET", "POST"))
    .delete("/:id", async (c) => {
      await removeInitialAccessToken(c.var.services, idOf(c.req, unknownInitialAccessToken));
      return emptyAnswer(204);
    })
    .all("/:id", onlyMethods("DELETE"));
}

export const NewInitialAccessTokenBody = sentObject({
  name: boundedText(MAX_NAME_CHARACTERS),
  uses: v.optional(integer(1, MAX_INITIAL_ACCESS_TOKEN_USES), 1),
  expires_in: v.optional(integer(1, INITIAL_ACCESS_TOKEN_MAX_SECONDS), INITIAL_ACCESS_TOKEN_SECONDS),
  grant_types: v.optional(setOf(oneOf(GRANT_TYPES), GRANT_TYPES.length), [...OPEN_ALLOWANCE.grantTypes]),
  connection_scopes: v.optional(setOf(oneOf(CONNECTION_SCOPES), CONNECTION_SCOPES.length), []),
  may_push_claims: v.optional(trueOrFalse, false),
});

/** @throws ProtocolError invalid_request */
function parseNew(input: unknown): NewInitialAccessToken {
  const body = parseBody(NewInitialAccessTokenBody, input);
  const { name, uses, expires_in: expiresIn, grant_types: grantTypes, connection_scopes: connectionScopes } = body;
  return { name, uses, expiresIn, allowance: { grantTypes, connectionScopes, mayPushClaims: body.may_push_claims } };
}

function renderToken({ id, name, usesLeft, expiresAt, createdAt, allowance }: InitialAccessToken): object {
  return {
    id,
    name,
    uses_left: usesLeft,
    expires_at: expiresAt,
    created_at: createdAt,
    grant_types: allowance.grantTypes,
    connection_scopes: allowance.connectionScopes,
    may_push_claims: allowance.mayPushClaims,
  };
}
