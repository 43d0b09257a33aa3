import { once } from "node:events";
import { createServer } from "node:http";
import { STYLE } from "./start-page-style.mjs";
import { stories } from "./stories.mjs";

/** The way into the sample world for whoever has a browser: one page that leads to two stories. */

const HEADERS = {
  // Nothing runs and nothing is fetched but the one stylesheet.
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

/** Serves it in this process, at the last of our ports. @returns the server */
export async function serveStartPage(settings) {
  const pages = pagesOf(settings);
  const server = createServer(({ url }, response) => {
    const { type = "text/html; charset=utf-8", body } = pages.get(url) ?? {};
    response.writeHead(body === undefined ? 404 : 200, { ...HEADERS, "Content-Type": type });
    response.end(body ?? render("There is no such page", '<p><a href="/">To the start page</a></p>'));
  });
  await once(server.listen(settings.startPage.port, "localhost"), "listening");
  return server;
}

function pagesOf(settings) {
  const told = stories(settings);
  const pages = Object.entries(told).map(([name, story]) => [`/${name}`, { body: render(story.title, tell(story)) }]);
  return new Map([
    ["/", { body: render("Two people, and a report between them", welcome(told, settings)) }],
    ["/style.css", { type: "text/css; charset=utf-8", body: STYLE }],
    ...pages,
  ]);
}

function welcome(told, { usher, records, identityProvider, consult }) {
  const buttons = Object.entries(told).map(
    ([name, { title, lead }]) => `<li><a class="story" href="/${name}">${title}</a><p>${lead}</p></li>`,
  );
  const places = [
    [usher, "Usher, where people decide"],
    [records, "Lakeside Clinic, which keeps the reports"],
    [consult, "Consult, in which doctors read them"],
  ];
  const rows = places.map(([{ origin }, what]) => `<li><a href="${origin}">${what}</a> <code>${origin}</code></li>`);
  rows.push(`<li>Lakeside ID, where some of them sign in <code>${identityProvider.origin}</code></li>`);
  return `<p class="lead">Everything here runs on your machine, and nothing of it is real. Choose a side:</p>
<ul class="stories">${buttons.join("")}</ul>
<h2>Who is who</h2>
<ul>${rows.join("")}</ul>`;
}

/** What is told is written by us and has only addresses of this machine in it, so it is put in as it is. */
function tell({ lead, before, steps, after }) {
  const items = steps.map(({ title, text }) => `<li><h2>${title}</h2><p>${text}</p></li>`);
  return `<p class="lead">${lead}</p>
<p>${before}</p>
<ol>${items.join("")}</ol>
<p>${after}</p>
<p><a href="/">Back to the start page</a></p>`;
}

function render(title, content) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - the sample world</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
}
