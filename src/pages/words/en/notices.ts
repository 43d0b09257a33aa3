import { plural } from "../number.ts";
import { said } from "../said.ts";

/** Which letters somebody gets, and the letters. */
export const notices = {
  title: (kinds: number) =>
    plural(
      kinds,
      "You get no emails from us.",
      "You get one kind of email from us.",
      (n) => `You get ${n} kinds of email from us.`,
    ),
  lead: (address: string) => said`They go to ${address}. Tick what you want to hear of.`,
  noAddress: "Emails need a verified address, and your account has none.",
  addAddress: "Add an address",
  noLetters: "This service sends no emails yet. What you choose here counts as soon as it does.",
  kinds: {
    request_waiting: { label: "Somebody waits for my answer", hint: "As soon as they ask; of many at once, a few." },
    first_access: {
      label: "Somebody was let in for the first time",
      hint: "A person whom you never let in before, by something that you have shared.",
    },
    request_decided: { label: "My own request was answered", hint: "What you asked of others, in whichever app." },
    shared: { label: "Somebody shares something with me", hint: "Who it is, and where you find it." },
    week: { label: "Each week, what happened", hint: "Only after a week in which something did." },
  },
  save: "Save",
  saved: "Saved.",

  stop: {
    title: "Stop these emails?",
    lead: {
      request_waiting: "You will not be written to any more when somebody waits for your answer.",
      first_access: "You will not be written to any more when somebody was let in for the first time.",
      request_decided: "You will not be written to any more when something that you asked for was answered.",
      shared: "You will not be written to any more when somebody shares something with you.",
      week: "You will not be written to any more about what happened each week.",
    },
    rest: "What you share, and everything else here, stays as it is.",
    go: "Stop these emails",
    keep: "Choose which emails you get",
    doneTitle: "These emails have stopped",
    done: "If you have an account here, you can have them sent again at any time.",
  },

  letters: {
    selfSaid: (name: string, address: string) => said`${address}, who calls themselves ${name},`,
    nobody: "Somebody",
    waitingSubject: "Somebody waits for your answer",
    waitingSubjectFor: (owner: string) => said`Somebody waits for an answer of ${owner}`,
    waiting: (who: string, app: string) => said`${who} asks, by the app ${app}, for something that is yours.`,
    waitingFor: (who: string, app: string, owner: string) =>
      said`${who} asks, by the app ${app}, for something of ${owner}.`,
    answer: "See what it is, and answer here:",
    firstSubject: "Somebody new was let in",
    firstSubjectFor: (owner: string) => said`Somebody new was let in at ${owner}`,
    first: (who: string, app: string) =>
      said`${who} was let in for the first time, by the app ${app}, to something that you have shared.`,
    firstFor: (who: string, app: string, owner: string) =>
      said`${who} was let in for the first time, by the app ${app}, to something that ${owner} has shared.`,
    lookAtIt: "See what it was, and end it if it was not meant, here:",
    decidedSubject: "Your request was answered",
    allowed: (app: string) => said`What you asked for by the app ${app} was allowed, all of it or a part.`,
    refused: (app: string) => said`What you asked for by the app ${app} was not allowed.`,
    goOn: (app: string) => said`Open ${app} to go on.`,
    weekSubject: "Your week",
    weekSubjectFor: (owner: string) => said`The week of ${owner}`,
    week: "In the last seven days:",
    letIn: (n: number) => plural(n, "", "Somebody was let in once.", (count) => `Somebody was let in ${count} times.`),
    turnedAway: (n: number) =>
      plural(n, "", "Somebody was turned away once.", (count) => `Somebody was turned away ${count} times.`),
    asked: (n: number) => plural(n, "", "Somebody asked you once.", (count) => `Somebody asked you ${count} times.`),
    changed: (n: number) =>
      plural(
        n,
        "",
        "You, or an app of yours, changed once who can see what.",
        (count) => `You, or apps of yours, changed ${count} times who can see what.`,
      ),
    all: "See all of it here:",
    signInFirst: "That page asks you to sign in first, and nothing happens by opening it.",
    stop: "If you do not want emails like this one:",
  },
};
