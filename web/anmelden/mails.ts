/** Mails that let a person set a password. */

export const EINLADUNG_STUNDEN = 24
export const RUECKSETZEN_MINUTEN = 60

interface Empfaenger {
  vorname: string
  name: string
  betrieb: string
}

export function passwortMail({ vorname, name, betrieb }: Empfaenger, link: string): { betreff: string; inhalt: string } {
  return {
    betreff: 'Neues Passwort setzen',
    inhalt: `Guten Tag ${vorname} ${name},

für Ihren Zugang zum Vorgangsmanagement (${betrieb}) wurde ein neues Passwort angefordert. Hier setzen Sie es:

${link}

Der Link gilt ${RUECKSETZEN_MINUTEN} Minuten und nur einmal. Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ihr bisheriges Passwort gilt weiter.
`,
  }
}

export function einladungMail({ vorname, name, betrieb }: Empfaenger, link: string): { betreff: string; inhalt: string } {
  return {
    betreff: `Ihr Zugang zum Vorgangsmanagement (${betrieb})`,
    inhalt: `Guten Tag ${vorname} ${name},

für Sie wurde ein Zugang zum Vorgangsmanagement angelegt. Setzen Sie hier Ihr Passwort:

${link}

Der Link gilt ${EINLADUNG_STUNDEN} Stunden und nur einmal. Danach melden Sie sich mit dieser E-Mail-Adresse und Ihrem Passwort an.
`,
  }
}
