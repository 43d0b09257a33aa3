import type { Policy, TermsBody } from "../policy/language/policy.ts";
import { encodeBase64url } from "../shared/base64url.ts";
import { sha256 } from "../shared/sha-256.ts";

type AgreementText = NonNullable<TermsBody["agreement"]>;

/** Hashed once for each version of a policy; they go with it. */
const hashes = new WeakMap<AgreementText, string>();

/** The hash of every text that one of these policies asks to agree to, by its policy. Awaits, so it comes before a block. */
export async function hashAgreementTexts(policies: readonly Policy[]): Promise<ReadonlyMap<string, string>> {
  const texts = policies.flatMap(({ id, document: { terms } }) =>
    terms?.agreement === undefined ? [] : [{ id, agreement: terms.agreement }],
  );
  return new Map(await Promise.all(texts.map(async ({ id, agreement }) => [id, await hash(agreement)] as const)));
}

/** JSON keeps title and text apart, so that no two of them come to the same. */
async function hash(agreement: AgreementText): Promise<string> {
  const { title, text } = agreement;
  const known = hashes.get(agreement) ?? encodeBase64url(await sha256(JSON.stringify([title, text])));
  hashes.set(agreement, known);
  return known;
}
