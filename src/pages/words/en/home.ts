import { said } from "../said.ts";

/** Where whoever acts for an owner begins. */
export const home = {
  moreRequests: "All that waits",
  news: "Since you were last here,",
  noNews: "Nothing has happened since then.",
  moreNews: "All that happened",
  things: "Your things",
  thingsOf: (owner: string) => said`What belongs to ${owner}`,
  moreThings: "All things",
  shared: "What others share with you",
  empty: "What apps keep for you appears here as soon as one of them is connected and registers it.",
  nameless: "Something without a name",
};
