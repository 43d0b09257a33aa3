import { html } from "hono/html";
import type { Standing } from "./patient-object.ts";
import { dayOf } from "./share-form.ts";
import type { SharedWith } from "./sharing-api.ts";
import { STYLE } from "./style.ts";

type Markup = ReturnType<typeof html>;

const NOTHING = html``;

export interface PatientPage {
  readonly reports: readonly { readonly id: string; readonly title: string }[];
  readonly shared: readonly SharedWith[];
  readonly standing: Standing;
  /** Where others read what is shared with them. */
  readonly link: string;
  readonly usher: string;
  readonly today: Date;
}

/** The clinic's one page for patients: who can read the reports, and a way to change that. */
export function renderPatient(page: PatientPage): Markup {
  return frame(
    headline(page),
    html`${page.standing === "connected" ? sharing(page) : connecting(page.standing)}
      <h2>What there is in your file</h2>
      <ul class="reports">
        ${page.reports.map(({ title }) => html`<li>${title}</li>`)}
      </ul>
      <p class="quiet">
        This is a sample. It opens a file for every new browser and asks for no name, where a clinic would have you sign in.
      </p>`,
  );
}

export function renderTrouble(): Markup {
  return frame(
    "That did not work, and it was not you",
    html`<p>Something did not answer as it should. What you share was not changed.</p>
      <p><a href="/">Back to your reports</a></p>`,
  );
}

function frame(heading: string, content: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${heading} - Lakeside Clinic</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <header><span class="mark" aria-hidden="true">L</span> Lakeside Clinic: your reports</header>
        <main>
          <h1>${heading}</h1>
          ${content}
        </main>
      </body>
    </html>`;
}

/** The first line answers the question that a patient came with. */
function headline({ standing, shared }: PatientPage): string {
  const isShared = standing === "connected" && shared.length > 0;
  return isShared ? "You share some of your reports" : "Nobody but you and the clinic can see your reports";
}

const BEFORE: Readonly<Record<Exclude<Standing, "connected">, string>> = {
  never: "Connect your Usher account, and you decide who else may see them, and until when.",
  refused: "You did not connect your Usher account, so everything stays as it was.",
  ended: "You ended the connection to your Usher account, so nothing that you had shared is open any more.",
};

function connecting(standing: Exclude<Standing, "connected">): Markup {
  return html`<p>${BEFORE[standing]}</p>
    <form method="post" action="/connect">
      <button class="main">Connect my Usher account</button>
    </form>
    <p class="quiet">Usher asks you first. If you have no account there, you make one on the way.</p>`;
}

function sharing(page: PatientPage): Markup {
  return html`${page.shared.length > 0 ? sharedList(page) : NOTHING} ${shareForm(page.today)}
    <h2>Your Usher account</h2>
    <p>
      It is connected.
      <a href="${page.usher}/account/apps">See all your connected apps at Usher</a>, or end the connection there.
    </p>`;
}

function sharedList({ shared, link }: PatientPage): Markup {
  return html`<form method="post" action="/stop">
      <ul class="shared">
        ${shared.map(
          ({ policyId, sentence }) => html`<li>
            <span>${sentence}</span>
            <button name="policy" value="${policyId}" aria-label="Stop sharing: ${sentence}">Stop sharing</button>
          </li>`,
        )}
      </ul>
    </form>
    <p>
      Send them this link. It opens nothing by itself: they are asked who they are.<br />
      <a href="${link}">${link}</a>
    </p>`;
}

/** The form of the day in a year: as good a guess as any. */
function shareForm(today: Date): Markup {
  const inAYear = new Date(Date.UTC(today.getUTCFullYear() + 1, today.getUTCMonth(), today.getUTCDate()));
  return html`<h2>Share with somebody</h2>
    <form method="post" action="/share">
      <label for="address">Their email address</label>
      <small id="address-hint">They have to show that it is theirs.</small>
      <input
        id="address"
        type="email"
        name="address"
        required
        maxlength="254"
        autocomplete="off"
        aria-describedby="address-hint"
      />
      <fieldset>
        <legend>What may they view?</legend>
        <label class="choice"><input type="radio" name="type" value="lab-report" checked /> Lab reports</label>
        <label class="choice"><input type="radio" name="type" value="imaging-report" /> Imaging reports</label>
      </fieldset>
      <label for="until">Until when?</label>
      <input id="until" type="date" name="until" required min="${dayOf(today)}" value="${dayOf(inAYear)}" />
      <p>They may view, not change, and have to agree to keep it to themselves.</p>
      <button class="main">Share</button>
    </form>`;
}
