import { expect, it } from "vitest";
import { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp, locationOf, saidIn } from "../support/server/code-app.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();

it("O-9207-2-iss-parameter every authorization response names the issuer, as the metadata does", async () => {
  const app = await CodeApp.registerPublic(world);
  const browser = await (await Resident.settle()).browse(world.site);
  const { body } = await world.send("GET", "/.well-known/oauth-authorization-server");
  const responses = [
    await app.answer(browser, await app.ask(browser), { decision: "allow" }),
    await app.answer(browser, await app.ask(browser), { decision: "refuse" }),
    locationOf(await browser.open(app.path({ scope: "unknown" }))),
    locationOf(await new BrowserLike(world.site).open(app.path({ prompt: "none" }))),
    locationOf(await browser.open(app.path({ prompt: "none" }))),
    await app.answer(browser, await app.ask(browser, await app.pushedPath()), { decision: "allow" }),
  ];
  expect(responses.map((response) => saidIn(response).iss)).toEqual(Array(6).fill(body.issuer));
});

it("O-9207-2.3-metadata the metadata promises it", async () => {
  const { body } = await world.send("GET", "/.well-known/oauth-authorization-server");
  expect(body.authorization_response_iss_parameter_supported).toBe(true);
});
