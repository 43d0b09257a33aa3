import type { Frame } from "../frame.ts";
import { initialOf } from "./initial.ts";

/** Somebody as others see them. */
export interface PersonFacts {
  /** Null: never told. */
  readonly name: string | null;
  /** Verified; null: none. */
  readonly address: string | null;
}

interface PersonProps {
  readonly frame: Frame;
  readonly person: PersonFacts;
  /** Whether it is whoever reads the page. */
  readonly isReader?: boolean;
}

/** An initial in a circle, a name, and the address that was verified. */
export function Person({ frame, person, isReader = false }: PersonProps) {
  const { someone, stranger } = frame.words.layout;
  const name = person.name ?? person.address ?? (isReader ? someone : stranger);
  return (
    <div class="identity">
      <span class="initial" aria-hidden="true">
        {initialOf(name)}
      </span>
      <span>
        <bdi class="name">{name}</bdi>
        {person.name !== null && person.address !== null && <bdi class="address">{person.address}</bdi>}
      </span>
    </div>
  );
}

/** An app as its registration tells it. */
export interface AppFacts {
  readonly name: string;
  /** Of its home page, or where it takes its people back to; null: an app on a device. */
  readonly host: string | null;
  /** Whether whoever runs this server looked at it. */
  readonly isVerified: boolean;
}

/** An app's name and host; one that nobody has looked at is marked as such. */
export function App({ frame, app }: { readonly frame: Frame; readonly app: AppFacts }) {
  const words = frame.words.apps;
  return (
    <div class="identity">
      <span class="initial app" aria-hidden="true">
        {initialOf(app.name)}
      </span>
      <span>
        <bdi class="name">{app.name}</bdi>
        <span class="address">{app.host === null ? words.onDevice : <bdi>{app.host}</bdi>}</span>
        {!app.isVerified && <span class="mark">{words.unverified}</span>}
      </span>
    </div>
  );
}
