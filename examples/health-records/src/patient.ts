import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { base64url } from "jose";
import type { PatientObject } from "./patient-object.ts";
import type { Settings } from "./settings.ts";

/**
 * Which patient is there. A clinic has patients sign in; this one opens a file for each new browser and knows it by a
 * cookie, which is the one thing on these pages that must not be copied.
 */

const COOKIE = "lakeside";
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const PATIENT_ID = /^[A-Za-z0-9_-]{22}$/;
const PATIENT_ID_BYTES = 16;

/** A patient's number stands in links, and is the hash of the cookie: whoever knows the one does not know the other. */
export async function patientIdOf<E extends { Bindings: Settings }>(c: Context<E>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secretOf(c)));
  return base64url.encode(new Uint8Array(digest).slice(0, PATIENT_ID_BYTES));
}

function secretOf<E extends { Bindings: Settings }>(c: Context<E>): string {
  const known = getCookie(c, COOKIE);
  if (known !== undefined && SECRET.test(known)) return known;
  const secret = base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
  const secure = new URL(c.env.ORIGIN).protocol === "https:";
  setCookie(c, COOKIE, secret, { httpOnly: true, sameSite: "Lax", path: "/", secure });
  return secret;
}

/** @returns null for what is no patient's number */
export function findPatient(settings: Settings, id: string): DurableObjectStub<PatientObject> | null {
  return PATIENT_ID.test(id) ? settings.PATIENT.getByName(id) : null;
}
