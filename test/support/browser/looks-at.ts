import { accessible } from "./accessible.ts";
import type { Person } from "./person.ts";
import { picture } from "./picture.ts";

/** What somebody sees in a story: waited for, checked for everybody to be able to use it, and kept as pictures, numbered. */
export function looksAt(person: Person, story: string): (heading: string | RegExp, step: string) => Promise<void> {
  let number = 0;
  return async (heading, step) => {
    number += 1;
    await person.sees(heading);
    await accessible(person.page);
    await picture(person.page, `${story}/${number}-${step}`);
  };
}
