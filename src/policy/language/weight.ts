import { MAX_CONDITIONS } from "../../shared/limits.ts";
import { countConditions } from "./condition-rules.ts";
import { mentionedGroups } from "./mentioned-groups.ts";
import type { GroupBody, PolicyBody } from "./policy.ts";

/**
 * The work that a policy makes for each assessment that reads it, in steps. A step is what one condition takes, some
 * microseconds at most; the rest is counted in proportion to what was measured (docs/measurements.md). It follows from
 * the document alone, so that it can be known when the policy is written (ledger/README.md, rule 11).
 */
export function weightOf(document: PolicyBody): number {
  const windows = listOf(document.when?.hours);
  const zones = new Set(windows.map((window) => window?.time_zone));
  return (
    1 +
    // Reading it, and comparing operands: there are no more of them than characters.
    stepsOfText(document) +
    conditionsIn(document) +
    new Set(mentionedGroups(document.who)).size * STEPS_PER_GROUP +
    windows.length * STEPS_PER_WINDOW +
    zones.size * STEPS_PER_TIME_ZONE +
    listOf(document.where?.networks).length * STEPS_PER_NETWORK
  );
}

const CHARACTERS_PER_STEP = 100;

/** What a document takes by its length alone, in steps. */
export function stepsOfText(document: PolicyBody | GroupBody): number {
  return Math.ceil(JSON.stringify(document).length / CHARACTERS_PER_STEP);
}

/** Its members are read and indexed for the first decision that looks at it. */
const STEPS_PER_GROUP = 15;
const STEPS_PER_WINDOW = 5;
/** Asking for the time in a zone for the first time is dear, and when its clock changes is searched for. */
const STEPS_PER_TIME_ZONE = 10;
const STEPS_PER_NETWORK = 2;

/** A policy that newer code has kept can have any form (ledger/README.md, rule 10), and costs little: it is an error. */
function conditionsIn({ who }: PolicyBody): number {
  try {
    return countConditions(who);
  } catch {
    return MAX_CONDITIONS;
  }
}

function listOf<Item>(kept: readonly Item[] | undefined): readonly Item[] {
  return Array.isArray(kept) ? kept : [];
}

const weights = new WeakMap<PolicyBody, number>();

/** The work of one assessment that reads all of these, in steps. Each is weighed once, and its weight goes with it. */
export function weightOfAll(documents: readonly PolicyBody[]): number {
  return documents.reduce((sum, document) => {
    const weight = weights.get(document) ?? weightOf(document);
    weights.set(document, weight);
    return sum + weight;
  }, 0);
}
