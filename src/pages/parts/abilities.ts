/** What an app asks for: to have what it keeps protected here, to manage with whom things are shared. */
export type AppAbility = "protect" | "share";

/** What an app learns about whoever signs in there: that it is the same person as before, an address, a name. */
export type AppLearns = "sameness" | "address" | "name";
