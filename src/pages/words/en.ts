import { activity } from "./en/activity.ts";
import { connectedApps } from "./en/connected-apps.ts";
import { console } from "./en/console.ts";
import { data } from "./en/data.ts";
import { groups } from "./en/groups.ts";
import { home } from "./en/home.ts";
import { notices } from "./en/notices.ts";
import { requests } from "./en/requests.ts";
import { share } from "./en/share.ts";
import { sharedWithMe } from "./en/shared-with-me.ts";
import { shares } from "./en/shares.ts";
import { thing } from "./en/thing.ts";
import { things } from "./en/things.ts";
import { listOf, plural } from "./number.ts";
import { said } from "./said.ts";

const LOCALE = "en-GB";
const list = listOf(LOCALE);

/** What the letter with an invitation tells. */
interface InvitationLetter {
  readonly link: string;
  readonly ownerName: string;
  /** Empty when they gave none. */
  readonly inviterName: string;
}

/**
 * Every word that people read, a section for each page. Other languages are files of the same shape: a sentence that is
 * missing there does not compile.
 */
export const en = {
  language: { tag: "en", name: "English", direction: "ltr", locale: LOCALE },

  layout: {
    skip: "Skip to the content",
    titleOf: (page: string) => `${page.replace(/[.?!]$/, "")} – Usher`,
    account: "Your account",
    signedInAs: (name: string) => said`Signed in as ${name}`,
    someone: "You",
    stranger: "Somebody without a name",
    signOut: "Sign out",
    chooseLanguage: "Language",
    backTo: (app: string) => said`Back to ${app}`,
    reference: (id: string) => said`If you ask for help, mention this number: ${id}`,
    dayAndHour: (day: string, hour: string) => `${day} at ${hour}`,
    lastUsed: "last used",
    neverUsed: "not used yet",
    more: "Show more",
    live: { changed: "Something has changed just now.", show: "Show it" },
  },

  activity,
  connectedApps,
  console,
  data,
  groups,
  home,
  share,
  requests,
  shares,
  sharedWithMe,
  thing,
  things,
  notices,

  errors: {
    summary: "Please look at this again",
    field: "Error:",
  },

  problems: {
    notFound: {
      title: "There is nothing here.",
      next: "Check the address, or go back to the page that sent you here.",
    },
    badRequest: {
      title: "This page was opened in a way that does not work.",
      next: "Go back to the app you came from and start again there. Nothing has been changed.",
    },
    formOutOfDate: {
      title: "This page was open for too long.",
      next: "Open it again and repeat the last step. Nothing has been changed.",
    },
    tooMany: {
      title: "That was tried too often.",
      next: "Wait a few minutes and try again. Nobody is locked out.",
    },
    failed: {
      title: "Something went wrong on our side.",
      next: "Try again. If it keeps happening, tell the people who run this service.",
    },
    unavailable: {
      title: "This service cannot be reached right now.",
      next: "Wait a moment and try again. Nothing has been lost.",
    },
    linkExpired: {
      title: "This link has expired.",
      next: "Go back to the app you came from and start again there.",
    },
    linkUsed: {
      title: "This link has been used already.",
      next: "Go back to the app you came from. If it does not let you in, start again there.",
    },
    linkUnknown: {
      title: "This link does not work.",
      next: "Go back to the app you came from and start again there.",
    },
    otherBrowser: {
      title: "This was begun in another browser.",
      next: "Go on in the browser in which you began, or start again in the app you came from.",
    },
    appUnknown: {
      title: "We do not know the app that sent you here.",
      next: "Nothing was told to it, and you are not sent back. Tell the people who make the app that it is not registered here.",
    },
    addressUnknown: {
      title: "The app that sent you here gave an address that it has not registered.",
      next: "Nothing was told to it, and we do not send you to such an address. Tell the people who make the app.",
    },
    invitationGone: {
      title: "This invitation is no longer open.",
      next: "It was accepted, ended or has expired. Ask whoever invited you for a new one.",
    },
    invitationClosed: {
      title: "No invitation is open in this browser.",
      next: "Open the link of the invitation once more.",
    },
    notAdministrator: {
      title: "Choosing who acts for this organisation is left to others.",
      next: "Ask somebody who may invite others. Nothing has been changed.",
    },
    noRoom: {
      title: "There is no room for you at present.",
      next: "Too many people act for this organisation, or you act for too many. Once somebody has ended, the link works again.",
    },
    passkeyRefused: {
      title: "This passkey does not work here.",
      next: "Try another one, or choose another way.",
    },
    passkeyLate: {
      title: "That took too long.",
      next: "Try again.",
    },
    passkeyCopied: {
      title: "Somebody may have made a copy of this passkey.",
      next: "So it no longer signs you in. Sign in another way, and remove it.",
    },
    nameTooLong: {
      title: "This name is too long.",
      next: "Use a shorter name.",
    },
    notYours: {
      title: "You do not act for this organisation.",
      next: "Perhaps your time has ended. Ask somebody who acts for it to invite you again.",
    },
  },

  apps: {
    unverified: "Not checked by us",
    onDevice: "An app on your device",
    /** In the place of a name, wherever that stands in a sentence. */
    namelessOnDevice: "App on your device",
  },

  places: {
    device: (browser: string, system: string) => said`${browser} on ${system}`,
    unknownDevice: "A browser",
  },

  signIn: {
    title: "Sign in",
    titleFor: (app: string) => said`Sign in to go on to ${app}`,
    lead: "You need no password here.",
    leadFor: (app: string) => said`${app} sent you here to find out who you are. You go back there afterwards.`,
    titleAgain: "Please show once more that it is you",
    leadAgain: "What you are about to do is important, so we make sure that nobody else is doing it.",
    passkey: "Sign in with a passkey",
    passkeyHint: "Your fingerprint, face, screen lock or security key",
    noScript: "Passkeys need JavaScript, which is off in this browser. The other ways work without it.",
    others: "Other ways to sign in",
    provider: (name: string) => said`Continue with ${name}`,
    email: "Send me a code by email",
    recovery: "Use a recovery code",
    signUpQuestion: "New here?",
    signUp: "Create an account",
    cancel: (app: string) => said`Cancel and go back to ${app}`,
    help: "Nothing of this works?",
    helpText: [
      "Passkey lost: use a recovery code, or have a code sent to an email address of your account. Then add a new passkey.",
      "Everything lost: nobody can open your account for you, and we cannot either. Create a new one, and ask those who share with you to share with it.",
    ],
    problems: {
      signedOut: "You are signed out.",
      signedOutEverywhere: "You are signed out everywhere.",
    },
  },

  signInEmail: {
    title: "Where should we send a code?",
    lead: "We send eight digits, which you type in on the next page.",
    address: "Email address",
    send: "Send the code",
    otherWay: "Sign in another way",
    wait: (minutes: number) =>
      plural(
        minutes,
        "",
        "Too many codes were sent. Wait a minute and try again, or sign in another way.",
        (n) => `Too many codes were sent. Wait ${n} minutes and try again, or sign in another way.`,
      ),
    errors: {
      notAnAddress: "Enter an email address, such as name@example.com.",
      tooMany: "Too many codes were sent. Wait a few minutes and try again.",
      notSent: "No email could be sent to this address. Check it, or choose another way.",
      taken: "This address cannot be added. If it is yours, remove it from your other account first.",
    },
  },

  signInCode: {
    title: "Type in the code from the email",
    lead: (address: string) =>
      said`If mail reaches ${address}, a code is on its way. It can take a minute, and works for ten.`,
    code: "Code",
    codeHint: "Eight digits",
    go: "Go on",
    again: "Send another code",
    otherAddress: "Use another address",
    spam: "Nothing there? Look among the spam, and check that the address is right.",
    errors: {
      missing: "Type in the code from the email.",
      wrong: "That is not the code that we sent. Check it, or have another one sent.",
      expired: "This code has expired. Have another one sent.",
      tooMany: "That was tried too often. Have another code sent.",
    },
    wait: (minutes: number) =>
      plural(
        minutes,
        "",
        "A code is on its way already. You can have another one sent in a minute.",
        (n) => `A code is on its way already. You can have another one sent in ${n} minutes.`,
      ),
  },

  signInRecovery: {
    title: "Type in a recovery code",
    lead: "You kept ten of them when you made your account. Each works once.",
    code: "Recovery code",
    codeHint: "Such as BCDF-GHJK-LMNP-QRST-VWXZ; small letters and blanks do not matter",
    go: "Sign in",
    otherWay: "Sign in another way",
    errors: {
      missing: "Type in one of your recovery codes.",
      wrong: "This code does not work. It may have been used, or replaced by newer ones.",
      tooMany: "That was tried too often. Wait a few minutes and try again.",
    },
  },

  signUp: {
    title: "Create an account",
    titleFor: (app: string) => said`Create an account to go on to ${app}`,
    lead: "You need no password: your device keeps a passkey for you, which nobody can guess or steal by mail.",
    leadProven:
      "With an account you decide who may see what your apps keep for you, and show other people’s apps who you are.",
    name: "What should others call you?",
    nameHint:
      "Those whose things you use see it, and those who act for an organisation with you. You can change it later, or leave it empty.",
    verified: (address: string) => said`${address} is yours, and signs you in from now on.`,
    passkey: "Create a passkey",
    withoutPasskey: "Go on without a passkey",
    go: "Create the account",
    passkeyOffer: "That creates the account too, and you need not wait for an email the next time.",
    noScript: "Passkeys need JavaScript, which is off in this browser. The other ways work without it.",
    noScriptAtAll:
      "Passkeys need JavaScript, which is off in this browser. Switch it on for this site to create an account.",
    email: "Use a code by email instead",
    provider: (name: string) => said`Continue with ${name}`,
    others: "Other ways to begin",
    signInQuestion: "Been here before?",
    signIn: "Sign in",
    errors: { nameTooLong: "Use a shorter name." },
  },

  passkeyScript: {
    unsupported: "This browser knows no passkeys. Choose another way.",
    cancelled: "No passkey was used. Try again, or choose another way.",
    known: "This device has a passkey for your account already.",
    failed: "That did not work. Try again, or choose another way.",
    working: "Your device asks you now…",
  },

  recoveryCodes: {
    title: "Keep these recovery codes",
    lead: "If you lose your passkeys, each of these signs you in once. We show them only now.",
    where: "Print them or write them down, and keep them where you keep other important papers.",
    label: "Your recovery codes",
    copy: "Copy",
    copied: "Copied",
    print: "Print",
    go: "I have kept them",
  },

  account: {
    navigation: "Your account",
    home: "Home",
    things: "Things",
    thingsTitle: "Your things",
    thingsLine: "Who can see what, and who waits for you",
    shared: "Shared",
    sharedTitle: "Shared with you",
    sharedLine: "What others let you open",
    apps: "Apps",
    security: "Signing in",
    remembered: "Remembered",
    administrators: "People",
    notices: "Emails",
    data: "Your data",
    dataLine: "Take everything along, or delete your account",

    title: (apps: number) =>
      plural(apps, "No app acts for you.", "One app acts for you.", (n) => `${n} apps act for you.`),
    nameless: "You have not said yet what others should call you.",
    appsLine: "What each may do, and how to end it",
    securityLine: (passkeys: number, addresses: number) =>
      `${plural(passkeys, "No passkey", "1 passkey", (n) => `${n} passkeys`)}, ${plural(addresses, "no address", "1 address", (n) => `${n} addresses`)}`,
    rememberedLine: (apps: number) =>
      plural(apps, "Which apps learn who you are", "For one app", (n) => `For ${n} apps`),
    administratorsLine: (names: readonly string[]) =>
      names.length === 0 ? "You act for yourself" : said`You act for yourself and ${list(names)}`,
    oneWayIn: "There is only one way into your account. Add a second, so that you cannot lock yourself out.",
    addWayIn: "Add another way in",
    fewCodes: (left: number) =>
      plural(
        left,
        "You have no recovery codes.",
        "You have one recovery code left.",
        (n) => `You have ${n} recovery codes left.`,
      ),
    makeCodes: "Make new ones",
    rename: "Change your name",
    name: "What should others call you?",
    nameHint:
      "Those whose things you use see it, and those who act for an organisation with you. You can leave it empty.",
    save: "Save",
    saved: "Saved.",
    errors: { nameTooLong: "Use a shorter name." },
  },

  security: {
    title: (passkeys: number, addresses: number, providers: number) =>
      `You can sign in with ${list(
        [
          passkeys > 0 ? plural(passkeys, "", "1 passkey", (n) => `${n} passkeys`) : "",
          addresses > 0 ? plural(addresses, "", "1 email address", (n) => `${n} email addresses`) : "",
          providers > 0 ? plural(providers, "", "1 linked account", (n) => `${n} linked accounts`) : "",
        ].filter((part) => part !== ""),
      )}.`,
    lastWayIn: "This is the only way into your account, so it cannot be removed. Add another one first.",
    remove: "Remove",
    rename: "Rename",
    save: "Save",
    added: "Added",

    passkeys: "Passkeys",
    passkeysEmpty:
      "A passkey signs you in with your fingerprint, face or screen lock, and cannot be guessed or stolen by mail.",
    addPasskey: "Add a passkey",
    passkeyName: "What is it called?",
    passkeyNameHint: "Such as “Phone” or “Blue security key”",
    noScript: "Adding a passkey needs JavaScript, which is off in this browser.",

    addresses: "Email addresses",
    addressesEmpty: "With an address you can sign in by a code, and others can share with you.",
    verifiedOn: "Verified",
    addAddress: "Add an address",
    address: "Email address",
    sendCode: "Send a code",

    linked: "Linked accounts",
    linkedEmpty: "If you have an account at one of these, it can sign you in here too.",
    unlink: "Unlink",
    link: (name: string) => said`Link ${name}`,

    sessions: "Where you are signed in",
    thisOne: "This browser",
    lastSeen: "last seen",
    end: "Sign out",
    endAll: "Sign out everywhere else",
    endEverywhere: "Sign out everywhere",
    onlyHere: "You are signed in nowhere else.",

    recovery: "Recovery codes",
    recoveryLeft: (left: number) => plural(left, "You have none.", "One is left.", (n) => `${n} are left.`),
    recoveryLead: "For the day on which you lose everything else. Each works once.",
    newCodes: "Make new recovery codes",

    notices: {
      recovered: "You are in, and that code is used up. Add a passkey now, so that you need no other.",
      passkeyAdded: "The passkey was added.",
      passkeyRemoved: "The passkey was removed. It no longer signs you in.",
      renamed: "Saved.",
      addressAdded: "The address is yours, and signs you in from now on.",
      addressRemoved: "The address was removed. It no longer signs you in.",
      linked: "The account is linked, and signs you in from now on.",
      unlinked: "The account is no longer linked.",
      sessionEnded: "That browser is signed out.",
      allEnded: "You are signed out everywhere else.",
    },
    errors: {
      lastWayIn: "That is the only way into your account. Add another one first.",
      tooMany: "You have as many as an account can have. Remove one first.",
      nameMissing: "Give it a name.",
      nameTooLong: "Use a shorter name.",
    },
  },

  remembered: {
    title: (apps: number) =>
      plural(
        apps,
        "Nothing is remembered about you.",
        "Something is remembered about you, for one app.",
        (n) => `Something is remembered about you, for ${n} apps.`,
      ),
    lead: "So that an app need not ask each time who you are. Nobody else uses it, and it is kept sealed.",
    empty: "When an app asks who you are, you can let us remember what you showed. It then stands here.",
    since: "Since",
    until: "until",
    forget: "Forget",
    signIns: "Apps that learn who you are when you sign in there",
    titleSignIns: (apps: number) =>
      plural(
        apps,
        "",
        "One app learns who you are when you sign in there.",
        (n) => `${n} apps learn who you are when you sign in there.`,
      ),
    takeBack: "Take back",
    takenBack: (app: string) => said`Taken back. ${app} learns nothing more about you here.`,
    forgotten: (app: string) => said`Forgotten. ${app} has to ask again who you are.`,
  },

  administrators: {
    titleOwn: (others: number) =>
      plural(
        others,
        "Nobody but you acts for you.",
        "One person besides you acts for you.",
        (n) => `${n} people besides you act for you.`,
      ),
    title: (people: number, owner: string) =>
      people === 1 ? said`One person acts for ${owner}.` : said`${people} people act for ${owner}.`,
    whose: "For whom",
    yourself: "Yourself",
    roles: {
      administrator: "May do everything, and invite others",
      assistant: "May do everything but invite others",
    },
    you: "You",
    since: "Since",
    from: "From",
    until: "until",
    end: "End",
    leave: "Leave",
    invited: "Invited",
    openUntil: "Can be accepted until",
    withdraw: "Withdraw",
    byLink: "By a link from those who run this service",
    invite: "Invite somebody",
    inviteLead: "We send a link to this address. Nothing changes until it is accepted.",
    address: "Email address",
    role: "What may they do?",
    endsOn: "Until when?",
    endsOnHint: "Leave it empty if it should last until somebody ends it.",
    send: "Send the invitation",
    link: "The invitation is ready. Send this link to whom you invite; it works once:",
    notices: {
      accepted: "You accepted the invitation. From now on you act for this organisation.",
      invited: "The invitation is on its way.",
      ended: "That has ended. It counts from now on.",
      withdrawn: "The invitation was withdrawn. Its link no longer works.",
    },
    errors: {
      notAnAddress: "Enter an email address, such as name@example.com.",
      badDate: "Enter a day that is still to come.",
      lastAdministrator: "Somebody has to be left who may invite others. Invite another person first.",
      tooMany: "Too many invitations are open. Withdraw one first.",
    },
  },

  invitation: {
    title: (owner: string) => said`You are invited to act for ${owner}.`,
    lead: (owner: string) =>
      said`You could then connect apps for ${owner} and decide who may see what they keep. It would not become yours, and it would not see what is yours.`,
    by: (name: string) => said`${name} invited you.`,
    bySomebody: "Somebody who acts for it invited you.",
    byOperator: "Those who run this service invited you.",
    role: {
      administrator: "You could also invite others.",
      assistant: "Inviting others is left to others.",
    },
    until: "It would end:",
    open: "It would last until you or somebody else ends it.",
    signInFirst: "Accepting takes an account here. You sign in or create one on the next page.",
    as: "You accept as",
    accept: "Accept",
    decline: "Decline",
    switch: "Use another account",
    already: "You act for it already. Whatever you may do now, you still may do then, and for as long.",
    declined: "You declined the invitation.",
    declinedNext: "Its link no longer works, and nothing has changed.",
    letter: ({ link, ownerName, inviterName }: InvitationLetter, host: string) => ({
      subject: said`You are invited to act for ${ownerName}`,
      paragraphs: [
        said`${inviterName === "" ? "Somebody" : inviterName} invites you to act for ${ownerName} at ${host}. Open this link to read what that means, and to accept or decline:`,
        link,
        "The link works once, for seven days, for whoever holds it: do not pass it on.",
        "If you do not know what this is about, you need not do anything.",
      ],
    }),
  },

  consent: {
    title: (app: string) => said`${app} asks to be connected to you.`,
    titleBoth: (app: string) => said`${app} asks to be connected to you, and who you are.`,
    titleIdentity: (app: string) => said`${app} asks who you are.`,
    lead: {
      identity: "You would then sign in there with your account here.",
      protect: "You would then decide here who may see what it keeps for you.",
      share: "It could then change for you with whom your things are shared.",
      both: "You would then decide here who may see what it keeps for you, and it could share for you.",
    },
    appPolicy: "What it does with what it gets, in its own words",
    appTerms: "Its terms of use",
    whom: "On whose behalf?",
    yourself: (name: string) => said`Yourself, ${name}`,
    you: "Yourself",
    organisation: (name: string) => said`${name}`,
    can: (app: string) => said`What ${app} will be able to do`,
    cannot: "What it will not be able to do",
    learns: (app: string) => said`What ${app} learns about you`,
    facts: {
      sameness: "That you are the same person each time you come, by a name that no other app has for you",
      address: "An email address of yours that you verified here, if there is one",
      name: "What you are called here, and which language you read",
    },
    abilities: {
      protect: [
        "Tell us by name which things of yours it keeps, so that you can share them from here",
        "Ask us, each time somebody wants in, whether you allow it",
      ],
      share: [
        "See the names of your things in all connected apps, and with whom you share them",
        "Share your things with others, and stop sharing them",
      ],
    },
    limits: {
      identity: ["See any of your things, or share them"],
      protect: ["Share anything for you", "See what you keep in other apps"],
      share: ["Open the things themselves", "Connect or end other apps"],
      both: ["Open what you keep in other apps", "Connect or end other apps"],
      always: "Sign in as you, or change how you sign in",
    },
    away: "It can go on while you are away. You end it under “Apps”, and then it stops at once.",
    tellsOwners:
      "Where it asks for things of others in your name, those people learn who you are: your name and your verified addresses.",
    untilTakenBack: "It learns this each time you sign in there, until you take it back under “Remembered”.",
    afterwards: (host: string) => said`Whatever you choose, you go back to ${host}.`,
    afterwardsApp: "Whatever you choose, you go back to the app.",
    allow: "Allow",
    refuse: "Refuse",
    signedInAs: "You are signed in as",
    switch: "Use another account",
  },

  claims: {
    title: (app: string) => said`${app} needs to know who you are.`,
    lead: (app: string) => said`${app} asks for access on your behalf. What you show here decides whether it gets it.`,
    titleByName: (app: string) => said`${app} asks for access on your behalf.`,
    leadByName: (app: string) => said`${app} gets only what you yourself may have of this.`,
    asks: (app: string) => said`What ${app} asks for`,
    actions: (actions: readonly string[]) => list(actions),
    something: "something whose kind it does not tell",
    you: "You are signed in as",
    switch: "Use another account",

    needs: "What is still missing",
    needAddress: "A verified email address",
    verifyAddress: "Verify an address",
    needFrom: (fact: string, providers: readonly string[]) =>
      fact + said`, in the words of ${new Intl.ListFormat(LOCALE, { type: "disjunction" }).format(providers)}`,
    continueWith: (provider: string) => said`Continue with ${provider}`,
    needRecent: (minutes: number) =>
      plural(
        minutes,
        "",
        "That you signed in within the last minute",
        (n) => `That you signed in within the last ${n} minutes`,
      ),
    signInAgain: "Sign in again",
    unobtainable: (fact: string) =>
      `${fact}: nobody whom we trust says this about you. Go back, and ask those who run the app.`,

    agreements: "What you have to agree to",
    agree: (title: string) => said`I agree to “${title}”`,

    refused:
      "What is known of this account is not enough to get access. If you have another one, use that; or cancel, and ask whoever keeps these things for you.",
    ownerDecides: "If you go on, the person whose things these are is asked to decide. That can take a while.",

    told: "Who learns what",
    toldTo: {
      app: (name: string) => said`${name} learns`,
      owner: "The person whose things these are learns",
      keeper: (name: string) => said`${name}, which keeps them, learns`,
    },
    onlyWhether: "only whether you may have access",
    notTold: "What nobody learns",
    notToldSentences: ["Anything else that stands in your account", "How you sign in, and which other apps you use"],

    remember: (app: string) => said`Remember this for ${app}, so that it need not ask again`,
    rememberHint: "Only this app can make use of it. You can have it forgotten at any time, under “Remembered”.",
    go: "Go on",
    cancel: "Cancel",
    afterwards: (host: string) => said`Either way you go back to ${host}. If you cancel, it learns only that you did.`,
    errors: { agree: (title: string) => said`Agree to “${title}” to go on, or cancel.` },
  },

  /** What can be known of somebody, by its name on the wire (OpenID Connect Core §5.1). */
  facts: {
    known: {
      acr: "How surely you signed in",
      auth_time: "When you last signed in",
      birthdate: "Your date of birth",
      email: "Your email address",
      family_name: "Your family name",
      given_name: "Your first name",
      groups: "The groups you belong to",
      name: "Your name",
      phone_number: "Your telephone number",
      roles: "Your roles",
      sub: "That it is you, and nobody else",
    } as Readonly<Record<string, string>>,
    other: (name: string) => said`Your “${name}”`,
    withValue: (fact: string, value: string) => fact + said`: ${value}`,
  },

  confirm: {
    cancel: "Cancel",
    afterwards: (host: string) => said`Once you are signed out, you go back to ${host}.`,
    afterwardsApp: "Once you are signed out, you go back to the app.",
    questions: {
      signOut: {
        title: "Sign out here as well?",
        text: "You have signed out of an app that you signed in to with your account here. Until you sign out here too, apps can sign you in again.",
        go: "Sign out",
      },
      newRecoveryCodes: {
        title: "Make new recovery codes?",
        text: "Those you have now stop working.",
        go: "Make new codes",
      },
      endAllSessions: {
        title: "Sign out everywhere else?",
        text: "Every other browser has to sign in again. Apps that act for you stay connected.",
        go: "Sign out everywhere else",
      },
      endEverySession: {
        title: "Sign out everywhere?",
        text: "Every browser has to sign in again, and this one too. Apps that act for you stay connected.",
        go: "Sign out everywhere",
      },
    },
  },

  /** Letters, in plain text. */
  mail: {
    subjects: {
      sign_in: "Your code to sign in",
      add_address: "Your code to add this address",
    },
    code: "Your code:",
    enter: (host: string) =>
      said`Type it in where you asked for it, at ${host} and in the same browser. It works for ten minutes.`,
    app: (app: string) => said`${app} sent you there.`,
    notAsked: {
      sign_in:
        "You did not ask for it? Then somebody typed in your address, perhaps by mistake. Nobody gets in without the code, and you need do nothing. Give it to nobody, whoever asks.",
      add_address:
        "You did not ask for it? Then somebody wants to add your address to an account of theirs, perhaps by mistake. Nothing is added without the code, and you need do nothing. Give it to nobody, whoever asks.",
    },
  },

  mailbox: {
    title: (messages: number) =>
      plural(
        messages,
        "No mail has been sent yet.",
        "One message would have been sent.",
        (n) => `${n} messages would have been sent.`,
      ),
    warning:
      "This server is set up for developing: its mail goes nowhere but here. Whoever reaches this page can read it, and sign in as anybody.",
    lead: "The newest is first.",
    empty: "Sign in by a code, and it arrives here.",
    to: "To",
  },

  front: {
    title: "Here people decide who may see what they keep in their apps.",
    lead: "You decide for yourself, and you can change your mind at any time.",
    signIn: "Sign in",
    signUp: "Create an account",
    account: "Go to your things",
    sentHere: "If an app sent you to this page, that was its mistake: go back, and tell the people who run it.",
    builders: "If you build with it",
    software: (version: string) =>
      said`This is Usher ${version}, an authorization server for User-Managed Access 2.0. Its issuer is`,
    metadata: "What it offers, and where (its metadata)",
    keys: "Its public keys",
    schema: "The JSON Schema of its documents",
    documentation: "Documentation, in the folder of its source",
    documents: {
      tutorial: "from nothing to access, and its end",
      "resource-servers": "an API that hosts what others own",
      clients: "an app that wants access",
      "owner-tools": "a tool with which owners share",
      operations: "running this server",
      api: "every endpoint and every answer",
    },
  },

  upstream: {
    someProvider: "the other service",
    leaving: {
      title: (provider: string) => said`Taking you to ${provider}`,
      lead: "Sign in there; then you come back here.",
      go: (provider: string) => said`Go to ${provider}`,
    },
    newcomer: {
      title: "You have no account here yet",
      lead: (provider: string) =>
        said`You signed in with ${provider}, and nothing here is linked to that. If you create an account now, ${provider} signs you in from then on.`,
      go: "Create an account",
      other: "You have an account here already?",
      otherText: (provider: string) =>
        said`Sign in as you usually do, and link ${provider} under “Signing in”. We never guess that two accounts belong to the same person.`,
      otherWay: "Sign in another way",
    },
    back: { sign_in: "Back to sign-in", security: "Go to “Signing in”" },
    problems: {
      notBegun: {
        title: () => "That sign-in cannot be finished here",
        next: "It was begun in another browser, took too long, or is finished already. Begin again.",
      },
      gone: {
        title: () => "You cannot sign in that way any more",
        next: "The people who run this service no longer offer it. Choose another way.",
      },
      unreachable: {
        title: (provider: string) => said`${provider} cannot be reached right now`,
        next: "Wait a moment and try again, or choose another way.",
      },
      declined: {
        title: (provider: string) => said`You did not sign in with ${provider}`,
        next: "Nothing has happened. Try again, or choose another way.",
      },
      failed: {
        title: (provider: string) => said`Signing in with ${provider} did not work`,
        next: "That was not your fault. Choose another way, or tell the people who run this service.",
      },
      tooOld: {
        title: (provider: string) => said`${provider} did not ask you again who you are`,
        next: "For this step you have to show it once more. Choose another way, such as a passkey.",
      },
      tooLow: {
        title: (provider: string) => said`The way you signed in with ${provider} is not secure enough here`,
        next: "Try again and choose a more secure way there, or sign in another way.",
      },
      notLinked: {
        title: (provider: string) => said`Your account here is not linked with ${provider}`,
        next: "You are signed in already. If you want to sign in that way too, link the two under “Signing in”.",
      },
      linkedElsewhere: {
        title: (provider: string) => said`What you are at ${provider} is linked to another account here`,
        next: "Nothing was changed. Sign in to that account and unlink it there; then you can link it here.",
      },
      tooMany: {
        title: () => "There is no room for another linked account",
        next: "Unlink one first.",
      },
      someoneElse: {
        title: () => "You are no longer signed in as who you were",
        next: "Nothing was linked. Sign in and begin again.",
      },
    },
  },
};

export type Words = typeof en;
