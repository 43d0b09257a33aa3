import type { EmailCodes } from "../../operations/ports/email-code.ts";
import type { EmailCodeObject } from "./email-code.ts";

/** The e-mail codes as the Worker calls them. All letters to a box meet in one object, which the first of 64 letters chooses. */
export function findEmailCodes(namespace: DurableObjectNamespace<EmailCodeObject>): EmailCodes {
  const objectOf = (box: string) => namespace.getByName(`letters-${box.charAt(0)}`);
  return {
    begin: (letter) => objectOf(letter.box).begin(letter),
    withdraw: (box, id) => objectOf(box).withdraw(box, id),
    tryCode: (box, id, codeHash) => objectOf(box).tryCode(box, id, codeHash),
  };
}
