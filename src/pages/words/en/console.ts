import { said } from "../said.ts";

/** What stands on every page for whoever acts for an owner. */
export const console = {
  navigation: "Pages",
  owners: "Whom you act for",
  own: "What is yours",
  actingFor: (owner: string) => said`You act for ${owner}.`,
  places: {
    home: "Home",
    things: "Things",
    requests: "Requests",
    groups: "Groups",
    activity: "Activity",
    apps: "Apps",
  },
};
