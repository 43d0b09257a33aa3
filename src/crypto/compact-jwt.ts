import { decodeJwt, decodeProtectedHeader } from "jose";
import type { JwtHeader, JwtPayload } from "../protocol/jwt.ts";
import { MAX_JWT_CHARACTERS } from "../shared/limits.ts";

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

export interface UnverifiedJwt {
  readonly text: string;
  readonly header: JwtHeader;
  readonly payload: JwtPayload;
}

/** Reads a compact signed JWT without verifying anything (RFC 7519 §7.2). @returns null when it is none. */
export function readCompactJwt(text: string): UnverifiedJwt | null {
  if (text.length > MAX_JWT_CHARACTERS || !COMPACT.test(text)) return null;
  try {
    return { text, header: decodeProtectedHeader(text), payload: decodeJwt(text) };
  } catch {
    return null;
  }
}
