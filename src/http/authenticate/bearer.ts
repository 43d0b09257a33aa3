/** The token of an Authorization: Bearer header (RFC 6750 §2.1); null when there is none. */
export function readBearer(request: Request): string | null {
  return /^bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}
