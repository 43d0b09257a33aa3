import { askTarget } from "../language/kinds.ts";
import { DAYS, type Day, type HoursBody, type PolicyBody } from "../language/policy.ts";
import { describeWho } from "./describe-condition.ts";
import { countOf, describeDuration, describeInstant, joinWith, type Names, nameOf } from "./phrase.ts";

/**
 * A policy as one sentence that can be read aloud, such as "Permits view on the resource Holiday to anyone whose email
 * is bob@example.com, until 30 June 2027 at 16:00 UTC, if the owner approves."
 */
export function describePolicy(policy: PolicyBody, names: Names = {}): string {
  const verb = policy.effect === "permit" ? "Permits" : "Denies";
  const scopes = policy.scopes === "all" ? "everything" : joinWith(policy.scopes, "and");
  const first = `${verb} ${scopes} on ${describeTarget(policy.target, names)} to ${describeWho(policy.who, names)}`;
  return `${[first, ...describeWhen(policy), ...describeWhere(policy), ...describeTerms(policy)].join(", ")}.`;
}

const describeTarget = askTarget<[names: Names], string>(
  {
    resources: ({ resources }, names) => describeResources(resources.map((id) => nameOf(names.resources, id))),
    type: ({ type }) => `every resource of the type ${type}`,
    all: () => "every resource of the owner",
  },
  () => "what is not known here",
);

function describeResources(names: readonly string[]): string {
  return `the ${names.length === 1 ? "resource" : "resources"} ${joinWith(names, "and")}`;
}

function describeWhen({ when }: PolicyBody): readonly string[] {
  return [
    ...(when?.not_before === undefined ? [] : [`from ${describeInstant(when.not_before)}`]),
    ...(when?.expires === undefined ? [] : [`until ${describeInstant(when.expires)}`]),
    ...(when?.hours === undefined ? [] : [when.hours.map(describeHours).join(" or ")]),
  ];
}

function describeHours({ days, from, to, time_zone }: HoursBody): string {
  const nextDay = to <= from ? " of the next day" : "";
  return `${describeDays(days ?? DAYS)} from ${from} to ${to}${nextDay} (${time_zone})`;
}

const DAY_NAMES: Readonly<Record<Day, string>> = {
  mon: "Mondays",
  tue: "Tuesdays",
  wed: "Wednesdays",
  thu: "Thursdays",
  fri: "Fridays",
  sat: "Saturdays",
  sun: "Sundays",
};

function describeDays(days: readonly Day[]): string {
  const ordered = DAYS.filter((day) => days.includes(day));
  const key = ordered.join(" ");
  if (ordered.length === DAYS.length) return "every day";
  if (key === "mon tue wed thu fri") return "on weekdays";
  if (key === "sat sun") return "at weekends";
  return `on ${joinWith(
    ordered.map((day) => DAY_NAMES[day]),
    "and",
  )}`;
}

const COUNTRY_NAMES = new Intl.DisplayNames("en", { type: "region" });

function describeWhere({ where }: PolicyBody): readonly string[] {
  const countries = where?.countries?.map((code) => COUNTRY_NAMES.of(code) ?? code);
  return [
    ...(countries === undefined ? [] : [`from within ${joinWith(countries, "or")}`]),
    ...(where?.networks === undefined ? [] : [`from the network ${joinWith(where.networks, "or")}`]),
  ];
}

function describeTerms({ terms = {} }: PolicyBody): readonly string[] {
  const { signed_in_within, agreement, approval, uses, token_lifetime } = terms;
  return [
    ...(signed_in_within === undefined
      ? []
      : [`if they signed in within the last ${describeDuration(signed_in_within)}`]),
    ...(agreement === undefined ? [] : [`if they accept the agreement ${agreement.title}`]),
    ...(approval === undefined ? [] : ["if the owner approves"]),
    ...(uses === undefined ? [] : [`${countOf(uses, "time")} in all`]),
    ...(token_lifetime === undefined ? [] : [`for ${describeDuration(token_lifetime)} at a time`]),
  ];
}
