import { plural } from "../number.ts";
import { said } from "../said.ts";

/** Who shares, as the letter says it. */
interface ShareLetter {
  readonly link: string;
  /** Where letters like this are stopped. */
  readonly stop: string;
  /** Null: they gave none. */
  readonly name: string | null;
  /** Verified; null: none. */
  readonly address: string | null;
  /** For whom they act; null: for themselves. */
  readonly ownerName: string | null;
}

/** Sharing something: with whom, what, until when; what follows from it; and what has come of it. */
export const share = {
  title: (thing: string) => said`Share ${thing}`,
  titleOfMany: (n: number) => plural(n, "", "Share one thing", (many) => `Share ${many} things`),
  titleOfChange: (whom: string) => `What ${whom} can do`,

  several: { title: "Share several at once", which: "Which of these?" },
  kinds: "With whom",
  with: { person: "A person", group: "A group", app: "An app", everybody: "Everybody" },
  address: "Their email address",
  addressHint: "They need no account yet: we write to them, and what you share waits.",
  group: "Which group",
  members: (n: number) => plural(n, "Nobody is in it", "One person", (many) => `${many} people`),
  noGroups: "You have no groups yet. A group is a list of people with whom you share more than once.",
  makeGroup: "Make a group",
  app: "Which app",
  noApps: "Apps stand here once they are connected, or somebody gets in by them.",
  appHint: "Everybody who uses it gets in, whoever they are. The app shows a secret that nobody else has.",
  everybodyLead: "Anybody at all gets in, also people whom nobody knows. You can end it whenever you like.",

  acts: "What can they do?",
  everyAct: "Everything, also what is added later",
  wholeThing: "There is only one thing that can be done with it: everything.",

  until: "Until when?",
  untilHint: "The last day. Leave it empty to share until you end it.",
  asksFirst: "Ask me first",
  asksFirstHint: "Nobody gets in at once; you are told who asks, and decide.",
  more: "More",
  about: "What do you share?",
  aboutThis: "Only this",
  aboutThese: "Only these",
  aboutKind: (kind: string) => said`Everything of the kind ${kind}, now and later`,
  aboutEverything: "Everything, now and later",
  agreementTitle: "Something they have to agree to",
  agreementTitleHint: "A name for it, such as “House rules”. Leave it empty if there is nothing.",
  agreementText: "What they agree to",

  go: "Go on",
  back: "Cancel",

  errors: {
    address: "Enter an email address, such as name@example.com.",
    act: "Choose at least one.",
    until: "Enter a day that is still to come.",
    agreementTitle: "Give it a name of one line, with 200 characters at most.",
    agreementText: "Write what they agree to.",
  },

  review: {
    title: "This is what you share",
    titleOfChange: "This is how it would be",
    share: "Share",
    save: "Save",
    edit: "Change something",
    letter: (address: string) =>
      said`We write to ${address}. What you share waits until somebody signs in with this address.`,
    noLetter: (address: string) =>
      said`What you share waits until somebody signs in with ${address}. No letter can be sent from here, so tell them yourself.`,
    newcomers: (n: number) =>
      plural(n, "", "This lets one more person in.", (many) => `This lets ${many} more people in.`),
    newcomersAtLeast: (n: number) =>
      plural(n, "", "This lets at least one more person in.", (many) => `This lets at least ${many} more people in.`),
    gainers: (n: number) =>
      plural(
        n,
        "",
        "One person who is in already can do more.",
        (many) => `${many} people who are in already can do more.`,
      ),
    losers: (n: number) => plural(n, "", "One person can do less.", (many) => `${many} people can do less.`),
    unchanged: (n: number) =>
      plural(n, "", "For one person nothing changes.", (many) => `For ${many} people nothing changes.`),
    crowd: {
      newcomers: "This lets in people whom nobody can count.",
      gainers: "People who are in already can do more. Nobody can count them.",
      losers: "People who are in can do less. Nobody can count them.",
    },
    nothing: "This changes nothing. It is allowed already:",
    nothingAtAll: "This changes nothing.",
    keptOut: (n: number) =>
      plural(
        n,
        "",
        "One person stays out all the same, because of this:",
        (many) => `${many} people stay out all the same, because of this:`,
      ),
    crowdKeptOut: "They stay out all the same, because of this:",
    obstacles: {
      over: "Nobody gets in, because that time is over.",
      empty_group: "Nobody gets in yet, because nobody is in this group. Whoever you add to it will.",
      lost_group: "Nobody gets in, because this group is no longer there.",
      unprovable: "Nobody gets in, because nobody here can confirm that this is theirs.",
      no_things: "Nothing is of this kind yet. What comes later is shared.",
    },
    changed: "Something has changed while this page was open, so nothing was saved yet. Look at it once more.",
    changedTo: "In the meantime it was changed to this:",
  },

  notices: {
    shared: "Shared.",
    changed: "Saved.",
    sent: (address: string) =>
      said`We have written to ${address}. What you share waits until somebody signs in with this address.`,
    notSent: (address: string) =>
      said`What you share waits until somebody signs in with ${address}. No letter was sent, so tell them yourself; they find it here:`,
    undo: "Undo",
    undone: "Undone. It is as it was before.",
    notUndone: "It was changed again meanwhile, so it was not undone. Look at what stands here now.",
  },

  letter: ({ link, stop, name, address, ownerName }: ShareLetter, host: string) => ({
    subject: said`${ownerName ?? address ?? "Somebody"} shares something with you`,
    paragraphs: [
      `${sharer(name, address)} ${forOwner(ownerName, host)}. Sign in with the address that this letter went to, or make an account with it, and you find it here:`,
      link,
      "It waits for you until they end it.",
      "If you do not know them, you need not do anything. Nobody learns whether you have an account. To get no more letters like this one:",
      stop,
    ],
  }),
};

/** The address was verified here; the name is what they call themselves. */
function sharer(name: string | null, address: string | null): string {
  if (name === null) return said`${address ?? "Somebody"}`;
  return address === null
    ? said`Somebody who calls themselves ${name}`
    : said`${address}, who calls themselves ${name},`;
}

function forOwner(ownerName: string | null, host: string): string {
  return ownerName === null
    ? said`shares something with you at ${host}`
    : said`shares something of ${ownerName} with you at ${host}`;
}
