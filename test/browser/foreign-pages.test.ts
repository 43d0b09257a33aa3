import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import { story } from "../support/browser/story.ts";

const { account, problems, recoveryCodes, requests, signUp } = en;

/** What a page of another origin tries in the browser of somebody who is signed in; `app` is that page's home. */
story(
  "a page of somebody else's neither shows ours in a frame nor acts in anybody's name",
  async ({ usher, app, person }) => {
    const ana = await person("Ana");
    await ana.open("/sign-up");
    await ana.keyboard.fill(signUp.name, "Ana");
    await ana.keyboard.activate(signUp.passkey);
    await ana.sees(recoveryCodes.title);
    await ana.keyboard.follow(recoveryCodes.go);
    await ana.sees(requests.waiting(0));
    await ana.open("/account");

    await ana.open(app.origin);
    await ana.page.evaluate(`document.body.append(
    Object.assign(document.createElement("iframe"), { src: "${usher.issuer}/account/security" }))`);
    await expect.poll(() => ana.complaints.take(/frame-ancestors/)).not.toHaveLength(0);

    const fetched = `fetch("${usher.issuer}/account", { credentials: "include" }).then(() => "read", () => "refused")`;
    expect(await ana.page.evaluate(fetched)).toBe("refused");
    expect(ana.complaints.take(/CORS/)).not.toHaveLength(0);

    const visit = async () => (await ana.context.cookies()).find(({ name }) => name === "__Host-visit")?.value;
    const before = await visit();
    // Browsers send no cookie of ours along with that, so it is nobody's: either it is refused, or one is asked to sign in.
    for (const [path, fields, heading] of [
      ["/sign-out", {}, problems.formOutOfDate.title],
      ["/sign-up", { name: "Mallory" }, problems.formOutOfDate.title],
      ["/account/name", { name: "Mallory" }, account.title(0)],
    ] as const) {
      await ana.open(app.origin);
      await ana.page.evaluate(`{
      const form = Object.assign(document.createElement("form"), { method: "post", action: "${usher.issuer}${path}" });
      for (const [name, value] of Object.entries(${JSON.stringify(fields)}))
        form.append(Object.assign(document.createElement("input"), { name, value }));
      document.body.append(form);
      form.submit();
    }`);
      await ana.sees(heading);
    }
    await ana.open("/account");
    await ana.sees(account.title(0));
    expect(await visit()).toBe(before);
    expect(await ana.page.getByText("Mallory").count()).toBe(0);
  },
);
