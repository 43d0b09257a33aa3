import type { Warning } from "../shared/warning.ts";
import { ACCEPTED_ALGORITHMS } from "./algorithm.ts";
import type { Discovery } from "./discovery.ts";
import { type IdentityProvider, needsKey } from "./identity-provider.ts";
import { reviewSpeech } from "./issuer-review.ts";

/** What an operator may well have meant otherwise, by the entry alone. */
export function reviewProvider(provider: IdentityProvider): readonly Warning[] {
  return [...reviewSpeech(provider), ...reviewLevels(provider), ...reviewEmailScope(provider)];
}

function reviewLevels({ acrValues, acceptedLevels }: IdentityProvider): readonly Warning[] {
  if (acceptedLevels === "all" || acrValues.length === 0) return [];
  return acrValues.flatMap((level, index) =>
    acceptedLevels.includes(level)
      ? []
      : [
          {
            path: `acr_values[${index}]`,
            message: "is asked for and not accepted; name it in accepted_acr_values too",
          },
        ],
  );
}

/** OIDC Core §5.4: addresses are told to whoever asks for that scope. */
function reviewEmailScope({ claims, scopes }: IdentityProvider): readonly Warning[] {
  if (claims === "all" || !claims.includes("email") || scopes.includes("email")) return [];
  return [{ path: "scope", message: "has no email, for which many providers tell no address" }];
}

/** What a provider says of itself that does not go with how it is registered here; each would fail a sign-in. */
export function reviewProviderMetadata(provider: IdentityProvider, metadata: Discovery): readonly Warning[] {
  return [
    ...reviewEndpoints(metadata),
    ...supports(metadata.response_types_supported, ["code"], "issuer", "offers no authorization code flow"),
    ...supports(
      metadata.code_challenge_methods_supported,
      ["S256"],
      "issuer",
      "names its PKCE methods, and S256 is not among them: codes are not protected there against theft",
    ),
    ...supports(
      metadata.id_token_signing_alg_values_supported,
      ACCEPTED_ALGORITHMS,
      "issuer",
      `signs its ID Tokens with none of ${ACCEPTED_ALGORITHMS.join(", ")}`,
    ),
    ...supports(
      metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"],
      [provider.authenticationMethod],
      "token_endpoint_auth_method",
      "is none that the provider says it takes",
    ),
    ...reviewAlgorithm(provider, metadata),
    ...reviewEach(metadata.acr_values_supported, provider.acrValues, "acr_values"),
    ...reviewEach(metadata.scopes_supported, provider.scopes, "scope"),
  ];
}

function reviewEndpoints(metadata: Discovery): readonly Warning[] {
  const missing = (["authorization_endpoint", "token_endpoint"] as const).filter(
    (name) => metadata[name] === undefined,
  );
  return missing.map((name) => ({
    path: "issuer",
    message: `has no ${name} at a public host in its discovery document, so nobody can sign in there`,
  }));
}

function reviewAlgorithm(provider: IdentityProvider, metadata: Discovery): readonly Warning[] {
  if (!needsKey(provider)) return [];
  const { authenticationMethod, signingAlgorithm, signsRequests } = provider;
  const announced = [
    authenticationMethod === "private_key_jwt" ? metadata.token_endpoint_auth_signing_alg_values_supported : undefined,
    signsRequests ? metadata.request_object_signing_alg_values_supported : undefined,
  ];
  const refusing = announced.find((algorithms) => algorithms?.includes(signingAlgorithm) === false);
  return supports(refusing, [signingAlgorithm], "client_signing_alg", `is none that the provider takes`);
}

/** Where a provider does not say what it supports, it may support anything. */
function supports(
  announced: readonly string[] | undefined,
  wanted: readonly string[],
  path: string,
  message: string,
): readonly Warning[] {
  return announced === undefined || announced.some((name) => wanted.includes(name)) ? [] : [{ path, message }];
}

function reviewEach(
  announced: readonly string[] | undefined,
  wanted: readonly string[],
  path: string,
): readonly Warning[] {
  const strange = announced === undefined ? [] : wanted.filter((name) => !announced.includes(name));
  return strange.map((name) => ({ path, message: `has ${name}, which the provider does not name as supported` }));
}
