import { shown } from "./root.mjs";

/** What to do where the key ring of a state does not open. */
export function explainLockedKeys({ state, secretsFile }) {
  const [kept, secrets] = [state, secretsFile].map(shown);
  return (
    `${kept} was made with another KEY_ENCRYPTION_KEY than ${secrets} holds now, so its keys do not open.\n` +
    `Put the former one back into ${secrets}, or remove ${kept} to begin again.`
  );
}
