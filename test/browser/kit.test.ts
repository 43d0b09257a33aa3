import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { ROOT } from "../../examples/serve/root.mjs";
import { accessible } from "../support/browser/accessible.ts";
import type { Person } from "../support/browser/person.ts";
import { picture } from "../support/browser/picture.ts";
import { story } from "../support/browser/story.ts";

/** Makes a passkey for Ana, or signs in with one, as a page's script would. @returns the name of the error, or "" */
const createPasskey = (person: Person) =>
  outcomeOf(
    person,
    `navigator.credentials.create({ publicKey: {
      rp: { name: "Usher" }, user: { id: new Uint8Array(16), name: "ana", displayName: "Ana" },
      challenge: new Uint8Array(32), pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      authenticatorSelection: { residentKey: "required", userVerification: "required" } } })`,
  );
const usePasskey = (person: Person) =>
  outcomeOf(
    person,
    `navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32), userVerification: "required" } })`,
  );

function outcomeOf({ page }: Person, ceremony: string): Promise<string> {
  return page.evaluate<string>(`${ceremony}.then(() => "", (error) => error.name)`);
}

/** A page of the test's own, under no policy. */
const show = ({ page }: Person, content: string) =>
  page.setContent(`<!doctype html><html lang="en"><title>Shown</title><main><h1>Shown</h1>${content}</main></html>`);

describe("a device", () => {
  story("keeps passkeys for its person alone, until it is lost", async ({ person }) => {
    const [ana, mallory] = await Promise.all([person("Ana"), person("Mallory")]);
    await Promise.all([ana.open("/"), mallory.open("/")]);
    expect(await createPasskey(ana)).toBe("");
    expect(await ana.authenticator.passkeys()).toMatchObject([{ rpId: "localhost" }]);
    expect(await usePasskey(ana)).toBe("");
    expect(await mallory.authenticator.passkeys()).toEqual([]);
    expect(await usePasskey(mallory)).toBe("NotAllowedError");
    await ana.authenticator.replace();
    expect(await usePasskey(ana)).toBe("NotAllowedError");
    expect(await createPasskey(ana)).toBe("");
  });

  story("does nothing for a finger that it does not know", async ({ person }) => {
    const ana = await person("Ana");
    await ana.open("/");
    expect(await createPasskey(ana)).toBe("");
    await ana.authenticator.recognizesPerson(false);
    expect(await usePasskey(ana)).toBe("NotAllowedError");
    expect(await createPasskey(ana)).toBe("NotAllowedError");
    await ana.authenticator.recognizesPerson(true);
    expect(await usePasskey(ana)).toBe("");
  });

  story("stays the same on the way over another site", async ({ usher, person }) => {
    const ana = await person("Ana");
    await ana.open("/");
    expect(await createPasskey(ana)).toBe("");
    await ana.open(usher.issuer.replace("localhost", "127.0.0.1"));
    await ana.open("/");
    expect(await usePasskey(ana)).toBe("");
  });
});

describe("the keyboard", () => {
  story("fills a form and sends it", async ({ usher, person }) => {
    const ana = await person("Ana", { script: false });
    await show(
      ana,
      `<form action="${usher.issuer}/jwks"><label>Name <input name="name" value="nobody"></label>
        <label><input type="radio" name="who" checked> Me</label><label><input type="radio" name="who" value="clinic"> My clinic</label>
        <label><input type="checkbox"> Remember me</label><button>Send</button></form>`,
    );
    await ana.keyboard.fill("Name", "Ana");
    await ana.keyboard.choose("My clinic", "Me");
    await ana.keyboard.toggle("Remember me");
    expect(await ana.page.getByLabel("Name").inputValue()).toBe("Ana");
    expect(await ana.page.getByLabel("My clinic").isChecked()).toBe(true);
    expect(await ana.page.getByLabel("Remember me").isChecked()).toBe(true);
    await ana.keyboard.follow("Send");
    expect(new URL(ana.page.url())).toMatchObject({ pathname: "/jwks", search: "?name=Ana&who=clinic" });
  });

  story("reaches nothing that only a mouse reaches", async ({ person }) => {
    const ana = await person("Ana");
    await show(ana, `<a href="#a">First</a><div role="button">Buy</div><a href="#b">Last</a>`);
    await expect(ana.keyboard.focus("Buy")).rejects.toThrow('only to link "First", link "Last"');
  });

  story("is lost where nothing shows what is focused", async ({ person }) => {
    const ana = await person("Ana");
    await show(
      ana,
      `<style>.quiet { outline: none }</style><button>Seen</button><button class="quiet">Unseen</button>`,
    );
    await ana.keyboard.focus("Seen");
    await expect(ana.keyboard.focus("Unseen")).rejects.toThrow("nothing shows");
  });
});

describe("accessible", () => {
  story("names what keeps people out, in either colour scheme", async ({ person }) => {
    const ana = await person("Ana");
    await show(
      ana,
      `<style>:root { color-scheme: light dark } @media (prefers-color-scheme: dark) { p { color: #333; background: #111 } }</style>
        <p>Hardly seen in the dark</p><button id="unnamed"></button>`,
    );
    await expect(accessible(ana.page)).rejects.toThrow(/button-name.*#unnamed.*color-contrast.*: p .*in dark/s);
  });

  story("sees what is too wide for a phone", async ({ person }) => {
    const ana = await person("Ana");
    await show(ana, `<div style="width: 400px">wide</div>`);
    await expect(accessible(ana.page)).rejects.toThrow(/it is 4\d\d pixels wide where there are 320/);
  });
});

story("an app is another site, which knows with what people came back to it", async ({ app, person }) => {
  const ana = await person("Ana");
  await show(ana, `<form action="${app.redirectUri}"><button name="code" value="one">Back</button></form>`);
  await ana.keyboard.follow("Back");
  await ana.sees("Back in the app");
  expect(app.callbacks.map(String)).toEqual(["code=one"]);
});

story("a picture leaves the page as it was", async ({ person }) => {
  const ana = await person("Ana", { viewport: "phone", scheme: "dark" });
  await show(ana, `<label>Name <input></label>`);
  await ana.keyboard.fill("Name", "Ana");
  await picture(ana.page, "kit/form");
  expect(await ana.page.getByLabel("Name").inputValue()).toBe("Ana");
  expect(ana.page.viewportSize()).toEqual({ width: 390, height: 844 });
  expect(await ana.page.evaluate('matchMedia("(prefers-color-scheme: dark)").matches')).toBe(true);
  const folder = join(ROOT, "test/browser/pictures/kit");
  const taken = ["form.desktop.dark", "form.desktop.light", "form.phone.dark", "form.phone.light"];
  expect(readdirSync(folder).sort()).toEqual(taken.map((name) => `${name}.png`));
  rmSync(folder, { recursive: true });
});

story("what a page's own policy refuses is told", async ({ person }) => {
  const ana = await person("Ana");
  await ana.open("/");
  await ana.page.evaluate(`document.body.append(Object.assign(new Image(), { src: "https://elsewhere.example/" }))`);
  await expect.poll(() => ana.complaints.take(/Content Security Policy/)).toHaveLength(1);
});
