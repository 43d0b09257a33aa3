import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import type { Answer } from "./http-site.ts";
import type { World } from "./world.ts";

interface ReadIdToken {
  readonly header: { readonly alg: string; readonly kid?: string; readonly typ?: string };
  readonly claims: JWTPayload;
}

/** An ID Token of a token response, as an app reads it: by the published keys alone. */
export async function readIdToken(world: World, body: Answer["body"], audience?: string): Promise<ReadIdToken> {
  const { body: keys } = await world.send("GET", "/jwks");
  const keySet = createLocalJWKSet(keys as unknown as JSONWebKeySet);
  const { payload, protectedHeader } = await jwtVerify(String(body.id_token), keySet, {
    issuer: world.site.issuer,
    ...(audience === undefined ? {} : { audience }),
  });
  return { header: protectedHeader, claims: payload };
}
