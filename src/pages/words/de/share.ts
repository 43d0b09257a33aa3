import type { Words } from "../en.ts";
import { plural } from "../number.ts";
import { said } from "../said.ts";

export const share: Words["share"] = {
  title: (thing) => said`${thing} teilen`,
  titleOfMany: (n) => plural(n, "", "Eine Sache teilen", (many) => `${many} Sachen teilen`),
  titleOfChange: (whom) => `Was ${whom} darf`,

  several: { title: "Mehrere auf einmal teilen", which: "Welche davon?" },
  kinds: "Mit wem",
  with: { person: "Eine Person", group: "Eine Gruppe", app: "Eine App", everybody: "Alle" },
  address: "E-Mail-Adresse der Person",
  addressHint: "Ein Konto ist noch nicht nötig: Wir schreiben ihr, und was Sie teilen, wartet.",
  group: "Welche Gruppe",
  members: (n) => plural(n, "Niemand ist darin", "Eine Person", (many) => `${many} Personen`),
  noGroups: "Sie haben noch keine Gruppen. Eine Gruppe ist eine Liste von Personen, mit denen Sie öfter teilen.",
  makeGroup: "Eine Gruppe anlegen",
  app: "Welche App",
  noApps: "Hier stehen Apps, sobald sie verbunden sind oder jemand über sie hereinkommt.",
  appHint:
    "Alle, die sie nutzen, kommen herein, wer sie auch sind. Die App zeigt ein Geheimnis, das sonst niemand hat.",
  everybodyLead: "Wer auch immer kommt, wird hereingelassen, auch wen niemand kennt. Sie können es jederzeit beenden.",

  acts: "Was darf man damit tun?",
  everyAct: "Alles, auch was später hinzukommt",
  wholeThing: "Damit lässt sich nur eines tun: alles.",

  until: "Bis wann?",
  untilHint: "Der letzte Tag. Leer heißt: bis Sie es beenden.",
  asksFirst: "Mich vorher fragen",
  asksFirstHint: "Niemand kommt sofort herein; Sie erfahren, wer fragt, und entscheiden.",
  more: "Mehr",
  about: "Was teilen Sie?",
  aboutThis: "Nur dies",
  aboutThese: "Nur diese",
  aboutKind: (kind) => said`Alles von der Art ${kind}, jetzt und später`,
  aboutEverything: "Alles, jetzt und später",
  agreementTitle: "Etwas, dem man zustimmen muss",
  agreementTitleHint: "Ein Name dafür, etwa „Hausregeln“. Leer heißt: nichts.",
  agreementText: "Wortlaut",

  go: "Weiter",
  back: "Abbrechen",

  errors: {
    address: "Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.",
    act: "Wählen Sie mindestens eines.",
    until: "Geben Sie einen Tag ein, der noch kommt.",
    agreementTitle: "Geben Sie ihm einen Namen in einer Zeile, höchstens 200 Zeichen lang.",
    agreementText: "Schreiben Sie, wem man zustimmt.",
  },

  review: {
    title: "Das teilen Sie",
    titleOfChange: "So wäre es",
    share: "Teilen",
    save: "Speichern",
    edit: "Etwas ändern",
    letter: (address) =>
      said`Wir schreiben an ${address}. Was Sie teilen, wartet, bis sich jemand mit dieser Adresse anmeldet.`,
    noLetter: (address) =>
      said`Was Sie teilen, wartet, bis sich jemand mit ${address} anmeldet. Von hier kann kein Brief gehen; sagen Sie es selbst.`,
    newcomers: (n) =>
      plural(n, "", "Damit kommt eine Person mehr herein.", (many) => `Damit kommen ${many} Personen mehr herein.`),
    newcomersAtLeast: (n) =>
      plural(
        n,
        "",
        "Damit kommt mindestens eine Person mehr herein.",
        (many) => `Damit kommen mindestens ${many} Personen mehr herein.`,
      ),
    gainers: (n) =>
      plural(
        n,
        "",
        "Eine Person, die schon darf, darf damit mehr.",
        (many) => `${many} Personen, die schon dürfen, dürfen damit mehr.`,
      ),
    losers: (n) => plural(n, "", "Eine Person darf damit weniger.", (many) => `${many} Personen dürfen damit weniger.`),
    unchanged: (n) =>
      plural(n, "", "Für eine Person ändert sich nichts.", (many) => `Für ${many} Personen ändert sich nichts.`),
    crowd: {
      newcomers: "Damit kommen Menschen herein, die niemand zählen kann.",
      gainers: "Wer schon darf, darf damit mehr. Zählen kann das niemand.",
      losers: "Wer schon darf, darf damit weniger. Zählen kann das niemand.",
    },
    nothing: "Das ändert nichts. Es ist schon erlaubt:",
    nothingAtAll: "Das ändert nichts.",
    keptOut: (n) =>
      plural(
        n,
        "",
        "Eine Person bleibt trotzdem draußen, und zwar deshalb:",
        (many) => `${many} Personen bleiben trotzdem draußen, und zwar deshalb:`,
      ),
    crowdKeptOut: "Sie bleiben trotzdem draußen, und zwar deshalb:",
    obstacles: {
      over: "Niemand kommt herein, weil diese Zeit vorbei ist.",
      empty_group: "Noch kommt niemand herein, weil niemand in der Gruppe ist. Wen Sie aufnehmen, der kommt herein.",
      lost_group: "Niemand kommt herein, weil es die Gruppe nicht mehr gibt.",
      unprovable: "Niemand kommt herein, weil hier niemand bestätigen kann, wem das gehört.",
      no_things: "Von dieser Art ist noch nichts da. Was später kommt, ist geteilt.",
    },
    changed:
      "Während diese Seite offen war, hat sich etwas geändert. Deshalb ist noch nichts gespeichert. Sehen Sie es noch einmal an.",
    changedTo: "Inzwischen wurde es so geändert:",
  },

  notices: {
    shared: "Geteilt.",
    changed: "Gespeichert.",
    sent: (address) =>
      said`Wir haben an ${address} geschrieben. Was Sie teilen, wartet, bis sich jemand mit dieser Adresse anmeldet.`,
    notSent: (address) =>
      said`Was Sie teilen, wartet, bis sich jemand mit ${address} anmeldet. Es ging kein Brief hinaus; sagen Sie es selbst. Zu finden ist es hier:`,
    undo: "Rückgängig machen",
    undone: "Rückgängig gemacht. Es ist wieder wie vorher.",
    notUndone:
      "Es wurde inzwischen noch einmal geändert und deshalb nicht rückgängig gemacht. Hier steht, was jetzt gilt.",
  },

  letter: ({ link, stop, name, address, ownerName }, host) => ({
    subject: said`${ownerName ?? address ?? "Jemand"} teilt etwas mit Ihnen`,
    paragraphs: [
      `${sharer(name, address)} teilt ${whose(ownerName, host)}. Melden Sie sich mit der Adresse an, an die dieser Brief ging, oder legen Sie damit ein Konto an; dann finden Sie es hier:`,
      link,
      "Es wartet auf Sie, bis es beendet wird.",
      "Wenn Sie niemanden kennen, der das sein kann, müssen Sie nichts tun. Niemand erfährt, ob Sie ein Konto haben. Keine solchen Briefe mehr bekommen Sie so:",
      stop,
    ],
  }),
};

function sharer(name: string | null, address: string | null): string {
  if (name === null) return said`${address ?? "Jemand"}`;
  return address === null ? said`Jemand mit dem eigenen Namen ${name}` : said`${address} (nennt sich ${name})`;
}

function whose(ownerName: string | null, host: string): string {
  return ownerName === null ? said`bei ${host} etwas mit Ihnen` : said`bei ${host} etwas von ${ownerName} mit Ihnen`;
}
