import type { Report, Wish } from "./session.ts";

/** What the resource server said to a wish, with the words for the story. */
export type RecordsAnswer =
  | { readonly kind: "document"; readonly report: Report }
  | { readonly kind: "closed"; readonly response: Response; readonly reason: string };

/**
 * @param patient null: the clinic's own reports
 * @returns an empty list when the clinic does not answer.
 */
export async function listReports(
  records: string,
  patient: string | null,
): Promise<readonly { id: string; title: string }[]> {
  const response = await fetch(shelf(records, patient)).catch(() => null);
  return response?.ok ? response.json() : [];
}

/** One request for a report, as any client would make it; with an RPT if there is one. */
export async function askRecords(records: string, wish: Wish, rpt: string | undefined): Promise<RecordsAnswer> {
  const url = `${shelf(records, wish.patient)}/${encodeURIComponent(wish.report)}`;
  const headers: HeadersInit = rpt === undefined ? {} : { Authorization: `Bearer ${rpt}` };
  const change = wish.action === "edit" ? { method: "PUT", body: wish.text ?? "" } : {};
  const response = await fetch(url, { headers, ...change });
  if (response.ok) return { kind: "document", report: await response.json<Report>() };
  const body = await response.json<{ error_description?: string }>().catch(() => ({ error_description: undefined }));
  return { kind: "closed", response, reason: body.error_description ?? "no reason given" };
}

/** Where somebody's reports are. */
function shelf(records: string, patient: string | null): string {
  return patient === null ? `${records}/reports` : `${records}/patients/${encodeURIComponent(patient)}/reports`;
}
