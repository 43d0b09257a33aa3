import type { Child } from "hono/jsx";
import type { Frame, StaticFiles } from "./frame.ts";
import { Layout } from "./layout.tsx";

const PLACES = [
  ["things", "/console"],
  ["home", "/account"],
  ["shared", "/account/shared"],
  ["apps", "/account/apps"],
  ["security", "/account/security"],
  ["remembered", "/account/remembered"],
  ["administrators", "/account/administrators"],
  ["notices", "/account/notices"],
  ["data", "/account/data"],
] as const;

type AccountPlace = Exclude<(typeof PLACES)[number][0], "things">;

interface AccountLayoutProps {
  readonly frame: Frame;
  readonly place: AccountPlace;
  readonly title: string;
  readonly scripts?: readonly (keyof StaticFiles)[];
  readonly children: Child;
}

/** A page of somebody's own account, with the way to the others. */
export function AccountLayout({ frame, place, title, scripts = [], children }: AccountLayoutProps) {
  return (
    <Layout frame={frame} title={title} scripts={scripts} navigation={<Places frame={frame} current={place} />}>
      {children}
    </Layout>
  );
}

function Places({ frame, current }: { readonly frame: Frame; readonly current: AccountPlace }) {
  const words = frame.words.account;
  return (
    <nav class="places" aria-label={words.navigation}>
      <ul>
        {PLACES.map(([place, path]) => (
          <li>
            <a href={frame.base + path} aria-current={place === current ? "page" : undefined}>
              {words[place]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
