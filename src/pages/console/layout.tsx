import type { Child } from "hono/jsx";
import type { Frame, StaticFiles } from "../frame.ts";
import { Layout } from "../layout.tsx";
import { Said } from "../parts/said.tsx";

/** An owner as its administrators are shown it. */
export interface OwnerFacts {
  readonly id: string;
  /** Null: what is the reader's own. */
  readonly name: string | null;
}

/** What every page stands in that somebody opens for an owner. */
export interface ConsoleFrame extends Frame {
  /** Whom the reader acts for. */
  readonly owner: OwnerFacts;
  /** Everybody whom the reader acts for, this one among them. */
  readonly owners: readonly OwnerFacts[];
  /** Where this owner's pages begin: each of their links does. */
  readonly console: string;
}

const PLACES = [
  ["home", ""],
  ["things", "/things"],
  ["requests", "/requests"],
  ["groups", "/groups"],
  ["activity", "/activity"],
  ["apps", "/apps"],
] as const;

export type ConsolePlace = (typeof PLACES)[number][0];

interface ConsoleLayoutProps {
  readonly frame: ConsoleFrame;
  readonly place: ConsolePlace;
  readonly title: string;
  readonly scripts?: readonly (keyof StaticFiles)[];
  /** Whether it shows by itself what happens while it is open. */
  readonly isLive?: boolean;
  readonly children: Child;
}

/** A page for whoever acts for an owner: with the way to the others, and always with whom it is about. */
export function ConsoleLayout({ frame, place, title, scripts = [], isLive = false, children }: ConsoleLayoutProps) {
  const navigation = (
    <>
      <Owners frame={frame} />
      <Places frame={frame} current={place} />
    </>
  );
  return (
    <Layout
      frame={frame}
      title={title}
      scripts={scripts}
      navigation={navigation}
      {...(isLive ? { live: `${frame.console}/live` } : {})}
    >
      {children}
    </Layout>
  );
}

/** Whoever has only what is their own need not choose, and is told of no choice. */
function Owners({ frame }: { readonly frame: ConsoleFrame }) {
  const { owner, owners, base } = frame;
  const words = frame.words.console;
  if (owners.length < 2 && owner.name === null) return null;
  return (
    <nav class="owners" aria-label={words.owners}>
      {owner.name !== null && (
        <p class="acting">
          <Said text={words.actingFor(owner.name)} />
        </p>
      )}
      <ul>
        {owners.map(({ id, name }) => (
          <li>
            <a href={`${base}/console/${encodeURIComponent(id)}`} aria-current={id === owner.id ? "true" : undefined}>
              {name ?? words.own}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Places({ frame, current }: { readonly frame: ConsoleFrame; readonly current: ConsolePlace }) {
  const words = frame.words.console;
  return (
    <nav class="places" aria-label={words.navigation}>
      <ul>
        {PLACES.map(([place, path]) => (
          <li>
            <a href={frame.console + path} aria-current={place === current ? "page" : undefined}>
              {words.places[place]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
