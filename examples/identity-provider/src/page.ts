import { html } from "hono/html";
import { PEOPLE, type Person } from "./people.ts";
import type { SignInRequest } from "./sign-in-request.ts";

type Markup = ReturnType<typeof html>;

const STYLE = `
  :root { color-scheme: light dark; --ink: #1d2329; --paper: #fbfaf7; --quiet: #59636e; --line: #878f97; --accent: #5b3a9e; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e9ebed; --paper: #15191d; --quiet: #a5aeb7; --line: #78828c; --accent: #bda4f2; }
  }
  * { box-sizing: border-box; }
  body { margin: 0 auto; max-width: 38rem; padding: 1.5rem 1rem 4rem; font: 1.05rem/1.55 system-ui, sans-serif;
    color: var(--ink); background: var(--paper); }
  header { display: flex; align-items: center; gap: 0.75rem; color: var(--accent); font-weight: 600; }
  .mark { width: 2.25rem; height: 2.25rem; line-height: 2.25rem; text-align: center; border-radius: 8px;
    color: var(--paper); background: var(--accent); }
  h1 { font-size: 1.75rem; line-height: 1.2; text-wrap: balance; }
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
        <title>${title} - Lakeside ID</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <header><span class="mark" aria-hidden="true">ID</span> Lakeside ID</header>
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
