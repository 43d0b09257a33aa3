import { said } from "../said.ts";

/** What others share with the reader. */
export const sharedWithMe = {
  title: "Others share this with you.",
  noneTitle: "Nobody shares anything with you yet.",
  none: "What somebody shares with one of your verified addresses, or with your account, appears here.",
  nothingHere: "Nothing on this part of the list is open to you at present.",
  nameless: "Something without a name",
  can: (acts: string) => `You can: ${acts}.`,
  canAll: "You can do everything with it.",
  /** Before it opens, the owner or the reader has to agree. */
  asked: "Something is still asked when you open it.",
  from: (owner: string) => said`From ${owner}`,
  fromSomebody: "From somebody who gave no name",
  until: "until",
  by: (app: string) => said`Opens in ${app}`,
  open: (app: string) => `Open ${app}`,
  more: (owner: string) => said`${owner} shares more of the same with you.`,
  moreOfSomebody: "They share more of the same with you.",
};
