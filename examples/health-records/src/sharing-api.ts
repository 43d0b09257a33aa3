import { asOwner, type OwnerTokens } from "./as-owner.ts";
import type { ReportType } from "./reports.ts";
import type { Settings } from "./settings.ts";
import { UsherUnreachable } from "./usher.ts";

/** What a patient wants to share, and on which terms. */
export interface Share {
  readonly type: ReportType;
  /** The ids at Usher of what is shared. */
  readonly resources: readonly string[];
  /** Whoever can show that this address is theirs. */
  readonly address: string;
  /** The last day on which it counts, such as 2027-06-30. */
  readonly until: string;
}

/** Something that is shared, as our page lists it. */
export interface SharedWith {
  readonly policyId: string;
  readonly sentence: string;
}

const KINDS: Readonly<Record<ReportType, string>> = {
  "lab-report": "lab reports",
  "imaging-report": "imaging reports",
};

/** By this our policies are told from those that other tools of the patient wrote. */
const MARK = "Lakeside Clinic: ";

/** Whoever wants in has to agree to it first (docs/policies.md, `terms.agreement`). */
const AGREEMENT = {
  title: "Keep it to yourself",
  text: "These reports are for you, to help the person who shares them.\n\nDo not pass them on, and delete your copies when you no longer need them.",
};

/** What Usher answers about one policy (docs/owner-tools.md). */
interface Written {
  readonly policy_id: string;
  readonly policy: { readonly name?: string };
}

/** The Owner API as seen from a tool with which an owner shares: policies, with a token of the scope `uma_policy`. */
export class SharingApi {
  readonly #policies: string;
  readonly #tokens: OwnerTokens;

  constructor({ USHER }: Settings, tokens: OwnerTokens) {
    this.#policies = `${USHER}/owner/policies`;
    this.#tokens = tokens;
  }

  async share({ type, resources, address, until }: Share): Promise<void> {
    const policy = {
      name: `${MARK}${address} may view your ${KINDS[type]} until ${inWords(until)}`,
      effect: "permit",
      target: { resources },
      scopes: ["view"],
      who: { claim: "email", equals: address },
      when: { expires: `${until}T23:59:59Z` },
      terms: { agreement: AGREEMENT },
    };
    const response = await asOwner(this.#tokens, "POST", this.#policies, policy);
    if (!response.ok) throw new Error(`sharing was answered with ${response.status}: ${await response.text()}`);
  }

  async list(): Promise<readonly SharedWith[]> {
    const response = await asOwner(this.#tokens, "GET", `${this.#policies}?limit=200`);
    if (!response.ok) throw new UsherUnreachable(`the list was answered with ${response.status}`);
    const { items } = await response.json<{ readonly items: readonly Written[] }>();
    return items.flatMap(({ policy_id, policy: { name = "" } }) =>
      name.startsWith(MARK) ? { policyId: policy_id, sentence: name.slice(MARK.length) } : [],
    );
  }

  /** Whoever got in by it is out at once. It may have been ended elsewhere, which is just as well. */
  async stop(policyId: string): Promise<void> {
    const url = `${this.#policies}/${encodeURIComponent(policyId)}`;
    const response = await asOwner(this.#tokens, "DELETE", url);
    if (!response.ok && response.status !== 404) throw new Error(`ending was answered with ${response.status}`);
  }
}

function inWords(day: string): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
}
