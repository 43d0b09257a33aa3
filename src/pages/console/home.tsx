import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";

/** A thing as lists show it. */
export interface ThingFacts {
  readonly id: string;
  /** Null: its app gave it none. */
  readonly name: string | null;
  /** The app that hosts it. */
  readonly app: string | null;
}

interface HomePageProps {
  readonly frame: ConsoleFrame;
  readonly things: readonly ThingFacts[];
}

/** Where whoever acts for an owner begins. */
export function HomePage({ frame, things }: HomePageProps) {
  const words = frame.words.home;
  return (
    <ConsoleLayout frame={frame} place="home" title={words.title} isLive>
      <h1>{words.title}</h1>
      {things.length === 0 ? (
        <p class="quiet">{words.empty}</p>
      ) : (
        <ul class="rows links">
          {things.map(({ id, name, app }) => (
            <li>
              <a class="row" href={`${frame.console}/things/${encodeURIComponent(id)}`}>
                <span class="about">
                  <strong>
                    <bdi>{name ?? words.nameless}</bdi>
                  </strong>
                  {app !== null && (
                    <span class="quiet">
                      <bdi>{app}</bdi>
                    </span>
                  )}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </ConsoleLayout>
  );
}
