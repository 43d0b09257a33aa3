import type { Words } from "../en.ts";
import { said } from "../said.ts";

export const sharedWithMe: Words["sharedWithMe"] = {
  title: "Das teilen andere mit Ihnen.",
  noneTitle: "Noch teilt niemand etwas mit Ihnen.",
  none: "Was jemand mit einer Ihrer bestätigten Adressen oder mit Ihrem Konto teilt, erscheint hier.",
  nothingHere: "In diesem Teil der Liste ist Ihnen im Moment nichts offen.",
  nameless: "Etwas ohne Namen",
  can: (acts) => `Sie dürfen: ${acts}.`,
  canAll: "Sie dürfen alles damit tun.",
  asked: "Beim Öffnen wird noch etwas gefragt.",
  from: (owner) => said`Von ${owner}`,
  fromSomebody: "Von jemandem, der keinen Namen angegeben hat",
  until: "bis",
  by: (app) => said`Öffnet sich in ${app}`,
  open: (app) => `${app} öffnen`,
  more: (owner) => said`${owner} teilt noch mehr davon mit Ihnen.`,
  moreOfSomebody: "Es ist noch mehr davon mit Ihnen geteilt.",
};
