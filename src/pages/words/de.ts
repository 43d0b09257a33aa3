import type { Words } from "./en.ts";
import { said } from "./said.ts";

export const de: Words = {
  language: { tag: "de", name: "Deutsch", direction: "ltr" },

  layout: {
    skip: "Zum Inhalt springen",
    titleOf: (page) => `${page} – Usher`,
    account: "Ihr Konto",
    signedInAs: (name) => said`Angemeldet als ${name}`,
    someone: "Sie",
    signOut: "Abmelden",
    chooseLanguage: "Sprache",
    reference: (id) => said`Wenn Sie um Hilfe bitten, nennen Sie diese Nummer: ${id}`,
  },

  errors: {
    summary: "Bitte sehen Sie hier noch einmal nach:",
    field: "Fehler:",
  },

  problems: {
    notFound: {
      title: "Hier ist nichts.",
      next: "Prüfen Sie die Adresse, oder gehen Sie zurück zu der Seite, von der Sie kommen.",
    },
    badRequest: {
      title: "So lässt sich diese Seite nicht öffnen.",
      next: "Gehen Sie zurück zu der App, aus der Sie kommen, und beginnen Sie dort von vorn. Es wurde nichts geändert.",
    },
    formOutOfDate: {
      title: "Diese Seite war zu lange offen.",
      next: "Öffnen Sie sie noch einmal, und wiederholen Sie den letzten Schritt. Es wurde nichts geändert.",
    },
    tooMany: {
      title: "Das wurde zu oft versucht.",
      next: "Warten Sie ein paar Minuten, und versuchen Sie es noch einmal. Niemand ist ausgesperrt.",
    },
    failed: {
      title: "Bei uns ist etwas schiefgegangen.",
      next: "Versuchen Sie es noch einmal. Wenn es so bleibt, sagen Sie es denen, die diesen Dienst betreiben.",
    },
    unavailable: {
      title: "Dieser Dienst ist gerade nicht erreichbar.",
      next: "Warten Sie einen Moment, und versuchen Sie es noch einmal. Es ist nichts verloren.",
    },
  },
};
