import { describe, expect, it } from "vitest";
import { SignInPage, type SignInPageProps } from "../../src/pages/sign-in.tsx";
import { type Element, parseMarkup } from "../support/pure/markup.ts";
import { FRAME } from "../support/pure/page-samples.ts";

const PLAIN: SignInPageProps = {
  frame: { ...FRAME, base: "/t1" },
  continuation: "a+b",
  app: null,
  visit: null,
  isAgain: false,
  providers: [{ id: "med/reg", name: "Medical Register" }],
  sendsMail: true,
  addressSuffices: false,
  notice: null,
};
const show = (props: Partial<SignInPageProps>) => parseMarkup(String(SignInPage({ ...PLAIN, ...props })));

/** What can be pressed in the content, in its order. */
function ways(page: Element): readonly string[] {
  const pressed = page
    .first("main")
    .within()
    .filter(({ name }) => name === "button" || name === "a");
  return pressed.map((element) => element.text);
}

describe("the page to sign in", () => {
  it("offers a passkey first, then the providers, then what needs nothing but mail or paper", () => {
    expect(ways(show({}))).toEqual([
      "Sign in with a passkey",
      "Continue with Medical Register",
      "Send me a code by email",
      "Use a recovery code",
      "Create an account",
    ]);
  });

  it("lets whoever an app sent call it off, and go back without an account", () => {
    const ended = ways(show({ app: "Consult", visit: "sealed" })).at(-1);
    expect(ended).toBe("Cancel and go back to Consult");
  });

  it("talks nobody into a passkey where an address is all that is asked for", () => {
    expect(ways(show({ addressSuffices: true }))[0]).toBe("Send me a code by email");
  });

  it("offers no mail where none can be sent, and no provider where there is none", () => {
    const offered = ways(show({ sendsMail: false, addressSuffices: true, providers: [] }));
    expect(offered).toEqual(["Sign in with a passkey", "Use a recovery code", "Create an account"]);
  });

  it("says which app sent somebody, and that they go back there", () => {
    const page = show({ app: "Consult" });
    expect(page.first("h1").text).toBe("Sign in to go on to Consult");
    expect(page.first("main").all("p")[0]?.text).toBe(
      "Consult sent you here to find out who you are. You go back there afterwards.",
    );
  });

  it("asks somebody who is signed in for a proof, not for an account", () => {
    const page = show({ isAgain: true });
    expect(page.first("h1").text).toBe("Please show once more that it is you");
    expect(ways(page)).not.toContain("Create an account");
  });

  it("carries on where everybody wants to go", () => {
    const page = show({});
    const links = page
      .first("main")
      .all("a")
      .map((link) => link.get("href"));
    expect(links).toEqual([
      "/t1/sign-in/email?continue=a%2Bb",
      "/t1/sign-in/recovery?continue=a%2Bb",
      "/t1/sign-up?continue=a%2Bb",
    ]);
    const provider = page.all("form").find((form) => form.get("action") === "/t1/sign-in/with/med%2Freg");
    expect(
      provider
        ?.all("input")
        .find((input) => input.get("name") === "continue")
        ?.get("value"),
    ).toBe("a+b");
    const passkey = page.within().find((element) => element.get("data-passkey") === "use");
    expect(passkey?.get("data-verify-url")).toBe("/t1/sign-in/passkey?continue=a%2Bb");
  });

  it("hides the passkey from who has no script, and says why", () => {
    const page = show({});
    const passkey = page.within().find((element) => element.get("data-passkey") === "use");
    expect(passkey?.attributes.has("hidden")).toBe(true);
    expect(page.first("noscript").text).toContain("Passkeys need JavaScript");
  });

  it("says what has happened before all else, and what to do when nothing works", () => {
    const main = show({ notice: "signedOut" }).first("main");
    const [first] = main.children.filter((child) => typeof child !== "string");
    expect(first?.get("role")).toBe("status");
    expect(main.first("details").text).toContain("Everything lost");
  });
});
