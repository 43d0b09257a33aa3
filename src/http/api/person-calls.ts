import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import { answer, type CallGroup, strict, text } from "./call.ts";

const read = (summary: string) => ({ summary, answers: { 200: answer("UserInfo") } });

/** What apps ask about whoever signed in there. */
export const PERSON_CALLS: CallGroup = {
  title: "Apps that somebody signed in to",
  caller: "signedInApp",
  schemas: {
    UserInfo: strict({ sub: text }, { email: text, email_verified: { const: true }, name: text, locale: text }),
  },
  calls: {
    [ENDPOINTS.userInfo]: {
      get: read("Tells what the app may know of the person (OpenID Connect Core §5.3)."),
      post: read("The same."),
    },
  },
};
