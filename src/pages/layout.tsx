import type { Child } from "hono/jsx";
import type { Frame, StaticFiles } from "./frame.ts";
import { Form } from "./parts/form.tsx";
import { initialOf } from "./parts/initial.ts";
import { Said } from "./parts/said.tsx";
import { LANGUAGES } from "./words/catalogue.ts";
import { plain } from "./words/said.ts";

interface LayoutProps {
  readonly frame: Frame;
  /** The first words of the page, which stand in the tab too. */
  readonly title: string;
  /** Scripts of static/, in the order in which they run. */
  readonly scripts?: readonly (keyof StaticFiles)[];
  /** Where a page that shows what happens by itself listens, with the issuer's own path before it; left out: it does not. */
  readonly live?: string | undefined;
  /** The way to pages beside this one. */
  readonly navigation?: Child;
  readonly children: Child;
}

/** The whole document around a page. */
export function Layout({ frame, title, scripts = [], live, navigation, children }: LayoutProps) {
  const { words, files } = frame;
  return (
    <html lang={words.language.tag} dir={words.language.direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{words.layout.titleOf(plain(title))}</title>
        <link rel="icon" href={files.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={files.style} />
        {[...scripts, ...(live === undefined ? [] : ["live" as const])].map((script) => (
          <script src={files[script]} defer />
        ))}
      </head>
      <body>
        <a class="skip" href="#content">
          {words.layout.skip}
        </a>
        <Header frame={frame} />
        {navigation}
        <Main frame={frame} live={live}>
          {children}
        </Main>
        <Footer frame={frame} />
      </body>
    </html>
  );
}

/** What static/live.client.js makes new where something has happened. */
function Main({ frame, live, children }: Pick<LayoutProps, "frame" | "live" | "children">) {
  const { changed, show } = frame.words.layout.live;
  const told = live === undefined ? {} : { "data-live": live, "data-changed": changed, "data-show": show };
  return (
    <main id="content" tabindex={-1} {...told}>
      {children}
    </main>
  );
}

/** A whole document. */
export type Page = ReturnType<typeof Layout>;

function Header({ frame }: { readonly frame: Frame }) {
  const { base, person } = frame;
  return (
    <header class="top">
      <a class="wordmark" href={person === null ? `${base}/` : `${base}/console`}>
        Usher
      </a>
      {person !== null && <SignedIn frame={frame} name={person.name ?? person.address} />}
    </header>
  );
}

function SignedIn({ frame, name }: { readonly frame: Frame; readonly name: string | null }) {
  const words = frame.words.layout;
  return (
    <div class="signed-in">
      <a class="who" href={`${frame.base}/account`}>
        <span class="initial small" aria-hidden="true">
          {initialOf(name ?? words.someone)}
        </span>
        <span class="narrow-hidden">{name === null ? words.account : <Said text={words.signedInAs(name)} />}</span>
      </a>
      <Form frame={frame} action="/sign-out">
        <button class="like-link" type="submit">
          {words.signOut}
        </button>
      </Form>
    </div>
  );
}

function Footer({ frame }: { readonly frame: Frame }) {
  const { words } = frame;
  return (
    <footer class="bottom">
      <Form frame={frame} action="/language" hidden={{ return: frame.here }}>
        <fieldset class="languages">
          <legend class="hidden">{words.layout.chooseLanguage}</legend>
          {LANGUAGES.map(({ language }) => (
            <button
              class="like-link"
              type="submit"
              name="language"
              value={language.tag}
              lang={language.tag}
              aria-current={language.tag === words.language.tag ? "true" : undefined}
            >
              {language.name}
            </button>
          ))}
        </fieldset>
      </Form>
    </footer>
  );
}
