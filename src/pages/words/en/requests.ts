import { plural } from "../number.ts";
import { said } from "../said.ts";

/** What waits for the owner's decision, and what was decided. */
export const requests = {
  waiting: (n: number) =>
    plural(n, "Nobody waits for you.", "One person waits for you.", (many) => `${many} requests wait for you.`),
  someWait: "These wait for you.",
  empty: "When somebody asks for something that you decide about yourself, it waits here, for four weeks.",
  decided: "Decided lately",
  noneDecided: "Nothing was decided lately.",
  seeDecided: "See what was decided lately",
  seeWaiting: "See what waits for you",
  expiry: (day: string) => `If you do nothing, it ends by itself: ${day}.`,

  /** One thing and what would be done with it. */
  act: (acts: string, thing: string) => `${acts} ${thing}`,
  lostApp: "an app that is no longer there",

  through: (app: string) => said`Through ${app}`,
  asked: (day: string) => `asked ${day}`,
  askedAgain: (n: number, day: string) => `asked ${n} times, last ${day}`,

  allow: "Allow",
  refuse: "Refuse",
  choose: "Allow less, or for a time",

  who: "Who asks",
  known: {
    name: (issuer: string) => said`${issuer} says that this is their name.`,
    ownName: "They call themselves that; nobody has checked it.",
    noName: "They gave no name.",
    addresses: (addresses: readonly string[]) =>
      plural(addresses.length, "", "This address was verified.", () => "These addresses were verified."),
    noAddress: "No address of theirs was verified.",
    issuer: (issuer: string) => said`${issuer} says that it is the same person each time.`,
    account: "They have an account here, so it is the same person each time.",
    nothing: "No more is known of them than that it is the same person each time.",
  },
  agent: (app: string) =>
    said`It is ${app} that acts for them: what you allow, they can do through this app, and through no other.`,

  what: "What you allow",
  whatHint: "What you leave out, you refuse.",
  wholeThing: "everything that can be done with it",
  until: "For how long",
  untils: {
    always: "Until I end it",
    week: "For a week",
    month: "For a month",
    day: "Until a day that I choose",
  },
  lastDay: "Last day, if you choose one",
  word: "A word to them",
  wordHint: "They read it with your answer. You can leave it out.",

  told: "What they are told",
  toldIfAllowed: "If you allow it, they are let in when their app asks the next time. They are not told why.",
  toldIfLess: "If you allow less, they get that, and are not told what you left out.",
  toldIfLessIsNothing: "If you allow less, they are told that you do not allow it: here it is all or nothing.",
  toldIfRefused:
    "If you refuse, they are told that you were asked and do not allow it, with your word. They can ask again after a week.",
  meanwhile: "Until then they are told that you have not decided yet.",

  allowChosen: "Allow",
  refuseAll: "Refuse",

  statuses: {
    waiting: (who: string, what: string) => `${who} asks to ${what}.`,
    approved: (who: string, what: string) => `You let ${who} ${what}.`,
    refused: (who: string, what: string) => `You did not let ${who} ${what}.`,
    expired: (who: string, what: string) => `${who} asked to ${what}, and nobody answered.`,
  },
  statusesByOther: {
    approved: (by: string, who: string, what: string) => `${said`${by}`} let ${who} ${what}.`,
    refused: (by: string, who: string, what: string) => `${said`${by}`} did not let ${who} ${what}.`,
  },
  decidedBy: {
    you: (day: string) => `You decided ${day}.`,
    somebody: (name: string, day: string) => `${said`${name}`} decided ${day}.`,
    other: (day: string) => `Somebody who acts with you decided ${day}.`,
    app: (app: string, day: string) => `${said`${app}`} decided ${day}.`,
    operator: (day: string) => `Those who run this server decided ${day}.`,
  },
  over: "It has been ended.",
  leftOut: (what: string) => `You left out: ${what}.`,
  allowedUntil: (day: string) => `It ends by itself: ${day}.`,
  theyHeard: "They have had your answer.",
  theyHaveNot: "They get your answer when their app asks the next time.",
  yourWord: "Your word to them",
  end: "End this",
  endHint: "They are not let in any more from then on, also if they have it open just now.",
  see: (thing: string) => said`See who can see ${thing}`,

  notices: {
    approved: "Allowed. They are let in when their app asks the next time.",
    recorded: "Allowed. It takes a moment until it is written down; then they are let in.",
    refused: "Refused. They are told when their app asks the next time.",
    ended: "Ended. They are not let in any more.",
    alreadyDecided: "This was decided already, so nothing was changed. Below is what was decided.",
    changed: "What they ask for has changed since you read it, so nothing was decided. Look at it again.",
    noRoom:
      "There is no room for another rule about this, so nothing was decided. End what you no longer need, then decide.",
  },
  errors: {
    account: "They have an account here, so it is the same person each time.",
    nothing: "Choose what you allow. To allow nothing, refuse.",
    day: "Choose a day that is still to come.",
    word: "Say it in 200 characters at most.",
  },
};
