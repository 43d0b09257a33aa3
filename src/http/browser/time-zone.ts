const NOWHERE = "UTC";

/** IANA name of the zone that the edge takes the browser to be in; UTC where there is no edge, or none is known. */
export function timeZoneOf(request: Request): string {
  const zone: unknown = request.cf?.timezone;
  return typeof zone === "string" && isZone(zone) ? zone : NOWHERE;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
