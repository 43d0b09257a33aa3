import { said } from "./said.ts";

/**
 * Every word that people read, a section for each page. Other languages are files of the same shape: a sentence that is
 * missing there does not compile.
 */
export const en = {
  language: { tag: "en", name: "English", direction: "ltr" },

  layout: {
    skip: "Skip to the content",
    titleOf: (page: string) => `${page} – Usher`,
    account: "Your account",
    signedInAs: (name: string) => said`Signed in as ${name}`,
    someone: "You",
    signOut: "Sign out",
    chooseLanguage: "Language",
    reference: (id: string) => said`If you ask for help, mention this number: ${id}`,
  },

  errors: {
    summary: "Please look at this again:",
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
      title: "This page had been open for too long.",
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
  },
};

export type Words = typeof en;
