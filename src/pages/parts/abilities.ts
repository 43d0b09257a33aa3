/** What an app asks for: to have what it keeps protected here, to manage with whom things are shared. */
export type AppAbility = "protect" | "share";
