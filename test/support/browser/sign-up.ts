import { en } from "../../../src/pages/words/en.ts";
import type { Organization } from "../server/organization.ts";
import type { Person } from "./person.ts";
import { signInByCode } from "./sign-in-by-code.ts";

/** From the page to sign in on to an account with a passkey, by keyboard. */
export async function signUp(person: Person): Promise<void> {
  await person.keyboard.follow("Create an account");
  await person.keyboard.fill("What should others call you?", person.name);
  await person.keyboard.activate("Create a passkey");
  await person.sees("Keep these recovery codes");
  await person.keyboard.follow("I have kept them");
}

/** Somebody without an account becomes an administrator, by an invitation of the operator's. */
export async function joinAs(person: Person, organization: Organization): Promise<void> {
  await person.open(await organization.invite());
  await person.keyboard.follow("Accept");
  await signUp(person);
  await person.keyboard.follow("Accept");
}

/** The same without a passkey, and so without script too. */
export async function joinByCode(person: Person, organization: Organization): Promise<void> {
  await person.open(await organization.invite());
  await person.keyboard.follow(en.invitation.accept);
  await signInByCode(person);
  await person.keyboard.fill(en.signUp.name, person.name);
  await person.keyboard.follow(en.signUp.withoutPasskey);
  await person.keyboard.follow(en.invitation.accept);
}
