import { describe, expect } from "vitest";
import { accessible } from "../support/browser/accessible.ts";
import type { Person } from "../support/browser/person.ts";
import { joinAs } from "../support/browser/sign-up.ts";
import { story } from "../support/browser/story.ts";
import { Organization } from "../support/server/organization.ts";
import { BOB, Scene } from "../support/server/scene.ts";
import { World } from "../support/server/world.ts";

/** Somebody who acts for alice, with the page of a photo open. */
async function openPhoto(scene: Scene, ana: Person): Promise<void> {
  const photo = await scene.resource(["view"], { name: "Holiday" });
  await joinAs(ana, new Organization(scene.world, scene.cast.alice));
  await ana.open(`/console/${scene.cast.alice}/things/${photo}`);
  await ana.page.getByText("Nobody but those who act for alice can see this.").waitFor();
}

describe("a page that is open", () => {
  story("shows by itself what an app has changed", async ({ usher, person }) => {
    const [scene, ana] = [await Scene.open(new World(usher)), await person("Ana")];
    await openPhoto(scene, ana);
    const photo = new URL(ana.page.url()).pathname.split("/").at(-1) ?? "";
    await scene.permit(photo, ["view"]);
    await ana.page.getByText("bob@example.com can see this.").waitFor();
    await ana.page.getByRole("status").filter({ hasText: "Something has changed just now." }).waitFor();
    await accessible(ana.page);
  });

  story("takes nothing away from under somebody's hands", async ({ usher, person }) => {
    const [scene, ana] = [await Scene.open(new World(usher)), await person("Ana")];
    await openPhoto(scene, ana);
    const photo = new URL(ana.page.url()).pathname.split("/").at(-1) ?? "";
    await ana.keyboard.focus("Share this");
    await scene.permit(photo, ["view"]);
    await ana.page.getByRole("link", { name: "Show it" }).waitFor();
    expect(await ana.page.getByText("bob@example.com").count()).toBe(0);
    await ana.page.getByRole("link", { name: "Show it" }).click();
    await ana.page.getByText("bob@example.com can see this.").waitFor();
  });

  story("shows whom somebody has just begun to wait for", async ({ usher, person }) => {
    const [scene, ana] = [await Scene.open(new World(usher)), await person("Ana")];
    await openPhoto(scene, ana);
    const photo = new URL(ana.page.url()).pathname.split("/").at(-1) ?? "";
    await ana.keyboard.follow("Home");
    await ana.sees("Nobody waits for you.");
    await scene.permit(photo, ["view"], BOB, { terms: { approval: true } });
    const submitted = await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
    await ana.sees("One person waits for you.");
    await ana.keyboard.follow(/^Allow ?:/);
    await ana.open(`/console/${scene.cast.alice}`);
    await ana.sees("Nobody waits for you.");
    expect((await scene.redeem(String(submitted.body.ticket))).status).toBe(200);
  });
});
