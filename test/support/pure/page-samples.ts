import { AccountPage } from "../../../src/pages/account.tsx";
import { AccountDataPage, ChargesPage, DeletedPage, DeletionPage } from "../../../src/pages/account-data.tsx";
import { AdministratorsPage } from "../../../src/pages/administrators.tsx";
import { ClaimsPage } from "../../../src/pages/claims.tsx";
import { ConfirmPage } from "../../../src/pages/confirm.tsx";
import { ConsentPage } from "../../../src/pages/consent.tsx";
import { ActivityPage } from "../../../src/pages/console/activity.tsx";
import { AppsPage } from "../../../src/pages/console/apps.tsx";
import { GroupPage } from "../../../src/pages/console/group.tsx";
import { GroupsPage } from "../../../src/pages/console/groups.tsx";
import { HomePage } from "../../../src/pages/console/home.tsx";
import type { ConsoleFrame } from "../../../src/pages/console/layout.tsx";
import type { WaitingFacts } from "../../../src/pages/console/parts/request-card.tsx";
import { DecidedRequestPage, RequestPage } from "../../../src/pages/console/request.tsx";
import { DecidedRequestsPage, RequestsPage } from "../../../src/pages/console/requests.tsx";
import { SharePage, type SharePageProps } from "../../../src/pages/console/share.tsx";
import { ShareReviewPage, type ShareReviewPageProps } from "../../../src/pages/console/share-review.tsx";
import { type ShareFacts, ThingPage, type ThingPageProps } from "../../../src/pages/console/thing.tsx";
import { type ListedThing, ThingsPage, type ThingsPageProps } from "../../../src/pages/console/things.tsx";
import { MailboxPage } from "../../../src/pages/development-mailbox.tsx";
import { DocumentPage } from "../../../src/pages/document.tsx";
import { ErrorPage } from "../../../src/pages/error.tsx";
import type { Frame } from "../../../src/pages/frame.ts";
import { FrontPage } from "../../../src/pages/front.tsx";
import { DeclinedInvitationPage, InvitationPage } from "../../../src/pages/invitation.tsx";
import type { Page } from "../../../src/pages/layout.tsx";
import { NoticesPage, StopPage, StoppedPage } from "../../../src/pages/notices.tsx";
import { RecoveryCodesPage } from "../../../src/pages/recovery-codes.tsx";
import { RememberedPage } from "../../../src/pages/remembered.tsx";
import { SecurityPage } from "../../../src/pages/security.tsx";
import { SharedWithMePage } from "../../../src/pages/shared-with-me.tsx";
import { SignInPage } from "../../../src/pages/sign-in.tsx";
import { CodePage } from "../../../src/pages/sign-in-code.tsx";
import { SignInEmailPage } from "../../../src/pages/sign-in-email.tsx";
import { SignInRecoveryPage } from "../../../src/pages/sign-in-recovery.tsx";
import { SignUpPage } from "../../../src/pages/sign-up.tsx";
import { UpstreamLeavingPage } from "../../../src/pages/upstream-leaving.tsx";
import { UpstreamNewcomerPage } from "../../../src/pages/upstream-newcomer.tsx";
import { UpstreamProblemPage } from "../../../src/pages/upstream-problem.tsx";
import { en } from "../../../src/pages/words/en.ts";
import { said } from "../../../src/pages/words/said.ts";

/** Thursday, 26 November 2026, half past one in the afternoon (UTC). */
export const NOW = 1_795_699_800;
const DAY = 86_400;
const NOTICES = { request_waiting: true, first_access: true, request_decided: true, shared: true, week: false };

/** Where pages lead that lead elsewhere: to a provider, to sign in there, and to an app that opens what is shared. */
export const PROVIDER_URL = "https://id.example/authorize";
const APP_URL = "https://records.example/";
const APP_POLICY_URL = "https://app.example/privacy";
const APP_TERMS_URL = "https://app.example/terms";
export const ELSEWHERE: readonly string[] = [PROVIDER_URL, APP_URL, APP_POLICY_URL, APP_TERMS_URL];

const FILES = {
  style: "/static/style.css",
  icon: "/static/icon.svg",
  webauthn: "/static/webauthn.js",
  passkey: "/static/passkey.js",
  copy: "/static/copy.js",
  live: "/static/live.js",
};

export const FRAME: Frame = {
  words: en,
  timeZone: "Europe/Berlin",
  now: NOW,
  base: "",
  files: FILES,
  here: "/account",
  csrf: "csrf-of-this-visit",
  person: null,
};

/** The people and apps of a sample, as they come or as they come at worst. */
interface Cast {
  readonly ana: string;
  readonly address: string;
  readonly clinic: string;
  readonly app: string;
  readonly host: string;
  readonly thing: string;
}

export const USUAL: Cast = {
  ana: "Ana Silva",
  address: "ana@example.com",
  clinic: "Lakeside Clinic",
  app: "Consult",
  host: "consult.example",
  thing: "Lab results",
};

/** Long words without a place to break, markup, and other directions of writing. */
export const WORST: Cast = {
  ana: "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschafers",
  address: `${"a".repeat(64)}@${"long-label.".repeat(12)}example`,
  clinic: "مستشفى البحيرة <b>&amp;</b> \u202e",
  app: "Consult & Sons <script>alert(1)</script> of the very long name that goes on and on",
  host: `${"sub.".repeat(20)}consult.example`,
  thing: "Лабораторные результаты за 2026 год, ноябрь, вторая половина",
};

/** All that our documentation is made of. */
const DOCUMENT = `# Choices

What is **always** so, and the [API](api.md#limits), [elsewhere](tutorial.md), [below](#more).

## More

| Point | Here |
|---|---|
| \`first\` | a \`b\` \\| c |
| \`first\` | again |

- one
- two

*Beside the [API](api.md).*

\`\`\`sh
run
\`\`\`
`;

/** Every page, with what may stand on it; the name is that of its file, and what is special about it. */
export function pageSamples(given: Frame, cast: Cast): Readonly<Record<string, Page>> {
  const person = { name: cast.ana, address: cast.address };
  const frame: Frame = { ...given, person };
  const mine = { id: "ana", name: null };
  const clinic = { id: "clinic", name: cast.clinic };
  const consoleFrame: ConsoleFrame = { ...frame, owner: mine, owners: [mine], console: `${frame.base}/console/ana` };
  const forClinic: ConsoleFrame = {
    ...frame,
    owner: clinic,
    owners: [mine, clinic],
    console: `${frame.base}/console/clinic`,
  };
  const nobody: Frame = { ...given, person: null };
  const app = { name: cast.app, host: cast.host, isVerified: true };
  const waiting: WaitingFacts = {
    id: "q1",
    version: 1,
    person,
    sentence: said`${cast.ana} asks to view and download ${cast.thing}.`,
    app: cast.app,
    askedAt: NOW - 3 * DAY,
    lastAskedAt: NOW - DAY,
    timesAsked: 3,
  };
  const nameless: WaitingFacts = {
    ...waiting,
    id: "q2",
    person: { name: null, address: null },
    sentence: `${given.words.shares.audiences.somebody} asks to do everything with something without a name.`,
    app: null,
    unchecked: { host: null },
    timesAsked: 1,
  };
  const request = {
    frame: consoleFrame,
    request: { ...waiting, expiresAt: NOW + 20 * DAY },
    known: {
      addresses: [cast.address, `2${cast.address}`],
      nameSaidBy: `https://${cast.host}`,
      issuer: `https://${cast.host}`,
      hasAccount: false,
    },
    appFacts: app,
    things: [
      {
        id: "t1",
        name: cast.thing,
        acts: [
          { field: "allow-0-0", label: "view", isChosen: true },
          { field: "allow-0-1", label: cast.thing, isChosen: false },
        ],
      },
      { id: null, name: cast.clinic, acts: [{ field: "allow-1-0", label: "everything", isChosen: true }] },
    ],
    isAllOrNothing: false,
    form: { until: "always", lastDay: "", word: "", errors: {} },
    notice: null,
  } as const;
  const decided = {
    frame: consoleFrame,
    request: { ...waiting, sentence: said`You let ${cast.ana} view ${cast.thing}.` },
    status: "approved",
    decidedBy: said`${cast.ana} decided yesterday.`,
    leftOut: said`download ${cast.thing}`,
    isStanding: true,
    until: NOW + 7 * DAY,
    word: cast.clinic,
    isTold: false,
    things: [{ id: "t1", name: cast.thing }],
    notice: "approved",
  } as const;
  const share: ShareFacts = {
    policy: "p1",
    version: 1,
    place: 0,
    of: "t1",
    whom: [{ kind: "person", person }],
    apps: null,
    actions: ["view", "download"],
    from: null,
    until: NOW + 30 * DAY,
    asksFirst: false,
    agreement: null,
    isLimited: false,
    canChange: true,
    why: null,
    since: NOW - 40 * DAY,
    usedAt: NOW - DAY,
    insiders: [],
  };
  const listed: ListedThing = {
    ...{ id: "t1", name: cast.thing, kind: "lab-result", app: cast.app },
    ...{ partOf: [], members: 0, isMore: false },
  };
  const things: ThingsPageProps = {
    frame: consoleFrame,
    things: [
      listed,
      { ...listed, id: "t2", kind: "album", members: 12 },
      { ...listed, id: "t3", partOf: [cast.thing, "2026"], members: 101, isMore: true },
      { ...listed, id: "t4", name: null, kind: null, app: null },
    ],
    within: null,
    search: { text: null, app: null, kind: null },
    apps: [
      { value: "a1", label: cast.app },
      { value: "a2", label: "Photo Station" },
    ],
    kinds: [
      { value: "album", label: "album" },
      { value: "photo", label: "photo" },
    ],
    next: null,
    maxText: 200,
  };
  const unused = { ...share, until: null, usedAt: null };
  const whole = { permits: [], denies: [], sought: "", isMany: false, next: null };
  const someOfMany = Array.from({ length: 25 }, () => share);
  const inEveryWay: readonly ShareFacts[] = [
    { ...share, apps: [cast.app], asksFirst: true, agreement: cast.thing, isLimited: true, from: NOW + DAY },
    { ...unused, whom: [{ kind: "group", id: "g1", name: cast.clinic, members: 12 }], actions: null, since: null },
    { ...unused, whom: [{ kind: "group", id: "g2", name: null, members: 0 }], why: { kind: "things", others: 3 } },
    { ...unused, whom: [{ kind: "domain", domain: cast.host }], why: { kind: "type", name: "lab-result" } },
    {
      ...share,
      whom: [{ kind: "app", name: cast.app }],
      why: { kind: "all" },
      insiders: [
        { person, app: cast.app },
        { person: null, app: null },
      ],
    },
    { ...unused, whom: [{ kind: "someone", host: cast.host, says: null }], until: NOW - DAY },
    {
      ...unused,
      whom: [{ kind: "someone", host: cast.host, says: cast.ana }],
      why: { kind: "collection", name: cast.thing },
    },
    {
      ...unused,
      whom: [
        { kind: "rule", sentence: given.words.thing.byRule(cast.thing) },
        { kind: "rule", sentence: given.words.thing.byRule(null) },
      ],
    },
  ];
  const thing: ThingPageProps = {
    frame: consoleFrame,
    thing: { id: "t1", name: cast.thing, description: null, kind: "lab-result", app: cast.app, isCollection: false },
    permits: [share],
    listed: { ...whole, permits: [share] },
    isWhole: true,
    saved: null,
    notice: null,
    error: null,
  };
  const { shares } = given.words;
  const sharing: SharePageProps = {
    frame: consoleFrame,
    things: { ids: ["t1"], name: cast.thing, kind: "lab-result" },
    fields: {
      kind: "person",
      address: cast.address,
      group: "",
      app: "",
      acts: ["view"],
      everyAct: false,
      reach: "this",
      until: "2027-06-30",
      asksFirst: false,
      agreementTitle: "",
      agreementText: "",
    },
    errors: [],
    acts: [
      { id: "view", name: "view" },
      { id: "download", name: cast.thing },
    ],
    groups: [],
    apps: [],
    change: null,
  };
  const reviewed: ShareReviewPageProps = {
    frame: consoleFrame,
    things: sharing.things,
    fields: sharing.fields,
    change: null,
    sentence: `${shares.permit(said`${cast.address}`, said`${"view"}`, said`${cast.thing}`, true)}.`,
    effect: {
      isCounted: true,
      isPartial: false,
      newcomers: 14,
      gainers: 1,
      losers: 0,
      unchanged: 3,
      keptOut: 1,
      allowedBy: [],
      deniedBy: [`${shares.deny(said`${cast.ana}`, shares.everyAct, shares.targets.all, true)}.`],
    },
    obstacle: null,
    letter: { address: cast.address, canBeSent: true },
    shown: { seen: "seen", key: "key" },
    conflict: null,
  };
  const nothing = { newcomers: 0, gainers: 0, losers: 0, unchanged: 1, keptOut: 0, deniedBy: [] };
  const unverified = { name: cast.thing, host: null, isVerified: false };
  const providers = [
    { id: "medreg", name: "Medical Register" },
    { id: "lakeside", name: cast.clinic },
  ];
  const owners = [
    { id: "own", name: null },
    { id: "clinic", name: cast.clinic },
  ];
  const signIn = {
    frame: nobody,
    continuation: "sealed",
    visit: null,
    isAgain: false,
    notice: null,
    sendsMail: true,
    providers,
  };
  const claims = {
    frame,
    app,
    isByName: false,
    person,
    outlook: "open" as const,
    things: [
      { name: null, actions: ["view"] },
      { name: cast.thing, actions: ["view", "download"] },
      { name: "Medication plan", actions: ["view"] },
    ],
    tellings: [
      { to: "app" as const, name: cast.app, facts: [] },
      {
        to: "owner" as const,
        name: null,
        facts: [
          { name: "name", value: cast.ana },
          { name: "email", value: cast.address },
        ],
      },
      { to: "keeper" as const, name: cast.clinic, facts: [{ name: "sub", value: null }] },
    ],
    remember: { isChecked: false },
    returnsTo: cast.host,
    hidden: { at: "sealed" },
    notAgreed: [],
  };
  const agreement = {
    id: "a1",
    title: "Rules of the house",
    text: `${"What you see here stays here, and is used for treatment only. ".repeat(12)}\n\nAsk if in doubt.`,
  };
  const activity = {
    frame: consoleFrame,
    happenings: [],
    sought: { text: "", show: "everything" as const, from: "", until: "" },
    isNarrowed: false,
    next: null,
    copies: {
      table: `${consoleFrame.console}/activity/copy.csv`,
      data: `${consoleFrame.console}/activity/copy.json`,
    },
  };
  const { activity: activityWords } = frame.words;
  const happenings = [
    {
      lastAt: NOW - 60,
      count: 3,
      sentence: activityWords.admitted(said`${cast.ana}`, "view", said`${cast.thing}`),
      origin: activityWords.through(said`${cast.app}`),
      reasons: [],
    },
    {
      lastAt: NOW - DAY,
      count: 1,
      sentence: activityWords.refused(activityWords.nobodyKnown, "download", said`${cast.thing}`),
      origin: activityWords.through(said`${cast.app}`),
      reasons: [activityWords.reasons.notShared, activityWords.reasons.otherPeople],
    },
    {
      lastAt: NOW - 40 * DAY,
      count: 1,
      sentence: activityWords.disconnected(said`${cast.app}`),
      origin: activityWords.byYou,
      reasons: [],
    },
  ];
  const administrators = {
    frame,
    owners,
    owner: { id: "clinic", name: cast.clinic },
    people: [
      {
        accountId: "1",
        person,
        role: "administrator" as const,
        beginsAt: NOW - 300 * DAY,
        endsAt: null,
        isYou: true,
        canEnd: true,
      },
      {
        accountId: "2",
        person: { name: null, address: "roth@clinic.example" },
        role: "assistant" as const,
        beginsAt: NOW + 9 * DAY,
        endsAt: NOW + 99 * DAY,
        isYou: false,
        canEnd: true,
      },
    ],
    invitations: [{ id: "i1", address: cast.address, role: "assistant" as const, expiresAt: NOW + 6 * DAY }],
    form: {
      address: "",
      role: "administrator" as const,
      endsOn: "",
      addressError: null,
      endsOnError: null,
    },
    link: null,
    notice: null,
    error: null,
  };
  const security = {
    frame,
    passkeys: [
      { id: "k1", name: "Phone", createdAt: NOW - 200 * DAY, lastUsedAt: NOW - 3_600 },
      { id: "k2", name: cast.ana, createdAt: NOW - 400 * DAY, lastUsedAt: null },
    ],
    addresses: [{ address: cast.address, verifiedAt: NOW - DAY }],
    back: { app: cast.app, href: `${frame.base}/claims/interaction?at=sealed` },
    linked: [{ id: "l1", provider: "Medical Register", hint: cast.address, lastUsedAt: NOW - 12 * DAY }],
    providers,
    sessions: [
      { id: "s1", device: { browser: "Firefox", system: "Windows", country: "DE" }, lastSeenAt: NOW, isCurrent: true },
      {
        id: "s2",
        device: { browser: "Safari", system: "iPhone", country: null },
        lastSeenAt: NOW - DAY,
        isCurrent: false,
      },
      {
        id: "s3",
        device: { browser: null, system: null, country: "AQ" },
        lastSeenAt: NOW - 9 * DAY,
        isCurrent: false,
      },
    ],
    recoveryCodes: 8,
    sendsMail: true,
    notice: null,
    error: null,
    addressError: null,
  };
  const connected = {
    id: "c1",
    app,
    abilities: ["protect" as const, "share" as const],
    things: 12,
    connectedAt: NOW - 30 * DAY,
  };
  const memory = {
    id: "m1",
    app,
    facts: [
      { name: "email", value: cast.address },
      { name: "licence_number", value: "12345" },
    ],
    since: NOW - 20 * DAY,
    lastUsedAt: NOW - DAY,
    until: NOW + 345 * DAY,
  };
  const account = {
    frame,
    person,
    apps: 2,
    passkeys: 1,
    addresses: 1,
    providers: 0,
    recoveryCodes: 8,
    remembered: 1,
    organisations: [cast.clinic],
    isSaved: false,
    error: null,
  };
  const consent = {
    frame,
    app,
    person,
    owners,
    selected: "own",
    returnsTo: cast.host,
    hidden: { request: "sealed" },
    learns: [],
    tellsOwners: true,
    abilities: ["protect" as const],
    documents: { policy: APP_POLICY_URL, terms: APP_TERMS_URL },
  };
  return {
    document: DocumentPage({ frame: nobody, text: DOCUMENT, served: { "api.md": `${given.base}/api` } }),
    front: FrontPage({
      frame: nobody,
      isSignedIn: false,
      version: "1.2.3",
      issuer: "https://usher.example",
      metadata: `${given.base}/.well-known/uma2-configuration`,
      keys: `${given.base}/jwks`,
      schema: `${given.base}/schemas/policy.json`,
    }),
    "sign-in": SignInPage({ ...signIn, app: null, addressSuffices: false }),
    "sign-in for an app": SignInPage({ ...signIn, app: cast.app, addressSuffices: false, notice: "signedOut" }),
    "sign-in by address": SignInPage({ ...signIn, app: cast.app, visit: "sealed", addressSuffices: true }),
    "sign-in again": SignInPage({ ...signIn, frame, app: null, addressSuffices: false, isAgain: true }),
    "sign-in-email": SignInEmailPage({ frame: nobody, continuation: "sealed", address: "", error: null, wait: null }),
    "sign-in-email wrong": SignInEmailPage({
      frame: nobody,
      continuation: null,
      address: cast.ana,
      error: "notAnAddress",
      wait: 12,
    }),
    "sign-in-code": CodePage({
      frame: nobody,
      address: cast.address,
      action: "/sign-in/email/code",
      again: "/sign-in/email",
      otherAddress: "/sign-in/email?continue=sealed",
      hidden: { at: "sealed", continue: "sealed" },
      error: "wrong",
      wait: 1,
    }),
    "sign-in-recovery": SignInRecoveryPage({ frame: nobody, continuation: null, error: null }),
    "sign-up": SignUpPage({
      frame: nobody,
      continuation: "sealed",
      app: null,
      name: "",
      proven: null,
      addressSuffices: false,
      providers,
      sendsMail: true,
      error: null,
    }),
    "sign-up with an address": SignUpPage({
      frame: nobody,
      continuation: "sealed",
      app: cast.app,
      name: cast.ana,
      proven: { address: cast.address, at: "sealed" },
      addressSuffices: false,
      providers: [],
      sendsMail: true,
      error: "nameTooLong",
    }),
    "sign-up with an address that suffices": SignUpPage({
      frame: nobody,
      continuation: "sealed",
      app: cast.app,
      name: "",
      proven: { address: cast.address, at: "sealed" },
      addressSuffices: true,
      providers: [],
      sendsMail: true,
      error: null,
    }),
    "recovery-codes": RecoveryCodesPage({
      frame,
      codes: Array.from({ length: 10 }, (_, index) => `ABCD-EFGH-JKLM-NP${index}R`),
      next: "/account",
    }),
    account: AccountPage(account),
    "account at its beginning": AccountPage({
      ...account,
      person: { name: null, address: null },
      apps: 0,
      addresses: 0,
      recoveryCodes: 0,
      remembered: 0,
      organisations: [],
      isSaved: true,
    }),
    groups: GroupsPage({
      frame: consoleFrame,
      groups: [
        { id: "g1", name: cast.clinic, members: 12, uses: 3 },
        { id: "g2", name: cast.thing, members: 0, uses: 0 },
      ],
      isWhole: true,
      next: null,
      formKey: "key",
      form: { name: "", error: null },
      isDeleted: true,
    }),
    "groups, none": GroupsPage({
      frame: forClinic,
      groups: [],
      isWhole: true,
      next: null,
      formKey: "key",
      form: { name: cast.thing, error: "notAName" },
      isDeleted: false,
    }),
    "groups, one page of many": GroupsPage({
      frame: forClinic,
      groups: [{ id: "g1", name: cast.clinic, members: 1, uses: 1 }],
      isWhole: false,
      next: "/account/shared?after=c3",
      formKey: "key",
      form: { name: "", error: "tooMany" },
      isDeleted: false,
    }),
    group: GroupPage({
      frame: consoleFrame,
      id: "g1",
      name: cast.clinic,
      members: [
        { key: "a", who: { address: cast.address }, isDoubtful: false },
        { key: "b", who: { host: cast.host }, isDoubtful: true },
      ],
      uses: [{ sentence: said`${cast.clinic} can view ${cast.thing}.`, thing: "t1" }],
      notice: "added",
      form: { address: cast.address, name: null, error: "full" },
    }),
    "group, empty": GroupPage({
      frame: forClinic,
      id: "g1",
      name: cast.thing,
      members: [],
      uses: [],
      notice: null,
      form: { address: cast.thing, name: null, error: "notAnAddress" },
    }),
    "group, named wrongly": GroupPage({
      frame: forClinic,
      id: "g1",
      name: cast.thing,
      members: [],
      uses: [],
      notice: "removed",
      form: { address: "", name: cast.thing, error: "notAName" },
    }),
    "group, in use": GroupPage({
      frame: forClinic,
      id: "g1",
      name: cast.thing,
      members: [],
      uses: [{ sentence: said`${cast.clinic} can view ${cast.thing}.`, thing: "t1" }],
      notice: null,
      form: { address: "", name: null, error: "inUse" },
    }),
    home: HomePage({
      frame: consoleFrame,
      waiting: [waiting, nameless],
      isAllThatWaits: false,
      lastHereAt: NOW - 2 * DAY,
      news: [
        {
          at: NOW - DAY,
          sentence: activityWords.admitted(said`${cast.ana}`, "view", said`${cast.thing}`),
          origin: activityWords.through(said`${cast.app}`),
        },
        { at: NOW - 3_600, sentence: activityWords.shareChanged(cast.thing), origin: activityWords.byYou },
      ],
      hasMoreNews: true,
      hasMoreThings: true,
      things: [
        { id: "t1", name: cast.thing, app: cast.app },
        { id: "t2", name: null, app: null },
      ],
    }),
    "home, of an organisation": HomePage({
      frame: forClinic,
      waiting: [],
      isAllThatWaits: true,
      lastHereAt: NOW - DAY,
      news: [],
      hasMoreNews: false,
      things: [],
      hasMoreThings: false,
    }),
    "home, for the first time": HomePage({
      frame: consoleFrame,
      waiting: [waiting],
      isAllThatWaits: true,
      lastHereAt: null,
      news: [],
      hasMoreNews: false,
      things: [],
      hasMoreThings: false,
    }),
    things: ThingsPage(things),
    "things, of an organisation without any": ThingsPage({ ...things, frame: forClinic, things: [] }),
    "things, narrowed": ThingsPage({
      ...things,
      search: { text: cast.thing, app: "a2", kind: "photo" },
      next: `${frame.base}/console/ana/things?cursor=x`,
    }),
    "things, not found yet": ThingsPage({
      ...things,
      things: [],
      search: { ...things.search, text: cast.thing },
      next: `${frame.base}/console/ana/things?cursor=x`,
    }),
    "what is in a thing": ThingsPage({ ...things, within: { id: "t1", name: cast.thing }, apps: [], kinds: [] }),
    requests: RequestsPage({ frame: consoleFrame, waiting: [waiting, nameless], isAll: true, next: null }),
    "requests, none": RequestsPage({ frame: forClinic, waiting: [], isAll: true, next: null }),
    "requests, many": RequestsPage({
      frame: forClinic,
      waiting: Array.from({ length: 20 }, (_, index) => ({ ...waiting, id: `q${index}` })),
      isAll: false,
      next: `${frame.base}/console/clinic/requests?after=3`,
    }),
    "requests, decided": DecidedRequestsPage({
      frame: consoleFrame,
      decided: [
        { id: "q1", sentence: said`You let ${cast.ana} view ${cast.thing}.`, at: NOW - 3 * DAY },
        {
          id: "q2",
          sentence: said`${cast.ana} asked to view ${cast.thing}, and nobody answered.`,
          at: NOW - 30 * DAY,
        },
      ],
      next: `${frame.base}/console/ana/decided?after=3`,
    }),
    "requests, none decided": DecidedRequestsPage({ frame: consoleFrame, decided: [], next: null }),
    "a request": RequestPage(request),
    "a request of somebody unknown, filled in wrong": RequestPage({
      ...request,
      frame: forClinic,
      request: { ...nameless, expiresAt: NOW + DAY },
      known: { addresses: [], nameSaidBy: null, issuer: null, hasAccount: false },
      appFacts: null,
      isAllOrNothing: true,
      form: {
        until: "day",
        lastDay: "2026-01-01",
        word: cast.thing,
        errors: { allow: "nothing", last_day: "day", word: "word" },
      },
      notice: "changed",
    }),
    "a request, allowed": DecidedRequestPage(decided),
    "a request, refused": DecidedRequestPage({
      ...decided,
      frame: forClinic,
      status: "refused",
      leftOut: null,
      until: null,
      isTold: true,
      notice: "alreadyDecided",
    }),
    "a request, allowed and ended": DecidedRequestPage({ ...decided, isStanding: false, notice: "ended" }),
    "a request, expired": DecidedRequestPage({
      ...decided,
      request: nameless,
      status: "expired",
      decidedBy: null,
      leftOut: null,
      until: null,
      word: null,
      things: [],
      notice: null,
    }),
    "a thing": ThingPage(thing),
    "a thing of nobody else": ThingPage({
      ...thing,
      thing: { ...thing.thing, name: null, description: cast.thing, kind: null, app: null, isCollection: true },
      permits: [],
      listed: whole,
      notice: "ended",
    }),
    "a thing, shared in every way": ThingPage({
      ...thing,
      frame: forClinic,
      permits: inEveryWay,
      listed: {
        ...whole,
        permits: inEveryWay,
        denies: [
          {
            ...unused,
            whom: [{ kind: "person", person: { name: null, address: cast.address } }],
            why: { kind: "all" },
          },
          { ...unused, actions: null },
        ],
      },
      isWhole: false,
      error: "changed",
    }),
    "a thing of everybody": ThingPage({
      ...thing,
      permits: [{ ...unused, whom: [{ kind: "anyone" }] }],
      listed: { ...whole, permits: [{ ...unused, whom: [{ kind: "anyone" }] }] },
    }),
    "a thing of many": ThingPage({
      ...thing,
      permits: someOfMany,
      listed: { ...whole, permits: someOfMany, isMany: true, next: `${consoleFrame.console}/things/t1?from=25` },
    }),
    "a thing of many, somebody not found": ThingPage({
      ...thing,
      listed: { ...whole, sought: cast.ana, isMany: true },
    }),
    activity: ActivityPage({ ...activity, happenings, next: `${consoleFrame.console}/activity?before=7` }),
    "activity, of which nothing was found": ActivityPage({
      ...activity,
      sought: { text: cast.ana, show: "refused", from: "2026-01-01", until: "" },
      isNarrowed: true,
    }),
    "activity, before there is any": ActivityPage(activity),
    share: SharePage(sharing),
    "share, with a group, wrong": SharePage({
      ...sharing,
      frame: forClinic,
      things: { ids: ["t1", "t2"], name: null, kind: null },
      fields: { ...sharing.fields, kind: "group", acts: [], reach: "everything", agreementTitle: cast.thing },
      errors: ["act", "until", "agreementText"],
      groups: [
        { id: "g1", name: cast.thing, members: 0 },
        { id: "g2", name: cast.clinic, members: 12 },
      ],
    }),
    "share, with a group, none": SharePage({ ...sharing, fields: { ...sharing.fields, kind: "group" } }),
    "share, with an app": SharePage({
      ...sharing,
      fields: { ...sharing.fields, kind: "app" },
      acts: [],
      apps: [{ id: "a1", name: cast.app }],
    }),
    "share, with everybody": SharePage({ ...sharing, fields: { ...sharing.fields, kind: "everybody" } }),
    "share, changed": SharePage({ ...sharing, change: { policy: "p1", version: 2, whom: said`${cast.ana}` } }),
    "share, reviewed": ShareReviewPage(reviewed),
    "share, reviewed, nothing new": ShareReviewPage({
      ...reviewed,
      effect: { ...nothing, isCounted: true, isPartial: false, allowedBy: [reviewed.sentence] },
      letter: null,
    }),
    "share, reviewed, for nobody": ShareReviewPage({ ...reviewed, effect: null, obstacle: "empty_group" }),
    "share, reviewed, in conflict": ShareReviewPage({
      ...reviewed,
      change: { policy: "p1", version: 3 },
      conflict: { to: reviewed.sentence },
    }),
    "thing, just shared": ThingPage({
      ...thing,
      saved: {
        what: "shared",
        undo: "sealed",
        letter: { address: cast.address, isSent: false, link: "https://usher.example/account/shared" },
        thing: "t1",
      },
    }),
    apps: AppsPage({
      frame: consoleFrame,
      apps: [
        connected,
        { ...connected, id: "c2", app: unverified, abilities: ["protect"], connectedAt: null, things: 0 },
        { ...connected, id: "c3", things: 1 },
      ],
      total: 3,
      next: `${consoleFrame.console}/apps?after=c3`,
      ended: cast.app,
    }),
    "apps, none": AppsPage({ frame: consoleFrame, apps: [], total: 0, next: null, ended: null }),
    "apps, of an organisation": AppsPage({ frame: forClinic, apps: [connected], total: 1, next: null, ended: null }),
    security: SecurityPage(security),
    "security, one way in": SecurityPage({
      ...security,
      passkeys: security.passkeys.slice(0, 1),
      addresses: [],
      linked: [],
      sessions: security.sessions.slice(0, 1),
      recoveryCodes: 0,
      notice: "passkeyAdded",
      addressError: "notAnAddress",
    }),
    remembered: RememberedPage({
      ...{ frame, memories: [memory], total: 1, next: null, forgotten: cast.app, takenBack: null },
      signIns: [{ id: "c1", app, learns: ["sameness", "address"], since: NOW }],
    }),
    "remembered, nothing": RememberedPage({
      ...{ frame, memories: [], total: 0, next: null, forgotten: null },
      ...{ signIns: [], takenBack: cast.app },
    }),
    "remembered, by signing in alone": RememberedPage({
      ...{ frame, memories: [], total: 0, next: null, forgotten: null, takenBack: null },
      signIns: [
        { id: "c1", app, learns: ["sameness"], since: NOW - 3 * DAY },
        { id: "c2", app: unverified, learns: ["sameness", "address", "name"], since: NOW },
      ],
    }),
    notices: NoticesPage({ frame, address: cast.address, isPosted: true, wanted: NOTICES, isSaved: true }),
    "notices, without an address": NoticesPage({
      frame,
      address: null,
      isPosted: true,
      wanted: { ...NOTICES, week: true },
      isSaved: false,
    }),
    "notices, not sent here": NoticesPage({ frame, address: null, isPosted: false, wanted: NOTICES, isSaved: false }),
    "notices, stop": StopPage({ frame: nobody, kind: "request_waiting", sealed: "sealed" }),
    "notices, stopped": StoppedPage({ frame: nobody }),
    data: AccountDataPage({ frame }),
    "data, deletion": DeletionPage({ frame, apps: 2, organisations: [cast.clinic], isUnsure: false }),
    "data, deletion unsure": DeletionPage({ frame, apps: 0, organisations: [], isUnsure: true }),
    "data, hand over": ChargesPage({ frame, charges: [{ ownerId: "clinic", name: cast.clinic }] }),
    "data, deleted": DeletedPage({ frame: nobody, ownerId: "owner", closedAt: NOW - 5, erasedAt: null }),
    shared: SharedWithMePage({
      frame,
      things: [
        {
          name: cast.thing,
          acts: "view, download",
          isAsked: false,
          owner: cast.clinic,
          until: frame.now + 86_400 * 30,
          app: { name: cast.app, uri: APP_URL },
          hasMore: true,
        },
        {
          name: null,
          acts: null,
          isAsked: true,
          owner: null,
          until: null,
          app: { name: cast.app, uri: null },
          hasMore: true,
        },
        { name: cast.thing, acts: "view", isAsked: false, owner: cast.ana, until: null, app: null, hasMore: false },
      ],
      isFirst: true,
      next: "/account/shared?after=c3",
    }),
    "shared, nothing": SharedWithMePage({ frame, things: [], isFirst: true, next: null }),
    "shared, nothing on this page": SharedWithMePage({ frame, things: [], isFirst: false, next: null }),
    administrators: AdministratorsPage(administrators),
    "administrators wrong": AdministratorsPage({
      ...administrators,
      form: {
        ...administrators.form,
        address: "nobody",
        endsOn: "2020-01-01",
        addressError: "notAnAddress",
        endsOnError: "badDate",
      },
      error: "lastAdministrator",
      link: "https://usher.example/invitations?invitation=0123456789abcdef0123456789abcdef",
    }),
    "administrators of oneself": AdministratorsPage({
      ...administrators,
      owner: { id: "own", name: null },
      owners: owners.slice(0, 1),
      people: administrators.people.slice(0, 1).map((acting) => ({ ...acting, canEnd: false })),
      invitations: [],
      form: null,
    }),
    invitation: InvitationPage({
      frame,
      invitationId: "invitation",
      ownerId: "clinic",
      owner: cast.clinic,
      invitedBy: cast.ana,
      role: "administrator",
      endsAt: NOW + 99 * DAY,
      person,
      isActing: true,
    }),
    "invitation, signed out": InvitationPage({
      frame: nobody,
      invitationId: "invitation",
      ownerId: "clinic",
      owner: cast.clinic,
      invitedBy: null,
      role: "assistant",
      endsAt: null,
      person: null,
      isActing: false,
    }),
    "invitation declined": DeclinedInvitationPage({ frame: nobody }),
    consent: ConsentPage(consent),
    "consent to be known": ConsentPage({ ...consent, abilities: [], learns: ["sameness"] }),
    "consent to everything": ConsentPage({
      ...consent,
      learns: ["sameness", "address", "name"],
      app: unverified,
      documents: { policy: null, terms: null },
      abilities: ["protect", "share"],
      owners: owners.slice(0, 1),
      returnsTo: null,
    }),
    claims: ClaimsPage({ ...claims, missing: [], agreements: [agreement] }),
    "claims, by name": ClaimsPage({ ...claims, isByName: true, missing: [], agreements: [], remember: null }),
    "claims, not agreed": ClaimsPage({
      ...claims,
      missing: [],
      agreements: [agreement, { ...agreement, id: "a2", title: cast.thing }],
      notAgreed: ["a1"],
    }),
    "claims, refused": ClaimsPage({ ...claims, outlook: "refused", missing: [], agreements: [] }),
    "claims, for the owner to decide": ClaimsPage({ ...claims, outlook: "ownerDecides", missing: [], agreements: [] }),
    "claims, missing": ClaimsPage({
      ...claims,
      missing: [
        { kind: "address" },
        { kind: "fact", fact: "licence_number", providers },
        { kind: "fact", fact: "birthdate", providers: [] },
        { kind: "recent", withinSeconds: 600 },
      ],
      agreements: [agreement],
      remember: null,
    }),
    confirm: ConfirmPage({
      frame,
      question: "endAllSessions",
      action: "/account/security/sessions/end-all",
      hidden: {},
      cancel: "/account/security",
      returnsTo: null,
    }),
    "confirm, as an app asks": ConfirmPage({
      frame,
      question: "signOut",
      action: "/logout/confirmed",
      hidden: { client_id: "consult" },
      cancel: "/account",
      returnsTo: { host: cast.host },
    }),
    "confirm, as an app on a device asks": ConfirmPage({
      frame,
      question: "signOut",
      action: "/logout/confirmed",
      hidden: { client_id: "consult" },
      cancel: "/account",
      returnsTo: { host: null },
    }),
    "error, with a way back": ErrorPage({
      frame: nobody,
      problem: "linkUsed",
      requestId: "0a1b2c3d-4e5f-6789-abcd-ef0123456789",
      back: { app: cast.app, href: PROVIDER_URL },
    }),
    error: ErrorPage({ frame: nobody, problem: "linkExpired", requestId: "0a1b2c3d-4e5f-6789-abcd-ef0123456789" }),
    "upstream-leaving": UpstreamLeavingPage({
      frame: nobody,
      provider: cast.clinic,
      url: PROVIDER_URL,
    }),
    "upstream-newcomer": UpstreamNewcomerPage({
      frame: nobody,
      provider: { id: "p1", name: cast.clinic },
      name: cast.ana,
      offer: "sealed",
      continuation: "sealed",
    }),
    "upstream-problem": UpstreamProblemPage({
      frame: nobody,
      problem: "tooLow",
      provider: cast.clinic,
      back: { to: "sign_in", path: "/sign-in?continue=sealed" },
      requestId: "0a1b2c3d-4e5f-6789-abcd-ef0123456789",
    }),
    "upstream-problem, of nobody": UpstreamProblemPage({
      frame,
      problem: "someoneElse",
      provider: null,
      back: { to: "security", path: "/account/security" },
      requestId: "0a1b2c3d-4e5f-6789-abcd-ef0123456789",
    }),
    "development-mailbox": MailboxPage({
      frame: nobody,
      messages: [
        { to: cast.address, subject: "Your code: 1234 5678", text: "1234 5678\n\nis your code.", sentAt: NOW },
      ],
    }),
    "development-mailbox, empty": MailboxPage({ frame: nobody, messages: [] }),
  };
}
