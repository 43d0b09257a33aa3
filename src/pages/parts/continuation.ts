/** A path of the way through sign-in, with where it goes on to afterwards. */
export function withContinuation(path: string, continuation: string | null): string {
  return continuation === null ? path : `${path}?continue=${encodeURIComponent(continuation)}`;
}
