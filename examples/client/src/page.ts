import { html } from "hono/html";
import type { OpenedReport, Session, Step } from "./session.ts";
import { STYLE } from "./style.ts";

type Markup = ReturnType<typeof html>;
type Titles = readonly { readonly id: string; readonly title: string }[];

const NOTHING = html``;

/** Consult's one page: who is here, what there is to read, what happened last. */
export function renderPage(session: Session, own: Titles, shared: Titles): Markup {
  return frame(
    headline(session),
    html`${session.waiting?.redirectUser ? showUsherForm() : NOTHING} ${visitor(session)}
      ${session.document ? document(session.document) : NOTHING}
      ${session.steps.length > 0 ? happened(session.steps) : NOTHING}
      ${
        session.patient === null
          ? NOTHING
          : html`<h2>Reports that a patient shares with you</h2>
            ${reportList(shared, session.patient)}`
      }
      <h2>Reports at Lakeside Clinic</h2>
      ${reportList(own, null)} ${session.spent ? replayForm() : NOTHING}`,
  );
}

export function renderTrouble(): Markup {
  return frame(
    "That did not work, and it was not you",
    html`<p>One of the services that Consult talks to did not answer as it should. Nothing was changed.</p>
      <p><a href="/">Back to the reports</a></p>`,
  );
}

function frame(heading: string, content: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${heading} - Consult</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <header><span class="mark" aria-hidden="true">C</span> Consult</header>
        <main>
          <h1>${heading}</h1>
          ${content}
        </main>
      </body>
    </html>`;
}

/** The first line answers the question that somebody came with. */
function headline(session: Session): string {
  if (session.document) return session.document.title;
  const last = session.steps.at(-1)?.kind;
  if (last === "sign_in") return "Who is asking? Sign in to go on";
  if (last === "cancelled") return "You did not show who you are";
  if (last === "refused") return "This stays closed";
  if (last === "submitted") return "The clinic has been asked";
  if (last === "unavailable") return "That did not work";
  return "Which report would you like to read?";
}

/** Whoever has no account at the identity provider can be asked by Usher itself. */
function showUsherForm(): Markup {
  return html`<form method="post" action="/show-usher">
    <p>Usher can ask you itself. It tells Consult nothing about you but whether you may read this.</p>
    <button class="main">Show Usher who I am</button>
  </form>`;
}

function visitor(session: Session): Markup {
  if (session.signedIn === null) return stranger(session.pct !== null);
  const { name, email } = session.signedIn;
  return html`<form method="post" action="/sign-out" class="visitor">
    <span class="initial" aria-hidden="true">${initial(name)}</span>
    <span><strong>${name}</strong><small>${email}</small></span>
    <button>Sign out</button>
  </form>`;
}

function stranger(isRemembered: boolean): Markup {
  return html`<form method="post" action="/sign-in">
      <p>You are not signed in.${isRemembered ? " Usher remembers you for Consult, which does not know who you are." : ""}</p>
      <button>Sign in as Dr. Bob, or as Mallory from the insurer</button>
    </form>
    ${isRemembered ? html`<form method="post" action="/sign-out"><button>I am somebody else</button></form>` : NOTHING}`;
}

function initial(name: string): string {
  return name.replace(/^Dr\. /, "").slice(0, 1);
}

function document(report: OpenedReport): Markup {
  return html`<article>
    <p>${report.text}</p>
    <form method="post" action="/change">
      <input type="hidden" name="report" value="${report.id}" />
      <input type="hidden" name="patient" value="${report.patient ?? ""}" />
      <label>Change the text<textarea name="text" rows="3">${report.text}</textarea></label>
      <button>Save the change</button>
    </form>
  </article>`;
}

function happened(steps: readonly Step[]): Markup {
  return html`<section aria-label="What happened">
    <h2>What happened</h2>
    <ol>
      ${steps.map((step) => html`<li class="${step.kind}">${step.say}<code>${step.wire}</code></li>`)}
    </ol>
  </section>`;
}

function reportList(reports: Titles, patient: string | null): Markup {
  if (reports.length === 0) return html`<p>The clinic does not answer. Try again in a moment.</p>`;
  return html`<form method="post" action="/open">
    <input type="hidden" name="patient" value="${patient ?? ""}" />
    <ul>
      ${reports.map((report) => html`<li><button name="report" value="${report.id}">${report.title}</button></li>`)}
    </ul>
  </form>`;
}

function replayForm(): Markup {
  return html`<form method="post" action="/replay">
    <p>Curious? Consult can show its last ticket to Usher once more, as a thief would.</p>
    <button>Show the used ticket again</button>
  </form>`;
}
