import { listOf, plural } from "../number.ts";
import { said } from "../said.ts";

const list = listOf("en-GB");

/** What is kept about somebody: taking it along, and deleting it. */
export const data = {
  title: "You can take everything along, or delete it.",
  download: {
    heading: "Take it along",
    text: "One file has whatever is kept about you: how you sign in and where you are signed in, what is remembered about you, your apps, things, shares and groups, who has access now, and what happened. Programs read it (JSON), and so can you.",
    go: "Download everything",
  },
  removal: {
    heading: "Delete your account",
    text: "You read what follows from it first. Nothing happens before you say so.",
    go: "Delete your account",
  },
  deletion: {
    title: "Do you want to delete your account?",
    lead: "This cannot be taken back, by you or by us.",
    follows: "What follows",
    shares: "What you share is shared no more, at once.",
    apps: (apps: number) =>
      plural(
        apps,
        "No app is connected that could do anything for you.",
        "The app that is connected can do nothing for you any more. What it keeps stays with it: ask there to have it deleted.",
        (n) =>
          `The ${n} apps that are connected can do nothing for you any more. What they keep stays with them: ask there to have it deleted.`,
      ),
    signIn:
      "You are signed out everywhere, and nothing signs you in any more. Your address can be used for another account, which begins empty.",
    organisations: (names: readonly string[]) =>
      said`You no longer act for ${list(names)}. What is theirs stays with those who go on acting for them.`,
    others: "Those who gave you access to something can read for 13 months that they did, and to whom.",
    copies: "Copies for emergencies, in which you still are, are overwritten within 30 days.",
    download: "You can download everything first.",
    sure: "I know that this cannot be taken back.",
    unsure: "Say that you know, or keep your account.",
    go: "Delete my account",
    keep: "Keep it",
  },
  charges: {
    title: (count: number) =>
      count === 1 ? "One organisation has nobody but you." : `${count} organisations have nobody but you.`,
    lead: "Nobody else decides there. Invite somebody who can then go on; or, if nobody is to, ask whoever runs this service to end it.",
    invite: "Invite somebody",
    back: "Back",
  },
  deleted: {
    title: "Your account is deleted.",
    lead: "Nothing of yours is shared any more, and nothing signs in to it.",
    known: "What was known about you was removed",
    knownSoon: "What is known about you is being removed.",
    rest: "Everything else was removed",
    restSoon: "The rest is being removed. That takes a minute, or longer where there was much.",
    again: "See how far it is",
  },
};
