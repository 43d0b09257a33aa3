import { activity } from "./de/activity.ts";
import { connectedApps } from "./de/connected-apps.ts";
import { console } from "./de/console.ts";
import { data } from "./de/data.ts";
import { groups } from "./de/groups.ts";
import { home } from "./de/home.ts";
import { notices } from "./de/notices.ts";
import { requests } from "./de/requests.ts";
import { share } from "./de/share.ts";
import { sharedWithMe } from "./de/shared-with-me.ts";
import { shares } from "./de/shares.ts";
import { thing } from "./de/thing.ts";
import { things } from "./de/things.ts";
import type { Words } from "./en.ts";
import { listOf, plural } from "./number.ts";
import { said } from "./said.ts";

const LOCALE = "de-DE";
const list = listOf(LOCALE);

export const de: Words = {
  language: { tag: "de", name: "Deutsch", direction: "ltr", locale: LOCALE },

  layout: {
    skip: "Zum Inhalt springen",
    titleOf: (page) => `${page.replace(/[.?!]$/, "")} – Usher`,
    account: "Ihr Konto",
    signedInAs: (name) => said`Angemeldet als ${name}`,
    someone: "Sie",
    stranger: "Jemand ohne Namen",
    signOut: "Abmelden",
    chooseLanguage: "Sprache",
    backTo: (app) => said`Zurück zu ${app}`,
    reference: (id) => said`Wenn Sie um Hilfe bitten, nennen Sie diese Nummer: ${id}`,
    dayAndHour: (day, hour) => `${day} um ${hour} Uhr`,
    lastUsed: "zuletzt benutzt:",
    neverUsed: "noch nicht benutzt",
    more: "Mehr zeigen",
    live: { changed: "Gerade hat sich etwas geändert.", show: "Zeigen" },
  },

  activity,
  connectedApps,
  console,
  data,
  groups,
  home,
  share,
  requests,
  shares,
  sharedWithMe,
  thing,
  things,
  notices,

  errors: {
    summary: "Bitte sehen Sie hier noch einmal nach",
    field: "Fehler:",
  },

  problems: {
    notFound: {
      title: "Hier ist nichts.",
      next: "Prüfen Sie die Adresse, oder gehen Sie zurück zu der Seite, von der Sie kommen.",
    },
    badRequest: {
      title: "So lässt sich diese Seite nicht öffnen.",
      next: "Gehen Sie zurück zu der App, aus der Sie kommen, und beginnen Sie dort von vorn. Es wurde nichts geändert.",
    },
    formOutOfDate: {
      title: "Diese Seite war zu lange offen.",
      next: "Öffnen Sie sie noch einmal, und wiederholen Sie den letzten Schritt. Es wurde nichts geändert.",
    },
    tooMany: {
      title: "Das wurde zu oft versucht.",
      next: "Warten Sie ein paar Minuten, und versuchen Sie es noch einmal. Niemand ist ausgesperrt.",
    },
    failed: {
      title: "Bei uns ist etwas schiefgegangen.",
      next: "Versuchen Sie es noch einmal. Wenn es so bleibt, sagen Sie es denen, die diesen Dienst betreiben.",
    },
    unavailable: {
      title: "Dieser Dienst ist gerade nicht erreichbar.",
      next: "Warten Sie einen Moment, und versuchen Sie es noch einmal. Es ist nichts verloren.",
    },
    linkExpired: {
      title: "Dieser Link ist abgelaufen.",
      next: "Gehen Sie zurück zu der App, aus der Sie kommen, und beginnen Sie dort von vorn.",
    },
    linkUsed: {
      title: "Dieser Link wurde schon benutzt.",
      next: "Gehen Sie zurück zu der App, aus der Sie kommen. Wenn sie Sie nicht einlässt, beginnen Sie dort von vorn.",
    },
    linkUnknown: {
      title: "Dieser Link führt nirgendwohin.",
      next: "Gehen Sie zurück zu der App, aus der Sie kommen, und beginnen Sie dort von vorn.",
    },
    otherBrowser: {
      title: "Das wurde in einem anderen Browser begonnen.",
      next: "Machen Sie in dem Browser weiter, in dem Sie begonnen haben, oder beginnen Sie in der App von vorn.",
    },
    appUnknown: {
      title: "Wir kennen die App nicht, die Sie hierher geschickt hat.",
      next: "Sie hat nichts erfahren, und Sie werden nicht zurückgeschickt. Sagen Sie denen, die die App machen, dass sie hier nicht angemeldet ist.",
    },
    addressUnknown: {
      title: "Die App, die Sie hierher geschickt hat, nennt eine Adresse, die sie nicht angemeldet hat.",
      next: "Sie hat nichts erfahren, und wir schicken Sie zu keiner solchen Adresse. Sagen Sie es denen, die die App machen.",
    },
    invitationGone: {
      title: "Diese Einladung ist nicht mehr offen.",
      next: "Sie wurde angenommen, beendet oder ist abgelaufen. Bitten Sie um eine neue.",
    },
    invitationClosed: {
      title: "In diesem Browser ist keine Einladung offen.",
      next: "Öffnen Sie den Link der Einladung noch einmal.",
    },
    notAdministrator: {
      title: "Wer für diese Organisation handelt, wählen andere.",
      next: "Fragen Sie jemanden, der andere einladen darf. Es wurde nichts geändert.",
    },
    noRoom: {
      title: "Im Moment ist kein Platz für Sie.",
      next: "Zu viele Personen handeln für diese Organisation, oder Sie handeln für zu viele. Sobald jemand aufgehört hat, gilt der Link wieder.",
    },
    passkeyRefused: {
      title: "Dieser Passkey funktioniert hier nicht.",
      next: "Versuchen Sie es mit einem anderen, oder wählen Sie einen anderen Weg.",
    },
    passkeyLate: {
      title: "Das hat zu lange gedauert.",
      next: "Versuchen Sie es noch einmal.",
    },
    passkeyCopied: {
      title: "Vielleicht hat jemand diesen Passkey kopiert.",
      next: "Er meldet Sie deshalb nicht mehr an. Melden Sie sich anders an, und entfernen Sie ihn.",
    },
    nameTooLong: {
      title: "Dieser Name ist zu lang.",
      next: "Nehmen Sie einen kürzeren Namen.",
    },
    notYours: {
      title: "Sie handeln nicht für diese Organisation.",
      next: "Vielleicht ist Ihre Zeit abgelaufen. Bitten Sie jemanden, der für sie handelt, Sie neu einzuladen.",
    },
  },

  apps: {
    unverified: "Von uns nicht geprüft",
    onDevice: "Eine App auf Ihrem Gerät",
    namelessOnDevice: "App auf Ihrem Gerät",
  },

  places: {
    device: (browser, system) => said`${browser} auf ${system}`,
    unknownDevice: "Ein Browser",
  },

  signIn: {
    title: "Anmelden",
    titleFor: (app) => said`Melden Sie sich an, um zu ${app} weiterzugehen`,
    lead: "Sie brauchen hier kein Passwort.",
    leadFor: (app) =>
      said`${app} hat Sie hierher geschickt, um zu erfahren, wer Sie sind. Danach kommen Sie dorthin zurück.`,
    titleAgain: "Bitte zeigen Sie noch einmal, dass Sie es sind",
    leadAgain: "Was Sie vorhaben, ist wichtig. Darum gehen wir sicher, dass es niemand anders tut.",
    passkey: "Mit einem Passkey anmelden",
    passkeyHint: "Ihr Fingerabdruck, Gesicht, die Bildschirmsperre oder ein Sicherheitsschlüssel",
    noScript: "Passkeys brauchen JavaScript, und das ist in diesem Browser aus. Die anderen Wege gehen auch ohne.",
    others: "Andere Wege",
    provider: (name) => said`Weiter mit ${name}`,
    email: "Code per E-Mail schicken",
    recovery: "Einen Notfallcode benutzen",
    signUpQuestion: "Neu hier?",
    signUp: "Konto anlegen",
    cancel: (app) => said`Abbrechen und zurück zu ${app}`,
    help: "Nichts davon geht?",
    helpText: [
      "Passkey verloren: Benutzen Sie einen Notfallcode, oder lassen Sie sich einen Code an eine E-Mail-Adresse Ihres Kontos schicken. Legen Sie danach einen neuen Passkey an.",
      "Alles verloren: Niemand kann Ihr Konto für Sie öffnen, auch wir nicht. Legen Sie ein neues an, und bitten Sie die anderen, mit diesem zu teilen.",
    ],
    problems: {
      signedOut: "Sie sind abgemeldet.",
      signedOutEverywhere: "Sie sind überall abgemeldet.",
    },
  },

  signInEmail: {
    title: "Wohin sollen wir einen Code schicken?",
    lead: "Wir schicken acht Ziffern, die Sie auf der nächsten Seite eingeben.",
    address: "E-Mail-Adresse",
    send: "Code schicken",
    otherWay: "Anders anmelden",
    wait: (minutes) =>
      plural(
        minutes,
        "",
        "Es wurden zu viele Codes verschickt. Warten Sie eine Minute, oder melden Sie sich anders an.",
        (n) => `Es wurden zu viele Codes verschickt. Warten Sie ${n} Minuten, oder melden Sie sich anders an.`,
      ),
    errors: {
      notAnAddress: "Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.",
      tooMany: "Es wurden zu viele Codes verschickt. Warten Sie ein paar Minuten, und versuchen Sie es noch einmal.",
      notSent: "An diese Adresse ließ sich nichts schicken. Prüfen Sie sie, oder wählen Sie einen anderen Weg.",
      taken:
        "Diese Adresse lässt sich nicht hinzufügen. Wenn es Ihre ist, entfernen Sie sie erst aus Ihrem anderen Konto.",
    },
  },

  signInCode: {
    title: "Geben Sie den Code aus der E-Mail ein",
    lead: (address) =>
      said`Wenn ${address} Post empfängt, ist ein Code unterwegs. Das kann eine Minute dauern, und er gilt zehn.`,
    code: "Code",
    codeHint: "Acht Ziffern",
    go: "Weiter",
    again: "Noch einen Code schicken",
    otherAddress: "Eine andere Adresse",
    spam: "Nichts angekommen? Sehen Sie im Spam nach, und prüfen Sie, ob die Adresse stimmt.",
    errors: {
      missing: "Geben Sie den Code aus der E-Mail ein.",
      wrong:
        "Das ist nicht der Code, den wir geschickt haben. Prüfen Sie ihn, oder lassen Sie sich einen neuen schicken.",
      expired: "Dieser Code ist abgelaufen. Lassen Sie sich einen neuen schicken.",
      tooMany: "Das wurde zu oft versucht. Lassen Sie sich einen neuen Code schicken.",
    },
    wait: (minutes) =>
      plural(
        minutes,
        "",
        "Ein Code ist schon unterwegs. In einer Minute können Sie sich noch einen schicken lassen.",
        (n) => `Ein Code ist schon unterwegs. In ${n} Minuten können Sie sich noch einen schicken lassen.`,
      ),
  },

  signInRecovery: {
    title: "Geben Sie einen Notfallcode ein",
    lead: "Sie haben zehn davon aufgehoben, als Sie Ihr Konto anlegten. Jeder gilt einmal.",
    code: "Notfallcode",
    codeHint: "Zum Beispiel BCDF-GHJK-LMNP-QRST-VWXZ; kleine Buchstaben und Leerzeichen stören nicht",
    go: "Anmelden",
    otherWay: "Anders anmelden",
    errors: {
      missing: "Geben Sie einen Ihrer Notfallcodes ein.",
      wrong: "Dieser Code gilt nicht. Vielleicht wurde er schon benutzt oder durch neuere ersetzt.",
      tooMany: "Das wurde zu oft versucht. Warten Sie ein paar Minuten, und versuchen Sie es noch einmal.",
    },
  },

  signUp: {
    title: "Konto anlegen",
    titleFor: (app) => said`Legen Sie ein Konto an, um zu ${app} weiterzugehen`,
    lead: "Sie brauchen kein Passwort: Ihr Gerät bewahrt einen Passkey für Sie auf, den niemand erraten oder per Mail stehlen kann.",
    leadProven:
      "Mit einem Konto entscheiden Sie, wer sehen darf, was Ihre Apps für Sie aufbewahren, und zeigen den Apps anderer, wer Sie sind.",
    name: "Wie sollen andere Sie nennen?",
    nameHint:
      "Das sieht, wessen Dinge Sie nutzen, und wer mit Ihnen für eine Organisation handelt. Sie können es später ändern oder leer lassen.",
    verified: (address) => said`${address} gehört Ihnen, und meldet Sie von jetzt an an.`,
    passkey: "Passkey anlegen",
    withoutPasskey: "Ohne Passkey weiter",
    go: "Konto anlegen",
    passkeyOffer: "Auch damit entsteht das Konto, und beim nächsten Mal brauchen Sie nicht auf eine E-Mail zu warten.",
    noScript: "Passkeys brauchen JavaScript, und das ist in diesem Browser aus. Die anderen Wege gehen auch ohne.",
    noScriptAtAll:
      "Passkeys brauchen JavaScript, und das ist in diesem Browser aus. Schalten Sie es für diese Seite ein, um ein Konto anzulegen.",
    email: "Lieber ein Code per E-Mail",
    provider: (name) => said`Weiter mit ${name}`,
    others: "Anders beginnen",
    signInQuestion: "Schon einmal hier gewesen?",
    signIn: "Anmelden",
    errors: { nameTooLong: "Nehmen Sie einen kürzeren Namen." },
  },

  passkeyScript: {
    unsupported: "Dieser Browser kennt keine Passkeys. Wählen Sie einen anderen Weg.",
    cancelled: "Es wurde kein Passkey benutzt. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.",
    known: "Dieses Gerät hat schon einen Passkey für Ihr Konto.",
    failed: "Das hat nicht geklappt. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.",
    working: "Ihr Gerät fragt Sie jetzt …",
  },

  recoveryCodes: {
    title: "Heben Sie diese Notfallcodes auf",
    lead: "Wenn Sie Ihre Passkeys verlieren, meldet jeder davon Sie einmal an. Wir zeigen sie nur jetzt.",
    where: "Drucken Sie sie aus oder schreiben Sie sie ab, und legen Sie sie zu Ihren anderen wichtigen Papieren.",
    label: "Ihre Notfallcodes",
    copy: "Kopieren",
    copied: "Kopiert",
    print: "Drucken",
    go: "Ich habe sie aufgehoben",
  },

  account: {
    navigation: "Ihr Konto",
    home: "Start",
    things: "Dinge",
    thingsTitle: "Ihre Dinge",
    thingsLine: "Wer was sehen kann, und wer auf Sie wartet",
    shared: "Geteilt",
    sharedTitle: "Mit Ihnen geteilt",
    sharedLine: "Was andere Ihnen öffnen",
    apps: "Apps",
    security: "Anmelden",
    remembered: "Gemerktes",
    administrators: "Personen",
    notices: "E-Mails",
    data: "Ihre Daten",
    dataLine: "Alles mitnehmen, oder das Konto löschen",

    title: (apps) =>
      plural(apps, "Keine App handelt für Sie.", "Eine App handelt für Sie.", (n) => `${n} Apps handeln für Sie.`),
    nameless: "Sie haben noch nicht gesagt, wie andere Sie nennen sollen.",
    appsLine: "Was jede darf, und wie Sie es beenden",
    securityLine: (passkeys, addresses) =>
      `${plural(passkeys, "Kein Passkey", "Ein Passkey", (n) => `${n} Passkeys`)}, ${plural(addresses, "keine Adresse", "eine Adresse", (n) => `${n} Adressen`)}`,
    rememberedLine: (apps) =>
      plural(apps, "Welche Apps erfahren, wer Sie sind", "Für eine App", (n) => `Für ${n} Apps`),
    administratorsLine: (names) =>
      names.length === 0 ? "Sie handeln für sich selbst" : said`Sie handeln für sich selbst und für ${list(names)}`,
    oneWayIn: "Es führt nur ein Weg in Ihr Konto. Fügen Sie einen zweiten hinzu, damit Sie sich nicht aussperren.",
    addWayIn: "Weiteren Weg hinzufügen",
    fewCodes: (left) =>
      plural(
        left,
        "Sie haben keine Notfallcodes.",
        "Sie haben noch einen Notfallcode.",
        (n) => `Sie haben noch ${n} Notfallcodes.`,
      ),
    makeCodes: "Neue anlegen",
    rename: "Namen ändern",
    name: "Wie sollen andere Sie nennen?",
    nameHint:
      "Das sieht, wessen Dinge Sie nutzen, und wer mit Ihnen für eine Organisation handelt. Sie können es leer lassen.",
    save: "Speichern",
    saved: "Gespeichert.",
    errors: { nameTooLong: "Nehmen Sie einen kürzeren Namen." },
  },

  security: {
    title: (passkeys, addresses, providers) =>
      `Sie können sich mit ${list(
        [
          passkeys > 0 ? plural(passkeys, "", "einem Passkey", (n) => `${n} Passkeys`) : "",
          addresses > 0 ? plural(addresses, "", "einer E-Mail-Adresse", (n) => `${n} E-Mail-Adressen`) : "",
          providers > 0 ? plural(providers, "", "einem verbundenen Konto", (n) => `${n} verbundenen Konten`) : "",
        ].filter((part) => part !== ""),
      )} anmelden.`,
    lastWayIn:
      "Das ist der einzige Weg in Ihr Konto, darum lässt er sich nicht entfernen. Fügen Sie erst einen anderen hinzu.",
    remove: "Entfernen",
    rename: "Umbenennen",
    save: "Speichern",
    added: "Hinzugefügt:",

    passkeys: "Passkeys",
    passkeysEmpty:
      "Ein Passkey meldet Sie mit Fingerabdruck, Gesicht oder Bildschirmsperre an, und lässt sich nicht erraten oder per Mail stehlen.",
    addPasskey: "Passkey hinzufügen",
    passkeyName: "Wie heißt er?",
    passkeyNameHint: "Zum Beispiel „Telefon“ oder „Blauer Sicherheitsschlüssel“",
    noScript: "Einen Passkey hinzuzufügen braucht JavaScript, und das ist in diesem Browser aus.",

    addresses: "E-Mail-Adressen",
    addressesEmpty: "Mit einer Adresse können Sie sich per Code anmelden, und andere können mit Ihnen teilen.",
    verifiedOn: "Bestätigt:",
    addAddress: "Adresse hinzufügen",
    address: "E-Mail-Adresse",
    sendCode: "Code schicken",

    linked: "Verbundene Konten",
    linkedEmpty: "Wenn Sie hier ein Konto haben, kann auch dieses Sie anmelden.",
    unlink: "Trennen",
    link: (name) => said`${name} verbinden`,

    sessions: "Wo Sie angemeldet sind",
    thisOne: "Dieser Browser",
    lastSeen: "zuletzt gesehen:",
    end: "Abmelden",
    endAll: "Überall sonst abmelden",
    endEverywhere: "Überall abmelden",
    onlyHere: "Sie sind sonst nirgends angemeldet.",

    recovery: "Notfallcodes",
    recoveryLeft: (left) => plural(left, "Sie haben keine.", "Einer ist übrig.", (n) => `${n} sind übrig.`),
    recoveryLead: "Für den Tag, an dem Sie alles andere verlieren. Jeder gilt einmal.",
    newCodes: "Neue Notfallcodes anlegen",

    notices: {
      recovered:
        "Sie sind angemeldet, und dieser Code ist verbraucht. Fügen Sie jetzt einen Passkey hinzu, damit Sie keinen weiteren brauchen.",
      passkeyAdded: "Der Passkey ist hinzugefügt.",
      passkeyRemoved: "Der Passkey ist entfernt. Er meldet Sie nicht mehr an.",
      renamed: "Gespeichert.",
      addressAdded: "Die Adresse gehört Ihnen, und meldet Sie von jetzt an an.",
      addressRemoved: "Die Adresse ist entfernt. Sie meldet Sie nicht mehr an.",
      linked: "Das Konto ist verbunden, und meldet Sie von jetzt an an.",
      unlinked: "Das Konto ist nicht mehr verbunden.",
      sessionEnded: "Jener Browser ist abgemeldet.",
      allEnded: "Sie sind überall sonst abgemeldet.",
    },
    errors: {
      lastWayIn: "Das ist der einzige Weg in Ihr Konto. Fügen Sie erst einen anderen hinzu.",
      tooMany: "Mehr davon kann ein Konto nicht haben. Entfernen Sie erst etwas.",
      nameMissing: "Geben Sie ihm einen Namen.",
      nameTooLong: "Nehmen Sie einen kürzeren Namen.",
    },
  },

  remembered: {
    title: (apps) =>
      plural(
        apps,
        "Über Sie ist nichts gemerkt.",
        "Für eine App ist etwas über Sie gemerkt.",
        (n) => `Für ${n} Apps ist etwas über Sie gemerkt.`,
      ),
    lead: "Damit eine App nicht jedes Mal fragen muss, wer Sie sind. Niemand sonst benutzt es, und es liegt versiegelt.",
    empty:
      "Wenn eine App fragt, wer Sie sind, können Sie uns merken lassen, was Sie gezeigt haben. Dann steht es hier.",
    since: "Seit:",
    until: "bis",
    forget: "Vergessen",
    signIns: "Apps, die erfahren, wer Sie sind, wenn Sie sich dort anmelden",
    titleSignIns: (apps) =>
      plural(
        apps,
        "",
        "Eine App erfährt, wer Sie sind, wenn Sie sich dort anmelden.",
        (n) => `${n} Apps erfahren, wer Sie sind, wenn Sie sich dort anmelden.`,
      ),
    takeBack: "Zurücknehmen",
    takenBack: (app) => said`Zurückgenommen. ${app} erfährt hier nichts mehr über Sie.`,
    forgotten: (app) => said`Vergessen. ${app} muss neu fragen, wer Sie sind.`,
  },

  administrators: {
    titleOwn: (others) =>
      plural(
        others,
        "Niemand außer Ihnen handelt für Sie.",
        "Außer Ihnen handelt eine Person für Sie.",
        (n) => `Außer Ihnen handeln ${n} Personen für Sie.`,
      ),
    title: (people, owner) =>
      people === 1 ? said`Eine Person handelt für ${owner}.` : said`${people} Personen handeln für ${owner}.`,
    whose: "Für wen",
    yourself: "Sie selbst",
    roles: {
      administrator: "Darf alles, und andere einladen",
      assistant: "Darf alles, außer andere einzuladen",
    },
    you: "Sie",
    since: "Seit:",
    from: "Ab:",
    until: "bis",
    end: "Beenden",
    leave: "Aufhören",
    invited: "Eingeladen",
    openUntil: "Kann angenommen werden bis:",
    withdraw: "Zurückziehen",
    byLink: "Mit einem Link von denen, die diesen Dienst betreiben",
    invite: "Jemanden einladen",
    inviteLead: "Wir schicken einen Link an diese Adresse. Es ändert sich nichts, bis er angenommen ist.",
    address: "E-Mail-Adresse",
    role: "Was darf diese Person?",
    endsOn: "Bis wann?",
    endsOnHint: "Lassen Sie es leer, wenn es dauern soll, bis jemand es beendet.",
    send: "Einladung schicken",
    link: "Die Einladung ist fertig. Schicken Sie diesen Link an die Person; er gilt einmal:",
    notices: {
      accepted: "Sie haben die Einladung angenommen. Ab jetzt handeln Sie für diese Organisation.",
      invited: "Die Einladung ist unterwegs.",
      ended: "Das ist beendet. Es gilt ab sofort.",
      withdrawn: "Die Einladung ist zurückgezogen. Ihr Link gilt nicht mehr.",
    },
    errors: {
      notAnAddress: "Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.",
      badDate: "Geben Sie einen Tag ein, der noch kommt.",
      lastAdministrator: "Jemand muss übrig bleiben, der andere einladen darf. Laden Sie erst eine andere Person ein.",
      tooMany: "Zu viele Einladungen sind offen. Ziehen Sie erst eine zurück.",
    },
  },

  invitation: {
    title: (owner) => said`Sie sind eingeladen, für ${owner} zu handeln.`,
    lead: (owner) =>
      said`Sie könnten dann für ${owner} Apps verbinden und entscheiden, wer sehen darf, was diese aufbewahren. Es würde nicht Ihres, und ${owner} sähe nicht, was Ihres ist.`,
    by: (name) => said`${name} hat Sie eingeladen.`,
    bySomebody: "Jemand, der dafür handelt, hat Sie eingeladen.",
    byOperator: "Die diesen Dienst betreiben, haben Sie eingeladen.",
    role: {
      administrator: "Sie könnten auch andere einladen.",
      assistant: "Andere einzuladen bleibt anderen überlassen.",
    },
    until: "Es würde enden:",
    open: "Es würde dauern, bis Sie oder jemand anders es beenden.",
    signInFirst:
      "Zum Annehmen brauchen Sie hier ein Konto. Auf der nächsten Seite melden Sie sich an oder legen eines an.",
    as: "Sie nehmen an als",
    accept: "Annehmen",
    decline: "Ablehnen",
    switch: "Anderes Konto verwenden",
    already: "Sie handeln schon für sie. Was Sie jetzt dürfen, dürfen Sie auch dann, und ebenso lange.",
    declined: "Sie haben die Einladung abgelehnt.",
    declinedNext: "Ihr Link gilt nicht mehr, und es hat sich nichts geändert.",
    letter: ({ link, ownerName, inviterName }, host) => ({
      subject: said`Sie sind eingeladen, für ${ownerName} zu handeln`,
      paragraphs: [
        said`${inviterName === "" ? "Jemand" : inviterName} lädt Sie ein, bei ${host} für ${ownerName} zu handeln. Öffnen Sie diesen Link, um zu lesen, was das heißt, und um anzunehmen oder abzulehnen:`,
        link,
        "Der Link gilt einmal, sieben Tage lang, für alle, die ihn haben: Geben Sie ihn nicht weiter.",
        "Wenn Sie nicht wissen, worum es geht, müssen Sie nichts tun.",
      ],
    }),
  },

  consent: {
    title: (app) => said`${app} möchte mit Ihnen verbunden werden.`,
    titleBoth: (app) => said`${app} möchte mit Ihnen verbunden werden und wissen, wer Sie sind.`,
    titleIdentity: (app) => said`${app} fragt, wer Sie sind.`,
    lead: {
      identity: "Dann würden Sie sich dort mit Ihrem Konto hier anmelden.",
      protect: "Dann würden Sie hier entscheiden, wer sehen darf, was sie für Sie aufbewahrt.",
      share: "Dann könnte sie für Sie ändern, mit wem Ihre Dinge geteilt sind.",
      both: "Dann würden Sie hier entscheiden, wer sehen darf, was sie für Sie aufbewahrt, und sie könnte für Sie teilen.",
    },
    appPolicy: "Was sie mit dem tut, was sie bekommt, in ihren eigenen Worten",
    appTerms: "Ihre Nutzungsbedingungen",
    whom: "Für wen?",
    yourself: (name) => said`Für Sie selbst, ${name}`,
    you: "Für Sie selbst",
    organisation: (name) => said`Für ${name}`,
    can: (app) => said`Was ${app} tun könnte`,
    cannot: "Was sie nicht tun könnte",
    learns: (app) => said`Was ${app} über Sie erfährt`,
    facts: {
      sameness: "Dass Sie jedes Mal dieselbe Person sind, unter einem Namen, den keine andere App für Sie hat",
      address: "Eine E-Mail-Adresse von Ihnen, die Sie hier bestätigt haben, falls es eine gibt",
      name: "Wie Sie hier heißen und welche Sprache Sie lesen",
    },
    abilities: {
      protect: [
        "Uns mit Namen sagen, was sie von Ihnen aufbewahrt, damit Sie es von hier aus teilen können",
        "Uns jedes Mal fragen, wenn jemand hineinmöchte, ob Sie das erlauben",
      ],
      share: [
        "Die Namen Ihrer Dinge in allen verbundenen Apps sehen, und mit wem Sie sie teilen",
        "Ihre Dinge mit anderen teilen und das Teilen beenden",
      ],
    },
    limits: {
      identity: ["Etwas von Ihren Dingen sehen oder teilen"],
      protect: ["Etwas für Sie teilen", "Sehen, was Sie in anderen Apps aufbewahren"],
      share: ["Die Dinge selbst öffnen", "Andere Apps verbinden oder beenden"],
      both: ["Öffnen, was Sie in anderen Apps aufbewahren", "Andere Apps verbinden oder beenden"],
      always: "Sich als Sie anmelden oder ändern, wie Sie sich anmelden",
    },
    away: "Sie kann das auch tun, während Sie nicht da sind. Sie beenden es unter „Apps“, und dann hört es sofort auf.",
    tellsOwners:
      "Wo sie in Ihrem Namen nach Dingen anderer fragt, erfahren diese, wer Sie sind: Ihren Namen und Ihre bestätigten Adressen.",
    untilTakenBack: "Das erfährt sie bei jeder Anmeldung dort, bis Sie es unter „Gemerktes“ zurücknehmen.",
    afterwards: (host) => said`Was Sie auch wählen, Sie kommen zurück zu ${host}.`,
    afterwardsApp: "Was Sie auch wählen, Sie kommen zurück zur App.",
    allow: "Erlauben",
    refuse: "Ablehnen",
    signedInAs: "Sie sind angemeldet als",
    switch: "Ein anderes Konto benutzen",
  },

  claims: {
    title: (app) => said`${app} muss wissen, wer Sie sind.`,
    lead: (app) => said`${app} bittet für Sie um Zugang. Was Sie hier zeigen, entscheidet, ob sie ihn bekommt.`,
    titleByName: (app) => said`${app} bittet für Sie um Zugang.`,
    leadByName: (app) => said`${app} bekommt davon nur, was Sie selbst haben dürfen.`,
    asks: (app) => said`Worum ${app} bittet`,
    actions: (actions) => list(actions),
    something: "etwas, dessen Art sie nicht nennt",
    you: "Sie sind angemeldet als",
    switch: "Ein anderes Konto benutzen",

    needs: "Was noch fehlt",
    needAddress: "Eine bestätigte E-Mail-Adresse",
    verifyAddress: "Adresse bestätigen",
    needFrom: (fact, providers) =>
      fact + said`, in den Worten von ${new Intl.ListFormat(LOCALE, { type: "disjunction" }).format(providers)}`,
    continueWith: (provider) => said`Weiter mit ${provider}`,
    needRecent: (minutes) =>
      plural(
        minutes,
        "",
        "Dass Sie sich in der letzten Minute angemeldet haben",
        (n) => `Dass Sie sich in den letzten ${n} Minuten angemeldet haben`,
      ),
    signInAgain: "Neu anmelden",
    unobtainable: (fact) =>
      `${fact}: Niemand, dem wir trauen, sagt das über Sie. Gehen Sie zurück, und fragen Sie die, die die App betreiben.`,

    agreements: "Was Ihre Zustimmung braucht",
    agree: (title) => said`Ich stimme „${title}“ zu`,

    refused:
      "Was von diesem Konto bekannt ist, reicht für den Zugang nicht. Wenn Sie ein anderes haben, nehmen Sie das; oder brechen Sie ab, und fragen Sie, wem diese Dinge gehören.",
    ownerDecides: "Wenn Sie weitergehen, wird die Person gefragt, der diese Dinge gehören. Das kann eine Weile dauern.",

    told: "Wer was erfährt",
    toldTo: {
      app: (name) => said`${name} erfährt`,
      owner: "Die Person, der diese Dinge gehören, erfährt",
      keeper: (name) => said`${name}, wo sie liegen, erfährt`,
    },
    onlyWhether: "nur, ob Sie Zugang haben",
    notTold: "Was niemand erfährt",
    notToldSentences: ["Was sonst in Ihrem Konto steht", "Wie Sie sich anmelden, und welche anderen Apps Sie benutzen"],

    remember: (app) => said`Für ${app} merken, damit sie nicht noch einmal fragen muss`,
    rememberHint: "Nur diese App kann es benutzen. Unter „Gemerktes“ können Sie es jederzeit vergessen lassen.",
    go: "Weiter",
    cancel: "Abbrechen",
    afterwards: (host) =>
      said`So oder so kommen Sie zurück zu ${host}. Wenn Sie abbrechen, erfährt es nur, dass Sie das getan haben.`,
    errors: { agree: (title) => said`Stimmen Sie „${title}“ zu, um weiterzugehen, oder brechen Sie ab.` },
  },

  facts: {
    known: {
      acr: "Wie sicher Sie angemeldet sind",
      auth_time: "Wann Sie sich zuletzt angemeldet haben",
      birthdate: "Ihr Geburtsdatum",
      email: "Ihre E-Mail-Adresse",
      family_name: "Ihr Nachname",
      given_name: "Ihr Vorname",
      groups: "Die Gruppen, zu denen Sie gehören",
      name: "Ihr Name",
      phone_number: "Ihre Telefonnummer",
      roles: "Ihre Rollen",
      sub: "Dass Sie es sind, und niemand anders",
    },
    other: (name) => said`Ihr „${name}“`,
    withValue: (fact, value) => fact + said`: ${value}`,
  },

  confirm: {
    cancel: "Abbrechen",
    afterwards: (host) => said`Wenn Sie abgemeldet sind, kommen Sie zurück zu ${host}.`,
    afterwardsApp: "Wenn Sie abgemeldet sind, kommen Sie zurück zur App.",
    questions: {
      signOut: {
        title: "Auch hier abmelden?",
        text: "Sie haben sich von einer App abgemeldet, bei der Sie mit Ihrem Konto hier angemeldet waren. Bis Sie sich auch hier abmelden, können Apps Sie wieder anmelden.",
        go: "Abmelden",
      },
      newRecoveryCodes: {
        title: "Neue Notfallcodes anlegen?",
        text: "Die, die Sie jetzt haben, gelten dann nicht mehr.",
        go: "Neue Codes anlegen",
      },
      endAllSessions: {
        title: "Überall sonst abmelden?",
        text: "Jeder andere Browser muss sich neu anmelden. Apps, die für Sie handeln, bleiben verbunden.",
        go: "Überall sonst abmelden",
      },
      endEverySession: {
        title: "Überall abmelden?",
        text: "Jeder Browser muss sich neu anmelden, dieser auch. Apps, die für Sie handeln, bleiben verbunden.",
        go: "Überall abmelden",
      },
    },
  },

  mail: {
    subjects: {
      sign_in: "Ihr Code zum Anmelden",
      add_address: "Ihr Code, um diese Adresse hinzuzufügen",
    },
    code: "Ihr Code:",
    enter: (host) =>
      said`Geben Sie ihn dort ein, wo Sie ihn angefordert haben: bei ${host}, im selben Browser. Er gilt zehn Minuten.`,
    app: (app) => said`${app} hat Sie dorthin geschickt.`,
    notAsked: {
      sign_in:
        "Sie haben keinen Code angefordert? Dann hat jemand Ihre Adresse eingegeben, vielleicht aus Versehen. Ohne den Code kommt niemand hinein, und Sie brauchen nichts zu tun. Geben Sie ihn niemandem, wer auch immer danach fragt.",
      add_address:
        "Sie haben keinen Code angefordert? Dann möchte jemand Ihre Adresse zu einem eigenen Konto hinzufügen, vielleicht aus Versehen. Ohne den Code geschieht nichts, und Sie brauchen nichts zu tun. Geben Sie ihn niemandem, wer auch immer danach fragt.",
    },
  },

  mailbox: {
    title: (messages) =>
      plural(
        messages,
        "Es wurde noch keine Mail verschickt.",
        "Eine Nachricht wäre verschickt worden.",
        (n) => `${n} Nachrichten wären verschickt worden.`,
      ),
    warning:
      "Dieser Server ist zum Entwickeln eingerichtet: Seine Mail geht nur hierher. Wer diese Seite erreicht, kann sie lesen und sich als jeder anmelden.",
    lead: "Die neueste steht oben.",
    empty: "Melden Sie sich per Code an, dann kommt er hier an.",
    to: "An",
  },

  front: {
    title: "Hier entscheiden Menschen, wer sehen darf, was sie in ihren Apps aufbewahren.",
    lead: "Sie entscheiden selbst, und Sie können es sich jederzeit anders überlegen.",
    signIn: "Anmelden",
    signUp: "Konto anlegen",
    account: "Zu Ihren Dingen",
    sentHere:
      "Wenn eine App Sie auf diese Seite geschickt hat, war das ihr Fehler: Gehen Sie zurück, und sagen Sie es denen, die sie betreiben.",
    builders: "Wenn Sie damit bauen",
    software: (version) =>
      said`Dies ist Usher ${version}, ein Autorisierungsserver für User-Managed Access 2.0. Sein Aussteller ist`,
    metadata: "Was er bietet, und wo (seine Metadaten)",
    keys: "Seine öffentlichen Schlüssel",
    schema: "Das JSON-Schema seiner Dokumente",
    documentation: "Die Dokumentation (auf Englisch), im Ordner des Quelltexts",
    documents: {
      tutorial: "vom Nichts zum Zugang, und zu seinem Ende",
      "resource-servers": "ein API, das aufbewahrt, was anderen gehört",
      clients: "eine App, die Zugang möchte",
      "owner-tools": "ein Werkzeug, mit dem Menschen teilen",
      operations: "diesen Server betreiben",
      api: "jeder Endpunkt und jede Antwort",
    },
  },

  upstream: {
    someProvider: "dem anderen Dienst",
    leaving: {
      title: (provider) => said`Weiter zu ${provider}`,
      lead: "Melden Sie sich dort an; danach kommen Sie hierher zurück.",
      go: (provider) => said`Zu ${provider}`,
    },
    newcomer: {
      title: "Sie haben hier noch kein Konto",
      lead: (provider) =>
        said`Sie haben sich mit ${provider} angemeldet, und damit ist hier nichts verbunden. Wenn Sie jetzt ein Konto anlegen, meldet ${provider} Sie künftig an.`,
      go: "Konto anlegen",
      other: "Sie haben hier schon ein Konto?",
      otherText: (provider) =>
        said`Melden Sie sich wie gewohnt an, und verbinden Sie ${provider} unter „Anmelden“. Wir raten nie, dass zwei Konten derselben Person gehören.`,
      otherWay: "Anders anmelden",
    },
    back: { sign_in: "Zurück zur Anmeldung", security: "Zu „Anmelden“" },
    problems: {
      notBegun: {
        title: () => "Diese Anmeldung lässt sich hier nicht abschließen",
        next: "Sie wurde in einem anderen Browser begonnen, hat zu lange gedauert oder ist schon abgeschlossen. Beginnen Sie von vorn.",
      },
      gone: {
        title: () => "So können Sie sich nicht mehr anmelden",
        next: "Wer diesen Dienst betreibt, bietet das nicht mehr an. Wählen Sie einen anderen Weg.",
      },
      unreachable: {
        title: (provider) => said`${provider} ist gerade nicht erreichbar`,
        next: "Warten Sie einen Moment, und versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.",
      },
      declined: {
        title: (provider) => said`Sie haben sich nicht mit ${provider} angemeldet`,
        next: "Es ist nichts geschehen. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.",
      },
      failed: {
        title: (provider) => said`Die Anmeldung mit ${provider} hat nicht geklappt`,
        next: "Das lag nicht an Ihnen. Wählen Sie einen anderen Weg, oder sagen Sie es denen, die diesen Dienst betreiben.",
      },
      tooOld: {
        title: (provider) => said`${provider} hat nicht noch einmal gefragt, wer Sie sind`,
        next: "Für diesen Schritt müssen Sie es noch einmal zeigen. Wählen Sie einen anderen Weg, etwa einen Passkey.",
      },
      tooLow: {
        title: (provider) => said`So, wie Sie sich mit ${provider} angemeldet haben, ist es hier nicht sicher genug`,
        next: "Versuchen Sie es noch einmal, und wählen Sie dort einen sichereren Weg, oder melden Sie sich anders an.",
      },
      notLinked: {
        title: (provider) => said`Ihr Konto hier ist nicht mit ${provider} verbunden`,
        next: "Sie sind schon angemeldet. Wenn Sie sich auch so anmelden wollen, verbinden Sie beides unter „Anmelden“.",
      },
      linkedElsewhere: {
        title: (provider) => said`Ihr Konto bei ${provider} ist hier mit einem anderen Konto verbunden`,
        next: "Es wurde nichts geändert. Melden Sie sich bei jenem Konto an, und trennen Sie es dort; dann können Sie es hier verbinden.",
      },
      tooMany: {
        title: () => "Für ein weiteres verbundenes Konto ist kein Platz",
        next: "Trennen Sie zuerst eines.",
      },
      someoneElse: {
        title: () => "Sie sind nicht mehr als dieselbe Person angemeldet",
        next: "Es wurde nichts verbunden. Melden Sie sich an, und beginnen Sie von vorn.",
      },
    },
  },
};
