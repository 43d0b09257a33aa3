import { expect, it } from "vitest";
import { createCloudflarePost } from "../../../src/storage/mail/cloudflare-post.ts";

const LETTER = { to: "ana@example.com", subject: "Hello", text: "Hello, Ana.\n" };
const FROM = "usher@example.com";

/** The platform's binding, and what it was given. */
function binding() {
  const sent: unknown[] = [];
  const send = async (message: unknown) => {
    sent.push(message);
    return { messageId: "1" };
  };
  return { MAIL: { send } as unknown as SendEmail, sent };
}

it("a letter that was asked for goes out as it is", async () => {
  const { MAIL, sent } = binding();
  expect(await createCloudflarePost({ MAIL }, FROM).send(LETTER)).toBe("posted");
  expect(sent).toEqual([{ from: FROM, ...LETTER }]);
});

it("a letter that can be stopped says how, to programs that read mail (RFC 8058)", async () => {
  const { MAIL, sent } = binding();
  const stop = "https://usher.example/unsubscribe?t=sealed";
  await createCloudflarePost({ MAIL }, FROM).send({ ...LETTER, stop });
  const headers = { "List-Unsubscribe": `<${stop}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
  expect(sent).toEqual([{ from: FROM, ...LETTER, headers }]);
});

it("a server without a binding or a sender sends nothing", async () => {
  for (const post of [createCloudflarePost({}, FROM), createCloudflarePost(binding(), null)]) {
    expect([post.isAvailable, await post.send(LETTER)]).toEqual([false, { failure: "no_post" }]);
  }
});
