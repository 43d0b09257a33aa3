import { html } from "hono/html";
import { PEOPLE, type Person } from "./people.ts";
import type { SignInRequest } from "./sign-in-request.ts";

type Markup = ReturnType<typeof html>;

const STYLE = `
  :root { color-scheme: light dark; --ink: #1d2329; --paper: #fbfaf7; --quiet: #59636e; --line: #c3c9cf; --accent: #17603f; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e9ebed; --paper: #15191d; --quiet: #a5aeb7; --line: #454d55; --accent: #7fd1a6; }
  }
  body { margin: 3rem auto; max-width: 32rem; padding: 0 1rem; font: 1.05rem/1.55 system-ui, sans-serif;
    color: var(--ink); background: var(--paper); }
  h1 { font-size: 1.5rem; line-height: 1.25; }
  p { color: var(--quiet); }
  button { display: block; width: 100%; min-height: 44px; margin: 0.75rem 0; padding: 0.75rem 1rem; font: inherit;
    text-align: start; color: var(--ink); background: transparent; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; }
  button:hover { border-color: var(--accent); }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  small { display: block; color: var(--quiet); }
`;

function page(title: string, content: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`;
}

function personButton(person: Person): Markup {
  return html`<button name="person" value="${person.handle}">
    Continue as ${person.name}<small>${person.introduction}, ${person.email}</small>
  </button>`;
}

/** Asks who is there. The client's own parameters travel on in the address, so the form holds only the choice. */
export function renderSignIn({ client: { name }, level }: SignInRequest): Markup {
  const proof =
    level === "substantial"
      ? "nobody needs a password, nor the second proof that is asked for"
      : "nobody needs a password";
  return page(
    "Sign in",
    html`<h1>Who is signing in to ${name}?</h1>
      <p>${name} will be told your name and your verified e-mail address. This is a sample: ${proof}.</p>
      <form method="post">${PEOPLE.map(personButton)}</form>`,
  );
}

export function renderBadRequest(): Markup {
  return page(
    "This link does not work",
    html`<h1>This link does not work</h1>
      <p>The app that sent you here left something out. Go back to the app and sign in from there.</p>`,
  );
}
