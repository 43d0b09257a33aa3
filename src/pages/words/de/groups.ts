import type { Words } from "../en.ts";
import { plural } from "../number.ts";
import { said } from "../said.ts";

export const groups: Words["groups"] = {
  title: (n) =>
    plural(n, "Sie haben noch keine Gruppen.", "Sie haben eine Gruppe.", (many) => `Sie haben ${many} Gruppen.`),
  titleOfMany: "Ihre Gruppen",
  empty: "Eine Gruppe ist eine Liste von Menschen. Was Sie mit ihr teilen, haben alle darin, jetzt und später.",
  members: (n) => plural(n, "Niemand ist darin", "Eine Person", (many) => `${many} Personen`),
  uses: (n) => plural(n, "noch nicht verwendet", "einmal verwendet", (many) => `${many}-mal verwendet`),
  newGroup: "Neue Gruppe",
  name: "Name",
  nameHint: "Etwa Familie, oder Ärztinnen. Wer darin ist, sieht ihn nicht.",
  make: "Gruppe anlegen",

  about: (n, uses) =>
    `${plural(n, "Niemand ist in dieser Gruppe", "Eine Person ist in dieser Gruppe", (many) => `${many} Personen sind in dieser Gruppe`)}, ${plural(uses, "und sie wird noch nicht verwendet.", "und sie wird einmal verwendet.", (many) => `und sie wird ${many}-mal verwendet.`)}`,
  people: "Wer darin ist",
  nobody: "Fügen Sie jemanden mit der E-Mail-Adresse hinzu. Ein Konto braucht es noch nicht: Was Sie teilen, wartet.",
  someoneAt: (host) => said`Jemand bei ${host}`,
  doubtful: "Das kann hier im Moment niemand belegen, also käme niemand damit hinein.",
  remove: "Entfernen",
  address: "E-Mail-Adresse",
  add: "Zur Gruppe hinzufügen",
  usesTitle: "Wofür sie verwendet wird",
  look: "Ansehen",
  rename: "Umbenennen",
  save: "Namen speichern",
  delete: "Diese Gruppe löschen",
  deleteHint: "Beenden Sie zuerst, wofür sie verwendet wird: Dann lässt sie sich löschen.",

  notices: {
    added: "Die Person ist jetzt in der Gruppe.",
    already: "Die Person war schon in der Gruppe.",
    removed: "Die Person ist nicht mehr in der Gruppe, und was sie dadurch hatte, ist beendet.",
    renamed: "Der neue Name ist gespeichert.",
    deleted: "Die Gruppe ist gelöscht.",
    pending: "Das wird gerade festgehalten.",
  },
  errors: {
    notAnAddress: "Geben Sie eine E-Mail-Adresse ein, etwa name@example.com.",
    notAName: (most) => `Geben Sie einen Namen mit höchstens ${most} Zeichen ein.`,
    full: (most) => `Eine Gruppe kann höchstens ${most} Personen haben. Legen Sie für die übrigen eine weitere an.`,
    inUse: "Diese Gruppe wird noch verwendet. Beenden Sie das zuerst.",
    tooMany: "Mehr Gruppen können Sie nicht haben. Löschen Sie zuerst eine.",
  },
};
