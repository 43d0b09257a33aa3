import { isD1Failure } from "./d1/failure.ts";

/** Whether a failure is one of the platform's storage, so that another try is worth while. */
export function isOutage(error: unknown): boolean {
  return isD1Failure(error) || isObjectFailure(error) || isOlderObject(error);
}

/**
 * For some minutes after a deploy a Durable Object may still run the release before, which lacks what was added since
 * (ledger/README.md, rule 10).
 */
function isOlderObject(error: unknown): boolean {
  return error instanceof TypeError && "remote" in error && error.message.includes("does not implement");
}

/** A Durable Object's error says by its properties what kind of failure it was. */
function isObjectFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { retryable, overloaded, durableObjectReset } = error as Error & Readonly<Record<string, unknown>>;
  return [retryable, overloaded, durableObjectReset].includes(true);
}
