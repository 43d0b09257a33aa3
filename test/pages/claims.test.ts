import { describe, expect, it } from "vitest";
import { ClaimsPage, type ClaimsPageProps } from "../../src/pages/claims.tsx";
import { type Element, parseMarkup } from "../support/pure/markup.ts";
import { FRAME } from "../support/pure/page-samples.ts";

const PLAIN: ClaimsPageProps = {
  frame: FRAME,
  app: { name: "Consult", host: "consult.example", isVerified: true },
  isByName: false,
  things: [{ name: "Lab results", actions: ["view", "download"] }],
  person: { name: "Dr. Roth", address: "roth@clinic.example" },
  outlook: "open" as const,
  missing: [],
  agreements: [],
  tellings: [
    { to: "app", name: "Consult", facts: [] },
    { to: "owner", name: null, facts: [{ name: "email", value: "roth@clinic.example" }] },
  ],
  remember: { isChecked: false },
  returnsTo: "consult.example",
  hidden: { at: "sealed" },
  notAgreed: [],
};
const RULES = { id: "a1", title: "House rules", text: "Be kind.\n\nBe brief." };
const show = (props: Partial<ClaimsPageProps>) => parseMarkup(String(ClaimsPage({ ...PLAIN, ...props })));

const decisions = (page: Element) =>
  page
    .all("button")
    .filter((button) => button.get("name") === "decision")
    .map((button) => [button.get("value"), button.text]);

/** A term of a list of pairs, with what is said of it. */
function said(page: Element, term: string): readonly string[] {
  const pair = page.all("div").find((div) => div.all("dt").some((element) => element.text === term));
  return pair?.all("dd").map((element) => element.text) ?? [];
}

describe("the page that asks who somebody is", () => {
  it("says which app asks, and for what", () => {
    const page = show({});
    expect(page.first("h1").text).toBe("Consult needs to know who you are.");
    expect(said(page, "Lab results")).toEqual(["view and download"]);
  });

  it("begins with the access that it leads to, where the app asks for that by name", () => {
    const page = show({ isByName: true });
    expect(page.first("h1").text).toBe("Consult asks for access on your behalf.");
    expect(page.first("main").text).toContain("Consult gets only what you yourself may have of this.");
    expect(page.first("main").text).not.toContain("needs to know who you are");
  });

  it("says what will be told to whom, and what to nobody", () => {
    const page = show({});
    expect(said(page, "Consult learns")).toEqual(["only whether you may have access"]);
    expect(said(page, "The person whose things these are learns")).toEqual(["Your email address: roth@clinic.example"]);
    expect(page.first("main").text).toContain("What nobody learns");
  });

  it("can be left as easily as gone on with, by somebody else too", () => {
    const page = show({});
    expect(decisions(page)).toEqual([
      ["switch", "Use another account"],
      ["continue", "Go on"],
      ["cancel", "Cancel"],
    ]);
    const [, go, cancel] = page.all("button").filter((button) => button.get("name") === "decision");
    expect(go?.get("class")).toBe(cancel?.get("class"));
  });

  it("remembers nothing unless it is asked to", () => {
    const box = (page: Element) => page.all("input").find((input) => input.get("name") === "remember");
    expect(box(show({}))?.attributes.has("checked")).toBe(false);
    expect(box(show({ remember: { isChecked: true } }))?.attributes.has("checked")).toBe(true);
    expect(box(show({ remember: null }))).toBeUndefined();
  });

  it("shows a text whole, and asks for a click where it has not been agreed to", () => {
    const page = show({ agreements: [RULES] });
    const text = page.within().find((element) => element.get("class") === "scrolling");
    expect(text?.all("p").map((paragraph) => paragraph.text)).toEqual(["Be kind.", "Be brief."]);
    expect(text?.get("tabindex")).toBe("0");
    const box = page.all("input").find((input) => input.get("name") === "agree-a1");
    expect([box?.get("type"), box?.attributes.has("checked")]).toEqual(["checkbox", false]);
  });

  it("leads to the text that was not agreed to", () => {
    const page = show({ agreements: [RULES], notAgreed: ["a1"] });
    const summary = page.within().find((element) => element.get("role") === "alert");
    expect(summary?.first("a").get("href")).toBe("#agree-a1");
    const box = page.all("input").find((input) => input.get("name") === "agree-a1");
    expect(box?.get("aria-invalid")).toBe("true");
    expect(box?.get("aria-describedby")).toBe("agree-a1-error");
  });

  it("offers each way to what is missing, and no way past it", () => {
    const providers = [{ id: "med", name: "Medical Register" }];
    const page = show({
      missing: [
        { kind: "address" },
        { kind: "fact", fact: "licence", providers },
        { kind: "fact", fact: "birthdate", providers: [] },
        { kind: "recent", withinSeconds: 61 },
      ],
    });
    expect(decisions(page)).toEqual([
      ["switch", "Use another account"],
      ["address", "Verify an address"],
      ["provider:med", "Continue with Medical Register"],
      ["again", "Sign in again"],
      ["cancel", "Cancel"],
    ]);
    const { text } = page.first("main");
    expect(text).toContain("Your “licence”, in the words of Medical Register");
    expect(text).toContain("Your date of birth: nobody whom we trust says this about you.");
    expect(text).toContain("within the last 2 minutes");
  });
});
