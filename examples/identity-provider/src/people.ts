/** Somebody who can sign in here. The e-mail addresses count as verified by this provider. */
export interface Person {
  readonly handle: string;
  /** Stable and meaningless outside this provider (OIDC Core §2, `sub`). */
  readonly subject: string;
  readonly name: string;
  readonly introduction: string;
  readonly email: string;
}

export const PEOPLE: readonly Person[] = [
  {
    handle: "bob",
    subject: "a2f0c7d1",
    name: "Dr. Bob",
    introduction: "a doctor at Lakeside Clinic",
    email: "bob@lakeside.example",
  },
  {
    handle: "mallory",
    subject: "b91e6640",
    name: "Mallory",
    introduction: "from the insurer",
    email: "mallory@insurer.example",
  },
];

export function findPerson(handle: string | undefined): Person | null {
  return PEOPLE.find((person) => person.handle === handle) ?? null;
}
