import type { PolicyBody } from "../../src/policy/language/policy.ts";

/** Documents and what the parser says of them; null when it takes them. Shared by the tests of parser and schema. */

export const minimal = { effect: "permit", target: { all: true }, scopes: "all", who: { anyone: true } } as const;

export const complete: PolicyBody = {
  name: "Holiday photos",
  effect: "permit",
  target: { resources: ["r1", "r2"] },
  scopes: ["view", "print"],
  who: {
    all: [
      { any: [{ group: "friends" }, { claim: "email", domain: "example.com" }] },
      { not: { claim: "email", one_of: ["eve@example.com", "mallory@example.com"] } },
      { claim: "sub", issuer: ["https://i1.example", "https://i2.example"], exists: true },
      { claim: "age", at_least: 18 },
      { client: ["c1", "https://client.example/metadata"] },
    ],
  },
  when: {
    not_before: "2027-01-01T00:00:00Z",
    expires: "2027-06-30T18:00:00.5+02:00",
    hours: [{ days: ["mon", "fri"], from: "22:00", to: "06:00", time_zone: "Europe/Berlin" }],
  },
  where: { networks: ["192.0.2.0/24", "2001:db8::/32"], countries: ["DE", "XK"] },
  terms: {
    approval: true,
    signed_in_within: 900,
    agreement: { title: "Rules", text: "Be kind.\nDo not share." },
    token_lifetime: 60,
    uses: 10,
  },
};

const who = (condition: unknown) => ({ ...minimal, who: condition });
const when = (part: unknown) => ({ ...minimal, when: part });
const where = (part: unknown) => ({ ...minimal, where: part });
const terms = (part: unknown) => ({ ...minimal, terms: part });
const hours = (part: object) => when({ hours: [{ from: "08:00", to: "18:00", time_zone: "UTC", ...part }] });
const nest = (levels: number): object => (levels === 1 ? { group: "g" } : { all: [nest(levels - 1)] });
const repeat = (count: number, item: unknown) => Array.from({ length: count }, () => item);

const AMONG = "must be an object with exactly one of anyone, all, any, not, group, client, claim";
const ONE_OPERATOR =
  "must have exactly one of exists, equals, one_of, domain, greater_than, at_least, less_than, at_most";
const LINE = "must be one line that is not empty and neither starts nor ends with a space";
const NEARLY_EVERYBODY = "who: would let in nearly everybody; add what must hold, e.g. all: [ ..., { not: ... } ]";
const DATE_TIME = "must be a date-time such as 2027-06-30T18:00:00+02:00";
const CIDR = "is not a CIDR block such as 192.0.2.0/24 or 2001:db8::/32";
const EXACT = "must be a number of at most 2^53 - 1, on either side of 0";
const ISSUER = "must be an issuer identifier such as https://idp.example, exactly as its tokens name it";
const NO_ADDRESS = "who: an email is compared with e-mail addresses such as bob@example.com";
const isEve = { claim: "email", equals: "eve@example.com" };

type Case = readonly [fault: string | null, document: unknown];

export const policyCases: readonly Case[] = [
  [null, minimal],
  [null, complete],
  [null, { ...minimal, effect: "deny", who: { not: { group: "friends" } } }],

  ["body: must be an object", null],
  ["body: must be an object", "permit"],
  ["effect: is missing", []],
  ["effect: is missing", {}],
  ["effect: must be one of permit, deny", { ...minimal, effect: "allow" }],
  ["who: is missing", { effect: "permit", target: { all: true }, scopes: "all" }],
  ["efect: is not known", { ...minimal, efect: "deny" }],
  ["id: is not known", { ...minimal, id: "p1" }],
  ["a?b: is not known", { ...minimal, 'a"b': 1 }],
  ["__proto__: is not known", { ...minimal, ...JSON.parse('{"__proto__":{}}'), ["__proto__"]: {} }],
  [`name: ${LINE}`, { ...minimal, name: "" }],
  ["name: must have at most 200 characters", { ...minimal, name: "x".repeat(201) }],
  [null, { ...minimal, name: "x".repeat(200) }],

  ["target: must be an object with exactly one of resources, type, all", { ...minimal, target: {} }],
  [
    "target: must be an object with exactly one of resources, type, all",
    { ...minimal, target: { all: true, type: "t" } },
  ],
  ["target.all: must be true", { ...minimal, target: { all: false } }],
  ["target.resources: must not be empty", { ...minimal, target: { resources: [] } }],
  ["target.resources: must have at most 100 entries", { ...minimal, target: { resources: repeat(101, "r") } }],
  [`target.resources[1]: ${LINE}`, { ...minimal, target: { resources: ["r1", " r2"] } }],
  ["scopes: must not be empty", { ...minimal, scopes: [] }],
  ["scopes: must be a list, or all", { ...minimal, scopes: "view" }],
  ["scopes[0]: must be a string", { ...minimal, scopes: [1] }],
  ["scopes[0]: must have at most 256 characters", { ...minimal, scopes: ["x".repeat(257)] }],

  [`who: ${AMONG}`, who({})],
  [`who: ${AMONG}`, who([])],
  [`who: ${AMONG}`, who(null)],
  [`who: ${AMONG}`, who({ regex: ".*" })],
  [`who: ${AMONG}`, who({ group: "g", anyone: true })],
  [`who.all[1]: ${AMONG}`, who({ all: [{ group: "g" }, {}] })],
  ["who.anyone: must be true", who({ anyone: false })],
  ["who.all: must not be empty", who({ all: [] })],
  ["who.any: must not be empty", who({ any: [] })],
  ["who.all: must be a list", who({ all: { group: "g" } })],
  [`who: ${ONE_OPERATOR}`, who({ claim: "email" })],
  [`who: ${ONE_OPERATOR}`, who({ claim: "age", at_least: 18, at_most: 60 })],
  ["who.matches: is not known", who({ claim: "email", matches: ".*" })],
  ["who.role: is not known", who({ group: "g", role: "admin" })],
  ["who.exists: must be true", who({ claim: "email", exists: false })],
  ["who.equals: must be a string, a number, true or false", who({ claim: "email", equals: null })],
  ["who.one_of: must not be empty", who({ claim: "email", one_of: [] })],
  ["who.one_of: must have at most 50 entries", who({ claim: "email", one_of: repeat(51, "x") })],
  ["who.one_of[1]: must be a string, a number, true or false", who({ claim: "email", one_of: ["x", {}] })],
  [`who.equals: ${LINE}`, who({ claim: "email", equals: "bob@example.com " })],
  ["who.at_least: must be a number", who({ claim: "age", at_least: "18" })],
  ["who.domain: must be a domain such as example.com, without an @", who({ claim: "email", domain: "@example.com" })],
  ["who.domain: must be a domain such as example.com, without an @", who({ claim: "email", domain: "ｅvil.example" })],
  [null, who({ claim: "email", domain: "bücher.example" })],
  ...["idp.example", "https://idp.example/a b", "https://idp.example/\u200b", "https:\\\\idp.example"].map(
    (issuer): Case => [`who.issuer: ${ISSUER}`, who({ claim: "email", issuer, exists: true })],
  ),
  [`who.issuer[1]: ${ISSUER}`, who({ claim: "a", issuer: ["https://idp.example", "x"], exists: true })],
  [NO_ADDRESS, who({ claim: "email", equals: "bob" })],
  [NO_ADDRESS, who({ claim: "email", one_of: ["bob@example.com", "bob@ｅvil.example"] })],
  [NO_ADDRESS, who({ claim: "email", one_of: ["bob@example.com", 5] })],
  [null, who({ claim: "email", one_of: ["bob@example.com", "eve@bücher.example"] })],
  ...["equals", "greater_than", "at_least", "less_than", "at_most"].map(
    (operator): Case => [`who.${operator}: ${EXACT}`, who({ claim: "account", [operator]: 2 ** 53 })],
  ),
  [`who.one_of[1]: ${EXACT}`, who({ claim: "account", one_of: [1, -(2 ** 53)] })],
  [null, who({ claim: "account", equals: 2 ** 53 - 1 })],
  ["who.issuer: must not be empty", who({ claim: "email", issuer: [], exists: true })],
  ["who.issuer: must have at most 20 entries", who({ claim: "a", issuer: repeat(21, "https://i"), exists: true })],
  ["who: a sub means a person only together with its issuer, so name the issuer", who({ claim: "sub", equals: "s1" })],
  ["who.client: must not be empty", who({ client: [] })],

  [NEARLY_EVERYBODY, who({ not: isEve })],
  [NEARLY_EVERYBODY, who({ all: [{ not: isEve }, { not: { client: "c1" } }] })],
  [NEARLY_EVERYBODY, who({ any: [{ group: "g" }, { not: isEve }] })],
  [NEARLY_EVERYBODY, who({ not: { all: [isEve, { not: { group: "g" } }] } })],
  [NEARLY_EVERYBODY, who({ not: { not: { not: isEve } } })],
  [null, who({ not: { not: isEve } })],
  [null, who({ all: [{ group: "g" }, { not: isEve }] })],
  [null, who({ all: [{ anyone: true }, { not: isEve }] })],
  ["who: has anyone under a not, which is nobody", who({ not: { anyone: true } })],
  [
    "who: has anyone under a not, which is nobody",
    who({ all: [{ group: "g" }, { not: { any: [{ anyone: true }] } }] }),
  ],

  [null, who(nest(8))],
  ["who: must have at most 8 levels", who(nest(9))],
  ["body: must have at most 24 levels", who(nest(50))],
  [null, who({ any: repeat(63, { group: "g" }) })],
  ["who: must have at most 64 conditions", who({ any: repeat(64, { group: "g" }) })],
  ["who.any: must have at most 64 entries", who({ any: repeat(65, { group: "g" }) })],
  ["body: must have at most 16384 bytes", who({ any: repeat(63, { group: "g".repeat(256) }) })],
  ["body: must have at most 16384 bytes", who({ any: repeat(22, { group: "\u20ac".repeat(256) }) })],

  ["when: must not be empty", when({})],
  ["when: must not be empty", when([])],
  ["when.after: is not known", when({ after: "2027-01-01T00:00:00Z" })],
  [`when.expires: ${DATE_TIME}`, when({ expires: "2027-06-30" })],
  [`when.expires: ${DATE_TIME}`, when({ expires: "2027-06-30T18:00:00" })],
  [`when.expires: ${DATE_TIME}`, when({ expires: "2027-02-30T18:00:00Z" })],
  [`when.expires: ${DATE_TIME}`, when({ expires: "2027-13-01T18:00:00Z" })],
  [`when.expires: ${DATE_TIME}`, when({ expires: "2027-06-30T24:00:00Z" })],
  ["when.expires: must be a string", when({ expires: 1_804_075_200 })],
  [
    "when: expires must be later than not_before",
    when({ not_before: "2027-02-01T00:00:00Z", expires: "2027-01-01T00:00:00Z" }),
  ],
  [
    "when: expires must be later than not_before",
    when({ not_before: "2027-01-01T01:00:00+01:00", expires: "2027-01-01T00:00:00Z" }),
  ],
  ["when.hours: must not be empty", when({ hours: [] })],
  [
    "when.hours: must have at most 14 entries",
    when({ hours: repeat(15, { from: "08:00", to: "18:00", time_zone: "UTC" }) }),
  ],
  ["when.hours[0].time_zone: is missing", when({ hours: [{ from: "08:00", to: "18:00" }] })],
  [null, hours({ to: "24:00" })],
  ["when.hours[0].from: must be a time of day such as 08:30", hours({ from: "8:00" })],
  ["when.hours[0].from: must be a time of day such as 08:30", hours({ from: "08:60" })],
  ["when.hours[0].to: must be a time of day such as 08:30", hours({ to: "24:01" })],
  ["when.hours[0].from: must be earlier than 24:00", hours({ from: "24:00" })],
  ["when.hours[0]: from and to are the same; the whole day is from 00:00 to 24:00", hours({ to: "08:00" })],
  ["when.hours[0].time_zone: must be a time zone such as Europe/Berlin", hours({ time_zone: "Mars/Olympus" })],
  ["when.hours[0].time_zone: must be a time zone such as Europe/Berlin", hours({ time_zone: "+02:00" })],
  ["when.hours[0].days: must not be empty", hours({ days: [] })],
  ["when.hours[0].days[0]: must be one of mon, tue, wed, thu, fri, sat, sun", hours({ days: ["Monday"] })],

  ["where: must not be empty", where({})],
  ["where.networks: must have at most 20 entries", where({ networks: repeat(21, "192.0.2.0/24") })],
  [`where.networks[0]: ${CIDR}`, where({ networks: ["192.0.2.1"] })],
  ["where.networks[0]: has bits set beyond its prefix; the block is 10.0.0.0/8", where({ networks: ["10.1.2.3/8"] })],
  [
    "where.networks[1]: is IPv4 written as IPv6; write it as IPv4",
    where({ networks: ["::/0", "::ffff:10.0.0.0/104"] }),
  ],
  ["where.countries: must have at most 50 entries", where({ countries: repeat(51, "DE") })],
  ["where.countries[0]: must be a country of ISO 3166-1 alpha-2, such as DE", where({ countries: ["UK"] })],
  ["where.countries[0]: must be a country of ISO 3166-1 alpha-2, such as DE", where({ countries: ["de"] })],

  ["terms: must not be empty", terms({})],
  ["terms.payment: is not known", terms({ payment: 5 })],
  ["terms.approval: must be true", terms({ approval: false })],
  ["terms.uses: must be at least 1", terms({ uses: 0 })],
  ["terms.uses: must be at most 1000000", terms({ uses: 1_000_001 })],
  ["terms.uses: must be a whole number", terms({ uses: 1.5 })],
  ["terms.uses: must be a number", terms({ uses: "3" })],
  ["terms.token_lifetime: must be at least 10", terms({ token_lifetime: 9 })],
  ["terms.token_lifetime: must be at most 900", terms({ token_lifetime: 901 })],
  ["terms.signed_in_within: must be at least 30", terms({ signed_in_within: 29 })],
  ["terms.signed_in_within: must be at most 2592000", terms({ signed_in_within: 2_592_001 })],
  ["terms.agreement.text: is missing", terms({ agreement: { title: "Rules" } })],
  ["terms.agreement.text: must not be empty", terms({ agreement: { title: "Rules", text: " \n" } })],
  [
    "terms.agreement.text: must have at most 8192 characters",
    terms({ agreement: { title: "Rules", text: "x".repeat(8193) } }),
  ],
  ...["approval", "uses", "token_lifetime", "signed_in_within", "agreement"].map(
    (term) =>
      [
        "terms: a deny has no terms",
        { ...minimal, effect: "deny", terms: { [term]: complete.terms?.[term as keyof typeof complete.terms] } },
      ] as const,
  ),
];

const members = (...list: unknown[]) => ({ name: "Friends", members: list });

export const groupCases: readonly Case[] = [
  [null, members()],
  [null, members({ email: "bob@example.com" }, { issuer: "https://i1.example", subject: "s1" })],
  ["body: must be an object", undefined],
  ["name: is missing", { members: [] }],
  ["members: is missing", { name: "Friends" }],
  ["members: must be a list", { name: "Friends", members: {} }],
  ["owner: is not known", { ...members(), owner: "alice" }],
  ["members[0]: must be an object with exactly one of email, subject", members({})],
  ["members[0]: must be an object with exactly one of email, subject", members("bob@example.com")],
  ["members[0].issuer: is missing", members({ subject: "s1" })],
  ["members[1].email: must be an e-mail address", members({ email: "b@c.d" }, { email: "bob" })],
  ["members[0].email: must be an e-mail address", members({ email: "a@b@c" })],
  ["members[0].email: must be an e-mail address", members({ email: "eve@ｅvil.example" })],
  [`members[0].issuer: ${ISSUER}`, members({ issuer: "https://idp.example\u200b", subject: "s1" })],
  ["members[0].issuer: is not known", members({ email: "a@b.c", issuer: "https://i1.example" })],
  ["members: must have at most 500 entries", members(...repeat(501, { email: "a@b.c" }))],
  [null, members(...repeat(500, { email: "a@b.c" }))],
  ["body: must have at most 131072 bytes", members(...repeat(100, { issuer: "i".repeat(2000), subject: "s" }))],
];
