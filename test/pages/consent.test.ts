import { describe, expect, it } from "vitest";
import { ConsentPage, type ConsentPageProps } from "../../src/pages/consent.tsx";
import { type Element, parseMarkup } from "../support/pure/markup.ts";
import { FRAME } from "../support/pure/page-samples.ts";

const PLAIN: ConsentPageProps = {
  frame: FRAME,
  app: { name: "Clinic Records", host: "records.example", isVerified: true },
  documents: { policy: null, terms: null },
  learns: [],
  tellsOwners: false,
  abilities: ["protect"],
  person: { name: "Ana Silva", address: "ana@example.com" },
  owners: [{ id: "own", name: null }],
  selected: "own",
  returnsTo: "records.example",
  hidden: { request: "sealed" },
};
const show = (props: Partial<ConsentPageProps>) => parseMarkup(String(ConsentPage({ ...PLAIN, ...props })));

/** The sentences of the list with this class. */
function sentences(page: Element, kind: "can" | "cannot" | "plain"): readonly string[] {
  const [list] = page.all("ul").filter((element) => element.get("class")?.split(" ").includes(kind));
  return list?.all("li").map((item) => item.text) ?? [];
}

describe("the page that asks for consent", () => {
  it("names the app, where it lives and who is asked, in that order", () => {
    const { text } = show({}).first("main");
    const order = ["Clinic Records asks", "records.example", "You are signed in as", "Ana Silva", "ana@example.com"];
    const places = order.map((words) => text.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });

  it("says that an app which keeps things cannot share them", () => {
    const page = show({});
    expect(sentences(page, "can")).toHaveLength(2);
    expect(sentences(page, "cannot")).toContain("Share anything for you");
  });

  it("says that an app which shares cannot open things", () => {
    const page = show({ abilities: ["share"] });
    expect(sentences(page, "can")).toContain("Share your things with others, and stop sharing them");
    expect(sentences(page, "cannot")).toContain("Open the things themselves");
  });

  it("denies nothing that it has just said", () => {
    const page = show({ abilities: ["protect", "share"] });
    expect(sentences(page, "can")).toHaveLength(4);
    expect(sentences(page, "cannot")).not.toContain("Share anything for you");
  });

  it("says that owners learn it too, where the app may say here who somebody is", () => {
    const tells = (props: Partial<ConsentPageProps>) => show(props).text.includes("those people learn who you are");
    expect(tells({ learns: ["sameness"], tellsOwners: true })).toBe(true);
    expect(tells({ learns: ["sameness"] })).toBe(false);
    expect(tells({ tellsOwners: true })).toBe(false);
  });

  it("says what an app learns that only wants to know who somebody is, and asks nothing for an owner", () => {
    const page = show({ abilities: [], learns: ["sameness", "address"] });
    expect(page.first("h1").text).toBe("Clinic Records asks who you are.");
    expect(sentences(page, "plain")).toHaveLength(2);
    expect(sentences(page, "can")).toEqual([]);
    expect(sentences(page, "cannot")).toContain("See any of your things, or share them");
    expect(page.all("input").map((input) => input.get("name"))).not.toContain("owner");
  });

  it("says beside what an app learns, and beside what it can do, how that ends, and nowhere else", () => {
    const sections = show({ learns: ["sameness"], tellsOwners: true })
      .first("main")
      .all("section")
      .slice(0, 3);
    const said = sections.map((section) => [section.first("h2").text, ...section.all("p").map(({ text }) => text)]);
    expect(said).toEqual([
      [
        "What Clinic Records learns about you",
        "It learns this each time you sign in there, until you take it back under “Remembered”.",
        expect.stringContaining("those people learn who you are"),
      ],
      ["What Clinic Records will be able to do", expect.stringContaining("You end it under “Apps”")],
      ["What it will not be able to do"],
    ]);
    expect(show({}).text).not.toContain("until you take it back");
    expect(show({ abilities: [], learns: ["sameness"] }).text).not.toContain("You end it under “Apps”");
  });

  it("says both of an app that wants both", () => {
    const page = show({ learns: ["sameness", "name"] });
    expect([sentences(page, "plain"), sentences(page, "can")].map(({ length }) => length)).toEqual([2, 2]);
    expect(page.first("h1").text).toBe("Clinic Records asks to be connected to you, and who you are.");
  });

  it.each([["protect"], ["share"], ["protect", "share"]] as const)(
    "never lets an app be somebody: %s",
    (...abilities) => {
      expect(sentences(show({ abilities }), "cannot")).toContain("Sign in as you, or change how you sign in");
    },
  );

  it("is as easy to refuse as to allow", () => {
    const buttons = show({})
      .all("button")
      .filter((button) => button.get("name") === "decision");
    const [allow, refuse] = buttons;
    expect([allow?.text, refuse?.text]).toEqual(["Allow", "Refuse"]);
    expect(allow?.get("class")).toBe(refuse?.get("class"));
    expect(buttons.map((button) => button.get("value"))).toEqual(["allow", "refuse", "switch"]);
  });

  it("asks on whose behalf only where there is a choice", () => {
    const one = show({});
    expect(one.all("fieldset").filter((group) => group.get("class") === "choice")).toEqual([]);
    expect(
      one
        .all("input")
        .find((input) => input.get("name") === "owner")
        ?.get("value"),
    ).toBe("own");

    const owners = [...PLAIN.owners, { id: "clinic", name: "Lakeside Clinic" }];
    const radios = show({ owners, selected: "clinic" })
      .all("input")
      .filter((input) => input.get("name") === "owner");
    expect(radios.map((radio) => [radio.get("value"), radio.attributes.has("checked")])).toEqual([
      ["own", false],
      ["clinic", true],
    ]);
  });

  it("marks an app that nobody has looked at, and says where one goes back to", () => {
    const app = { name: "Printer", host: null, isVerified: false };
    expect(show({ app, returnsTo: null }).first("main").text).toContain("Not checked by us");
    expect(show({}).first("main").text).toContain("Whatever you choose, you go back to records.example.");
  });
});
