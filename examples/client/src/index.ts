import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { base64url } from "jose";
import { comeBack, pursue, replay, resume, setOut } from "./journey.ts";
import { renderPage, renderTrouble } from "./page.ts";
import { listReports } from "./records.ts";
import type { Session, Wish } from "./session.ts";
import type { SessionObject } from "./session-object.ts";
import type { Settings } from "./settings.ts";
import { beginSignIn, finishSignIn } from "./sign-in.ts";

export { SessionObject } from "./session-object.ts";

type ConsultEnv = { Bindings: Settings; Variables: { session: DurableObjectStub<SessionObject> } };

/** By what the clinic calls a patient. */
const PATIENT = /^[A-Za-z0-9_-]{1,64}$/;
const SESSION_NAME = /^[A-Za-z0-9_-]{43}$/;

const app = new Hono<ConsultEnv>();

// With "no-referrer" browsers would not say where a form comes from, and the check below could not be made.
app.use(secureHeaders({ referrerPolicy: "same-origin" }));
// Every form here acts for whoever is signed in, so forms of other sites are refused.
app.use(csrf());

app.use(async (c, next) => {
  c.set("session", c.env.SESSION.getByName(sessionName(c)));
  await next();
});

/** The name in the cookie is the only key to a session, so it is long and random, and only we make it. */
function sessionName(c: Context<ConsultEnv>): string {
  const known = getCookie(c, "consult");
  if (known !== undefined && SESSION_NAME.test(known)) return known;
  const name = base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
  const secure = new URL(c.env.ORIGIN).protocol === "https:";
  setCookie(c, "consult", name, { httpOnly: true, sameSite: "Lax", path: "/", secure });
  return name;
}

/** Does something to the session and shows the page again; a reload then repeats nothing. */
async function change(c: Context<ConsultEnv>, step: (session: Session) => Promise<Session>): Promise<Response> {
  await c.var.session.write(await step(await c.var.session.read()));
  return c.redirect("/", 303);
}

async function field(c: Context<ConsultEnv>, name: string): Promise<string> {
  return String((await c.req.parseBody())[name] ?? "");
}

/** Which report of whom a form is about. */
async function readWanted(c: Context<ConsultEnv>): Promise<Pick<Wish, "patient" | "report">> {
  const patient = await field(c, "patient");
  return { patient: PATIENT.test(patient) ? patient : null, report: await field(c, "report") };
}

app.get("/", async (c) => {
  const session = await c.var.session.read();
  const [own, shared] = await Promise.all([
    listReports(c.env.RECORDS, null),
    session.patient === null ? [] : listReports(c.env.RECORDS, session.patient),
  ]);
  return c.html(renderPage(session, own, shared));
});

/** The link that a patient sends: whose reports they are. Whether they open is not for this page to say. */
app.get("/patients/:patient", (c) => {
  const patient = c.req.param("patient");
  if (!PATIENT.test(patient)) throw new HTTPException(404);
  return change(c, async (session) => ({ ...session, patient, steps: [], document: null }));
});

/** The story so far, as data; without the tokens and tickets, which stay here. */
app.get("/story", async (c) => {
  const { signedIn, steps, document } = await c.var.session.read();
  return c.json({ person: signedIn && { name: signedIn.name, email: signedIn.email }, steps, document });
});

app.post("/open", async (c) => {
  const wanted = await readWanted(c);
  return change(c, (session) => pursue(c.env, session, { ...wanted, action: "view", text: null }));
});

app.post("/change", async (c) => {
  const wanted = await readWanted(c);
  const text = await field(c, "text");
  return change(c, (session) => pursue(c.env, session, { ...wanted, action: "edit", text }));
});

app.post("/replay", (c) => change(c, (session) => replay(c.env, session)));

app.post("/sign-in", async (c) => {
  const { url, pending } = await beginSignIn(c.env);
  await c.var.session.write({ ...(await c.var.session.read()), pendingSignIn: pending });
  return c.redirect(url, 303);
});

app.get("/callback", (c) =>
  change(c, async (session) => {
    if (session.pendingSignIn === null) return session;
    const signedIn = await finishSignIn(c.env, session.pendingSignIn, new URL(c.req.url));
    // It may be another person than the one whom Usher remembers.
    return resume(c.env, { ...session, pendingSignIn: null, signedIn, pct: null });
  }),
);

/** Where Usher would rather ask the person itself (Grant §3.3.2). */
app.post("/show-usher", async (c) => {
  const leaving = setOut(c.env, await c.var.session.read());
  if (leaving === null) return c.redirect("/", 303);
  await c.var.session.write(leaving.session);
  return c.redirect(leaving.url, 303);
});

app.get("/claims-callback", (c) => change(c, (session) => comeBack(c.env, session, new URL(c.req.url).searchParams)));

/** What one person was allowed to see is not for the next one. */
app.post("/sign-out", (c) =>
  change(c, async (session) => ({
    ...session,
    signedIn: null,
    waiting: null,
    visitState: null,
    pct: null,
    rpts: {},
    steps: [],
    document: null,
  })),
);

/** Whatever stops a wish on its way: the person is told that it was not them, the log says what it was. */
app.onError((error, c) => {
  console.error({ path: c.req.path, name: error.name, message: error.message });
  return c.html(renderTrouble(), error instanceof HTTPException ? error.status : 502);
});

export default app;
