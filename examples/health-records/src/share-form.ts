import { HTTPException } from "hono/http-exception";
import { REPORT_TYPES, type ReportType } from "./reports.ts";

/** With whom a patient wants to share what, until when. */
export interface ShareForm {
  readonly type: ReportType;
  readonly address: string;
  readonly until: string;
}

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const LONGEST_ADDRESS_CHARACTERS = 254;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** @throws HTTPException 400: the form in the page lets through nothing else, so it was not our form. */
export function readShareForm(body: Readonly<Record<string, unknown>>, now: Date): ShareForm {
  const [type, address, until] = [body.type, body.address, body.until].map((value) => String(value ?? "").trim());
  const known = REPORT_TYPES.find((one) => one === type);
  if (known === undefined || !isAddress(address) || !isComing(until, now)) throw new HTTPException(400);
  return { type: known, address, until };
}

function isAddress(text: string | undefined): text is string {
  return text !== undefined && text.length <= LONGEST_ADDRESS_CHARACTERS && ADDRESS.test(text);
}

function isComing(day: string | undefined, now: Date): day is string {
  return day !== undefined && DAY.test(day) && day >= dayOf(now) && !Number.isNaN(Date.parse(day));
}

export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
