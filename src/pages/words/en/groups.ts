import { plural } from "../number.ts";
import { said } from "../said.ts";

/** Groups of people of one's own. */
export const groups = {
  title: (n: number) =>
    plural(n, "You have no groups yet.", "You have one group.", (many) => `You have ${many} groups.`),
  titleOfMany: "Your groups",
  empty: "A group is a list of people. Share something with it, and everybody in it has it, now and later.",
  members: (n: number) => plural(n, "Nobody is in it", "One person", (many) => `${many} people`),
  uses: (n: number) => plural(n, "not used yet", "used once", (many) => `used ${many} times`),
  newGroup: "New group",
  name: "Name",
  nameHint: "Such as Family, or Doctors. Those in it do not see it.",
  make: "Make group",

  about: (n: number, uses: number) =>
    `${plural(n, "Nobody is in this group", "One person is in this group", (many) => `${many} people are in this group`)}, ${plural(uses, "and it is not used yet.", "and it is used once.", (many) => `and it is used ${many} times.`)}`,
  people: "Who is in it",
  nobody: "Add somebody by their address. They need no account yet: what they get waits for them.",
  someoneAt: (host: string) => said`Somebody at ${host}`,
  doubtful: "Nobody can prove this here at present, so they would not be let in.",
  remove: "Remove",
  address: "Email address",
  add: "Add to group",
  usesTitle: "What it is used for",
  look: "Look at it",
  rename: "Rename",
  save: "Save name",
  delete: "Delete this group",
  deleteHint: "End what it is used for first: then it can be deleted.",

  notices: {
    added: "They are in the group now.",
    already: "They were in the group already.",
    removed: "They are not in the group any more, and what they had by it has ended.",
    renamed: "The new name is saved.",
    deleted: "The group is deleted.",
    pending: "It is being recorded.",
  },
  errors: {
    notAnAddress: "Enter an email address, such as name@example.com.",
    notAName: (most: number) => `Enter a name of at most ${most} characters.`,
    full: (most: number) => `A group can have ${most} people at most. Make another one for the rest.`,
    inUse: "This group is still used. End that first.",
    tooMany: "You have as many groups as you can have. Delete one first.",
  },
};
