import { expect, it } from "vitest";
import { limitAllowance, type RegistrationAllowance } from "../../src/protocol/registration-allowance.ts";

const ALL: RegistrationAllowance = {
  grantTypes: ["authorization_code", "refresh_token"],
  connectionScopes: ["uma_protection", "uma_policy"],
  mayPushClaims: true,
};
const NOTHING: RegistrationAllowance = { grantTypes: [], connectionScopes: [], mayPushClaims: false };
const SOME: RegistrationAllowance = {
  grantTypes: ["refresh_token"],
  connectionScopes: ["uma_policy"],
  mayPushClaims: false,
};
const OTHER: RegistrationAllowance = {
  grantTypes: ["client_credentials", "authorization_code"],
  connectionScopes: ["uma_protection"],
  mayPushClaims: true,
};

it.each([
  ["all of it where nothing was taken away", ALL, ALL, ALL],
  ["what the operator left", ALL, SOME, SOME],
  ["no more than there was, whatever the operator wrote beside it", SOME, ALL, SOME],
  [
    "what is in both",
    ALL,
    OTHER,
    { grantTypes: ["authorization_code"], connectionScopes: ["uma_protection"], mayPushClaims: true },
  ],
  ["nothing where they have nothing in common", SOME, OTHER, NOTHING],
  ["nothing where the operator left nothing", ALL, NOTHING, NOTHING],
])("of an allowance is left %s", (_, allowance, written, left) => {
  expect(limitAllowance(allowance, written)).toEqual(left);
});
