import { plural } from "../number.ts";
import { said } from "../said.ts";

/** Which apps act for an owner. */
export const connectedApps = {
  title: (apps: number) =>
    plural(apps, "No app acts for you.", "One app acts for you.", (n) => `${n} apps act for you.`),
  titleFor: (owner: string, apps: number) =>
    plural(
      apps,
      said`No app acts for ${owner}.`,
      said`One app acts for ${owner}.`,
      (n) => said`${n} apps act for ${owner}.`,
    ),
  lead: "Each does only what stands beside it. What you disconnect stops at once.",
  empty: "An app appears here when you connect it. You begin in the app, and it sends you here to be asked.",
  can: {
    protect: "Lets you decide here who may see what it keeps for you",
    share: "Sees with whom you share, shares for you, and stops sharing",
  },
  since: "Connected",
  keeps: (things: number) => plural(things, "", "The thing that it keeps", (n) => `The ${n} things that it keeps`),
  did: (app: string) => said`What ${app} did`,
  end: "Disconnect",
  ended: (app: string) => said`${app} is no longer connected. It can do nothing for you until you connect it again.`,
};
