import * as v from "valibot";
import { MAX_COUNTRIES, MAX_HOURS_WINDOWS, MAX_NETWORKS } from "../../shared/limits.ts";
import { nonEmptyListOf, notEmpty, oneOf } from "../../shared/parse.ts";
import { COUNTRIES } from "./countries.ts";
import { isTimeZone, parseDateTime, parseTimeOfDay } from "./local-time.ts";
import { findNetworkFault } from "./network.ts";
import { word } from "./parse-word.ts";
import { DAYS, type HoursBody, type WhenBody, type WhereBody } from "./policy.ts";

const dateTime = v.pipe(
  word,
  v.check((value) => !Number.isNaN(parseDateTime(value)), "must be a date-time such as 2027-06-30T18:00:00+02:00"),
);

const timeOfDay = v.pipe(
  word,
  v.check((value) => !Number.isNaN(parseTimeOfDay(value)), "must be a time of day such as 08:30"),
);

const hours: v.GenericSchema<unknown, HoursBody> = v.pipe(
  v.strictObject({
    days: v.exactOptional(nonEmptyListOf(oneOf(DAYS), DAYS.length)),
    from: v.pipe(
      timeOfDay,
      v.check((from) => from !== "24:00", "must be earlier than 24:00"),
    ),
    to: timeOfDay,
    time_zone: v.pipe(word, v.check(isTimeZone, "must be a time zone such as Europe/Berlin")),
  }),
  v.check(({ from, to }) => from !== to, "from and to are the same; the whole day is from 00:00 to 24:00"),
);

/** When a policy holds. */
export const whenSchema: v.GenericSchema<unknown, WhenBody> = v.pipe(
  notEmpty(
    v.strictObject({
      not_before: v.exactOptional(dateTime),
      expires: v.exactOptional(dateTime),
      hours: v.exactOptional(nonEmptyListOf(hours, MAX_HOURS_WINDOWS)),
    }),
  ),
  v.check(({ not_before, expires }) => isSpan(not_before, expires), "expires must be later than not_before"),
);

function isSpan(from: string | undefined, to: string | undefined): boolean {
  return from === undefined || to === undefined || parseDateTime(from) < parseDateTime(to);
}

const network = v.pipe(
  word,
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? findNetworkFault(dataset.value) : null;
    if (fault !== null) addIssue({ message: fault });
  }),
);

const country = v.picklist(COUNTRIES, "must be a country of ISO 3166-1 alpha-2, such as DE");

/** Where a policy holds. */
export const whereSchema: v.GenericSchema<unknown, WhereBody> = notEmpty(
  v.strictObject({
    networks: v.exactOptional(nonEmptyListOf(network, MAX_NETWORKS)),
    countries: v.exactOptional(nonEmptyListOf(country, MAX_COUNTRIES)),
  }),
);
