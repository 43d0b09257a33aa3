import { isD1Failure } from "./d1/failure.ts";

/** Whether a failure is one of the platform's storage, so that another try is worth while. */
export function isOutage(error: unknown): boolean {
  return isD1Failure(error) || isObjectFailure(error);
}

/** A Durable Object's error says by its properties what kind of failure it was. */
function isObjectFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { retryable, overloaded, durableObjectReset } = error as Error & Readonly<Record<string, unknown>>;
  return [retryable, overloaded, durableObjectReset].includes(true);
}
