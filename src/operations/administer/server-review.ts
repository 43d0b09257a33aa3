import type { Config } from "../../config.ts";
import type { ListedKey } from "../../keys/key.ts";
import { CLOCK_SKEW_SECONDS, KEY_ACTIVE_SECONDS } from "../../protocol/lifetimes.ts";
import { DAY } from "../../shared/time.ts";
import type { Post } from "../ports/post.ts";
import type { Check, CheckStatus } from "./check.ts";

/** How the server itself is, from what was read of it. */

/** The trigger comes once a day, and may fail once. */
const ROTATION_GRACE_SECONDS = 2 * DAY;

/** What src/config/review.ts has to say about the settings. */
export function reviewSettings({ warnings }: Pick<Config, "warnings">): readonly Check[] {
  if (warnings.length === 0)
    return [{ check: "settings", status: "ok", message: "there is nothing to say about them" }];
  return warnings.map(({ path, message }) => {
    return { check: "settings", status: "warning", message: `${path} ${message}`, subject: path };
  });
}

/** Whether letters go out, and so whether anybody can sign in by a code. */
export function reviewMail({ mailFrom }: Pick<Config, "mailFrom">, { isAvailable }: Pick<Post, "isAvailable">): Check {
  const tell = (status: CheckStatus, message: string): Check => ({ check: "mail", status, message });
  if (isAvailable && mailFrom === null) {
    return tell("ok", "on this machine it lands at /development/mailbox, and goes nowhere");
  }
  if (isAvailable) return tell("ok", `it is sent from ${mailFrom}`);
  if (mailFrom === null) {
    return tell(
      "warning",
      "MAIL_FROM is not set: nobody can sign in by a code or verify an address; set it, and they can",
    );
  }
  const remedy = "compare send_email in wrangler.toml; a server that you run yourself has none";
  return tell("error", `MAIL_FROM is set, and there is no binding MAIL to send with: ${remedy}`);
}

/** @param applied null where D1 keeps no list of them. */
export function reviewMigrations(needed: readonly string[], applied: readonly string[] | null): Check {
  const missing = needed.filter((name) => applied?.includes(name) !== true);
  const unknown = (applied ?? []).filter((name) => !needed.includes(name));
  if (missing.length > 0) {
    const remedy = "run `wrangler d1 migrations apply DB` (of a deployment with --remote --env)";
    return { check: "migrations", status: "error", message: `D1 has no note of ${missing.join(", ")}: ${remedy}` };
  }
  if (unknown.length > 0) {
    const message = `D1 has ${unknown.join(", ")}, which this version does not know: a newer one was here`;
    return { check: "migrations", status: "warning", message };
  }
  return { check: "migrations", status: "ok", message: `all ${needed.length} are applied` };
}

/** @param here this Worker's clock, and @param record D1's: epoch seconds, read at about the same time. */
export function reviewClock(here: number, record: number): Check {
  const apart = Math.abs(here - record);
  if (apart <= CLOCK_SKEW_SECONDS) return { check: "clock", status: "ok", message: "this Worker and D1 agree" };
  const message =
    `this Worker's clock is ${apart} seconds ${here > record ? "ahead of" : "behind"} D1's: tokens of others count as ` +
    "expired or not yet valid; where you run it yourself, set the machine's clock";
  return { check: "clock", status: "error", message };
}

/** @param keys those that have not expired. */
export function reviewKeys(keys: readonly ListedKey[], now: number): Check {
  const tell = (status: CheckStatus, message: string): Check => ({ check: "keys", status, message });
  if (keys.length === 0) return tell("ok", "there are none yet: the first request makes them");
  if (keys.some(({ sealedUnder }) => sealedUnder?.length === 0)) {
    return tell("error", "KEY_ENCRYPTION_KEY does not open them: set the secret under which they were sealed");
  }
  const due = nextRotation(keys);
  if (due + ROTATION_GRACE_SECONDS <= now) {
    const remedy = "see whether the daily trigger of wrangler.toml runs, and call POST /admin/keys/rotate";
    return tell("warning", `their successors were due on ${dateOf(due)}: ${remedy}`);
  }
  return tell("ok", `${newestOf(keys, "sign")?.alg} signs; the next rotation is due on ${dateOf(due)}`);
}

/** Epoch seconds: when the first of the keys in use has served its time. */
function nextRotation(keys: readonly ListedKey[]): number {
  const newest = [newestOf(keys, "sign"), newestOf(keys, "seal")].filter((key) => key !== undefined);
  return Math.min(...newest.map(({ useFrom }) => useFrom)) + KEY_ACTIVE_SECONDS;
}

function newestOf(keys: readonly ListedKey[], use: "sign" | "seal"): ListedKey | undefined {
  return keys.filter((key) => key.use === use).toSorted((one, other) => other.useFrom - one.useFrom)[0];
}

function dateOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 10);
}
