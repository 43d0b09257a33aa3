import { en } from "../../../src/pages/words/en.ts";
import { codeIn } from "../server/letters.ts";
import type { Person } from "./person.ts";

const { signIn, signInEmail, signInCode } = en;

/** Goes from the page to sign in through the code that is sent to this person, by keyboard; every step is a form. */
export async function signInByCode(person: Person): Promise<void> {
  await person.keyboard.follow(signIn.email);
  await person.keyboard.fill(signInEmail.address, person.address);
  await person.keyboard.follow(signInEmail.send);
  await person.sees(signInCode.title);
  await person.keyboard.fill(signInCode.code, codeIn(await person.mailbox.next()));
  await person.keyboard.follow(signInCode.go);
}
