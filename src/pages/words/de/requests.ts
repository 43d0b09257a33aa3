import type { Words } from "../en.ts";
import { plural } from "../number.ts";
import { said } from "../said.ts";

export const requests: Words["requests"] = {
  waiting: (n) =>
    plural(n, "Niemand wartet auf Sie.", "Eine Anfrage wartet auf Sie.", (many) => `${many} Anfragen warten auf Sie.`),
  someWait: "Diese warten auf Sie.",
  empty: "Fragt jemand nach etwas, worüber Sie selbst entscheiden, wartet es hier, vier Wochen lang.",
  decided: "Vor Kurzem entschieden",
  noneDecided: "In letzter Zeit wurde nichts entschieden.",
  seeDecided: "Zeigen, was vor Kurzem entschieden wurde",
  seeWaiting: "Zeigen, was auf Sie wartet",
  expiry: (day) => `Tun Sie nichts, endet es von selbst: ${day}.`,

  act: (acts, thing) => `${thing} ${acts}`,
  lostApp: "eine App, die es nicht mehr gibt",

  through: (app) => said`Über ${app}`,
  asked: (day) => `gefragt: ${day}`,
  askedAgain: (n, day) => `${n}-mal gefragt, zuletzt: ${day}`,

  allow: "Erlauben",
  refuse: "Ablehnen",
  choose: "Weniger oder auf Zeit erlauben",

  who: "Wer fragt",
  known: {
    name: (issuer) => said`${issuer} sagt, dass dies der Name ist.`,
    ownName: "So nennt sich die Person selbst; niemand hat es geprüft.",
    noName: "Die Person hat keinen Namen angegeben.",
    addresses: (addresses) =>
      plural(addresses.length, "", "Diese Adresse wurde bestätigt.", () => "Diese Adressen wurden bestätigt."),
    noAddress: "Keine Adresse der Person wurde bestätigt.",
    issuer: (issuer) => said`${issuer} sagt, dass es jedes Mal dieselbe Person ist.`,
    account: "Die Person hat hier ein Konto, also ist es jedes Mal dieselbe.",
    nothing: "Mehr ist nicht bekannt, als dass es jedes Mal dieselbe Person ist.",
  },
  agent: (app) =>
    said`${app} handelt für diese Person: Was Sie erlauben, kann sie über diese App tun und über keine andere.`,

  what: "Was Sie erlauben",
  whatHint: "Was Sie weglassen, lehnen Sie ab.",
  wholeThing: "alles, was damit möglich ist",
  until: "Wie lange",
  untils: {
    always: "Bis ich es beende",
    week: "Für eine Woche",
    month: "Für einen Monat",
    day: "Bis zu einem Tag, den ich wähle",
  },
  lastDay: "Letzter Tag, falls Sie einen wählen",
  word: "Ein Wort dazu",
  wordHint: "Es wird mit Ihrer Antwort gelesen. Sie können es weglassen.",

  told: "Was die andere Seite erfährt",
  toldIfAllowed:
    "Erlauben Sie es, wird die Person eingelassen, sobald ihre App das nächste Mal fragt. Warum, erfährt sie nicht.",
  toldIfLess: "Erlauben Sie weniger, bekommt sie das und erfährt nicht, was Sie weggelassen haben.",
  toldIfLessIsNothing: "Erlauben Sie weniger, erfährt sie, dass Sie es nicht erlauben: Hier gilt alles oder nichts.",
  toldIfRefused:
    "Lehnen Sie ab, erfährt sie, dass Sie gefragt wurden und es nicht erlauben, mit Ihrem Wort dazu. Nach einer Woche kann sie wieder fragen.",
  meanwhile: "Bis dahin erfährt sie, dass Sie noch nicht entschieden haben.",

  allowChosen: "Erlauben",
  refuseAll: "Ablehnen",

  statuses: {
    waiting: (who, what) => `${who} möchte ${what}.`,
    approved: (who, what) => `Sie haben es erlaubt: ${who} kann ${what}.`,
    refused: (who, what) => `Sie haben abgelehnt: ${who} wollte ${what}.`,
    expired: (who, what) => `${who} wollte ${what}, und niemand hat geantwortet.`,
  },
  statusesByOther: {
    approved: (by, who, what) => `${said`${by}`} hat es erlaubt: ${who} kann ${what}.`,
    refused: (by, who, what) => `${said`${by}`} hat abgelehnt: ${who} wollte ${what}.`,
  },
  decidedBy: {
    you: (day) => `Sie haben entschieden: ${day}.`,
    somebody: (name, day) => `${said`${name}`} hat entschieden: ${day}.`,
    other: (day) => `Jemand, der mit Ihnen handelt, hat entschieden: ${day}.`,
    app: (app, day) => `${said`${app}`} hat entschieden: ${day}.`,
    operator: (day) => `Wer diesen Server betreibt, hat entschieden: ${day}.`,
  },
  over: "Es wurde beendet.",
  leftOut: (what) => `Weggelassen haben Sie: ${what}.`,
  allowedUntil: (day) => `Es endet von selbst: ${day}.`,
  theyHeard: "Die Antwort ist angekommen.",
  theyHaveNot: "Die Antwort kommt an, sobald die App das nächste Mal fragt.",
  yourWord: "Ihr Wort dazu",
  end: "Beenden",
  endHint: "Von da an wird die Person nicht mehr eingelassen, auch wenn sie es gerade offen hat.",
  see: (thing) => said`Zeigen, wer ${thing} sehen kann`,

  notices: {
    approved: "Erlaubt. Die Person wird eingelassen, sobald ihre App das nächste Mal fragt.",
    recorded: "Erlaubt. Es dauert einen Moment, bis es aufgeschrieben ist; dann wird die Person eingelassen.",
    refused: "Abgelehnt. Die Person erfährt es, sobald ihre App das nächste Mal fragt.",
    ended: "Beendet. Die Person wird nicht mehr eingelassen.",
    alreadyDecided: "Darüber war schon entschieden, also wurde nichts geändert. Unten steht, was entschieden wurde.",
    changed:
      "Gefragt wird inzwischen nach etwas anderem, also wurde nichts entschieden. Sehen Sie es sich noch einmal an.",
    noRoom:
      "Für eine weitere Regel dazu ist kein Platz, also wurde nichts entschieden. Beenden Sie, was Sie nicht mehr brauchen, und entscheiden Sie dann.",
  },
  errors: {
    account: "Die Person hat hier ein Konto, also ist es jedes Mal dieselbe.",
    nothing: "Wählen Sie, was Sie erlauben. Um nichts zu erlauben, lehnen Sie ab.",
    day: "Wählen Sie einen Tag, der noch kommt.",
    word: "Sagen Sie es mit höchstens 200 Zeichen.",
  },
};
