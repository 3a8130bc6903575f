/** Every setting: what it is for, what it may be, what it is when nobody sets it. TEMPORAL_… are Temporal's own (see config.ts). */
import { z } from 'zod'

export interface Variable<T> {
  zweck: string
  /** What is expected, in German, after "Erwartet:". */
  regel: string
  voreinstellung?: string
  /** Shown where neither environment nor default sets it. */
  sonst?: string
  /** Never shown. */
  geheim?: true
  /** Throws when the text is not what `regel` says. */
  lies(text: string): T
}

const BUNDESLAENDER = ['BB', 'BE', 'BW', 'BY', 'HB', 'HE', 'HH', 'MV', 'NI', 'NW', 'RP', 'SH', 'SL', 'SN', 'ST', 'TH'] as const
const JA = ['1', 'true', 'ja', 'an']
const NEIN = ['0', 'false', 'nein', 'aus']

const ort = z.url({ protocol: /^https?$/ }).transform((text) => new URL(text))
const postgres = z.url({ protocol: /^postgres(ql)?$/ }).refine((text) => new URL(text).username !== '')
const ja = z
  .string()
  .toLowerCase()
  .pipe(z.enum([...JA, ...NEIN]))
const port = z.coerce.number().int().min(1).max(65_535)
const netzadresse = z.string().regex(/^[\w.:-]+$/)
const absender = z.string().regex(/^([^<>\r\n]+ <[^<>@\s]+@[^<>@\s]+\.[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+\.[^<>@\s]+)$/)

export const VARIABLEN = {
  PORT: {
    zweck: 'Port der Anwendung',
    regel: 'eine ganze Zahl von 1 bis 65535',
    voreinstellung: '3000',
    lies: (text: string) => port.parse(text),
  },
  HOST: {
    zweck: 'Netzadresse, auf der die Anwendung lauscht',
    regel: 'eine Adresse ohne Leerzeichen, zum Beispiel 127.0.0.1',
    voreinstellung: '127.0.0.1',
    lies: (text: string) => netzadresse.parse(text),
  },
  PUBLIC_URL: {
    zweck: 'Adresse, unter der Menschen die Anwendung aufrufen; Links in Mails beginnen damit',
    regel: 'http(s)://… ohne Pfad',
    lies: (text: string) => ort.refine(({ pathname, search }) => pathname === '/' && !search).parse(text).origin,
  },
  DATA_DIR: { zweck: 'Ordner für Daten und Geheimnisse', regel: 'ein Pfad', voreinstellung: '.data', lies: (text: string) => text },
  DATABASE_URL: {
    zweck: 'Adresse der PostgreSQL-Datenbank, als deren Besitzer',
    regel: 'postgres://BENUTZER:KENNWORT@RECHNER:PORT/DATENBANK',
    sonst: 'eingebettete Datenbank',
    lies: (text: string) => postgres.parse(text),
  },
  SESSION_SECRET: {
    zweck: 'Geheimnis, aus dem Anmeldungen und die Kennwörter der Datenbankrollen abgeleitet werden',
    regel: 'mindestens 32 Zeichen',
    geheim: true,
    lies: (text: string) => z.string().min(32).parse(text),
  },
  DEMO: {
    zweck: 'ob der Demo-Betrieb geladen wird',
    regel: 'ja oder nein',
    sonst: 'ja, solange die eingebettete Datenbank leer ist',
    lies: (text: string) => JA.includes(ja.parse(text)),
  },
  DEMO_PASSWORD: {
    zweck: 'Passwort der Demo-Zugänge',
    regel: 'mindestens 8 Zeichen',
    geheim: true,
    lies: (text: string) => z.string().min(8).parse(text),
  },
  RESEND_API_KEY: {
    zweck: 'Schlüssel von Resend, über das Mails versandt werden; ohne ihn werden Mails nur abgelegt',
    regel: 'ein Schlüssel ohne Leerzeichen',
    geheim: true,
    lies: (text: string) => z.string().regex(/^\S+$/).parse(text),
  },
  RESEND_BASE_URL: {
    zweck: 'andere Adresse des Mail-Dienstes, für Prüfungen',
    regel: 'http(s)://…',
    lies: (text: string) => ort.parse(text).href.replace(/\/$/, ''),
  },
  MAIL_FROM: {
    zweck: 'Absender der Mails',
    regel: 'eine Adresse wie post@makler.example oder Maklerhaus <post@makler.example>',
    lies: (text: string) => absender.parse(text),
  },
  METRICS_PORT: {
    zweck: 'Port, auf dem der Worker seine Messwerte zeigt (Prometheus, /metrics)',
    regel: 'eine ganze Zahl von 1 bis 65535',
    sonst: 'keine Messwerte',
    lies: (text: string) => port.parse(text),
  },
  METRICS_HOST: {
    zweck: 'Netzadresse der Messwerte; sie haben keine Anmeldung',
    regel: 'eine Adresse ohne Leerzeichen, zum Beispiel 127.0.0.1',
    voreinstellung: '127.0.0.1',
    lies: (text: string) => netzadresse.parse(text),
  },
  DRAIN_SECONDS: {
    zweck: 'Sekunden, die die Anwendung beim Beenden noch antwortet, während /readyz sie schon abmeldet',
    regel: 'eine ganze Zahl von 0 bis 300',
    voreinstellung: '0',
    lies: (text: string) => z.coerce.number().int().min(0).max(300).parse(text),
  },
  TEMPORAL_UI_URL: {
    zweck: 'Adresse der Temporal-Oberfläche, mit Namespace; die Seite System verweist darauf',
    regel: 'http(s)://…',
    sonst: 'die des eingebetteten Servers',
    lies: (text: string) => ort.parse(text).href.replace(/\/$/, ''),
  },
  NIGHT_AT: {
    zweck: 'Uhrzeit des Nachtlaufs in Deutschland',
    regel: 'HH:MM',
    voreinstellung: '04:10',
    lies: (text: string) =>
      z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
        .parse(text),
  },
  BUNDESLAND: {
    zweck: 'Feiertage eines neuen Betriebs',
    regel: `eines von ${BUNDESLAENDER.join(', ')}`,
    voreinstellung: 'NW',
    lies: (text: string) => z.string().toUpperCase().pipe(z.enum(BUNDESLAENDER)).parse(text),
  },
} satisfies Record<string, Variable<unknown>>
