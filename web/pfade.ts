/** Every URL of the app, in one place. A test prints them all into one snapshot: the site map. */
export const pfade = {
  start: () => '/',
  static: (datei: string) => `/static/${datei}`,
  lebt: () => '/healthz',

  anmelden: () => '/anmelden',
  abmelden: () => '/abmelden',
  passwortVergessen: () => '/passwort-vergessen',
  passwort: (token: string) => `/passwort/${token}`,
  einrichtung: () => '/einrichtung',

  geschaeftsvorfaelle: (filter: { vermittler?: number | undefined } = {}) => `/geschaeftsvorfaelle${query(filter)}`,
  gevo: (key: string, filter: { vermittler?: number | undefined; fall?: number | undefined } = {}) => `/geschaeftsvorfaelle/${key}${query(filter)}`,
  naechsterFall: (key: string) => `/geschaeftsvorfaelle/${key}/naechster`,

  fall: (id: number | string) => `/faelle/${id}`,
  fallAktionen: (id: number | string) => `/faelle/${id}/aktionen`,
  fallKontakt: (id: number | string, kanal?: string) => `/faelle/${id}/kontakt${query({ kanal })}`,
  fallEmail: (id: number | string) => `/faelle/${id}/email`,
  fallWiedervorlage: (id: number | string) => `/faelle/${id}/wiedervorlage`,
  fallDokumentation: (id: number | string) => `/faelle/${id}/dokumentation`,
  fallAngaben: (id: number | string) => `/faelle/${id}/angaben`,
  fallWizard: (id: number | string) => `/faelle/${id}/wizard`,
  fallRuecknahme: (id: number | string) => `/faelle/${id}/ruecknahme`,
  fallSperre: (id: number | string) => `/faelle/${id}/sperre`,
  fallChat: (id: number | string) => `/faelle/${id}/chat`,

  vorgaenge: (filter: { vermittler?: number | undefined } = {}) => `/vorgaenge${query(filter)}`,
  vorgangNeu: (kunde?: number) => `/vorgaenge/neu${query({ kunde })}`,
  vorgangTermin: (id: number | string) => `/vorgaenge/${id}/termin`,
  vorgangErledigung: (id: number | string) => `/vorgaenge/${id}/erledigung`,
  vorgangLoeschung: (id: number | string) => `/vorgaenge/${id}/loeschung`,

  kunden: (q?: string) => `/kunden${query({ q })}`,
  kundeNeu: () => '/kunden/neu',
  kunde: (id: number | string) => `/kunden/${id}`,
  kundeBearbeiten: (id: number | string) => `/kunden/${id}/bearbeiten`,
  kundeVermittler: (id: number | string) => `/kunden/${id}/vermittler`,
  vertragsspiegel: (id: number | string) => `/kunden/${id}/vertragsspiegel`,
  vertragNeu: (id: number | string) => `/kunden/${id}/vertraege/neu`,

  nachtlaeufe: () => '/nachtlaeufe',
  nachtlauf: (id: number | string) => `/nachtlaeufe/${id}`,
  anlauf: (am?: string) => `/anlauf${query({ am })}`,
  anlaufCsv: (am?: string) => `/anlauf/vorschau.csv${query({ am })}`,
  regeln: () => '/regeln',
  regel: (key: string) => `/regeln/${key}`,
  regelStand: (key: string, version: number | string) => `/regeln/${key}/stand/${version}`,
  regelVorgabe: (key: string) => `/regeln/${key}/vorgabe`,
  regelVorschau: (key: string, am?: string) => `/regeln/${key}/vorschau${query({ am })}`,
  regelVorschauCsv: (key: string, am?: string) => `/regeln/${key}/vorschau.csv${query({ am })}`,
  regelAltbestand: (key: string) => `/regeln/${key}/altbestand`,
  regelAltbestandRuecknahme: (key: string, id: number | string) => `/regeln/${key}/altbestand/${id}/ruecknahme`,
  hilfeGevos: (q?: string) => `/hilfe/geschaeftsvorfaelle${query({ q })}`,
  importe: () => '/importe',
  import: (id: number | string) => `/importe/${id}`,
  importZuordnung: (id: number | string) => `/importe/${id}/zuordnung`,
  versicherer: () => '/versicherer',
  mitarbeiter: () => '/mitarbeiter',
  mitarbeiterProfil: (id: number | string) => `/mitarbeiter/${id}`,
  mitarbeiterLink: (id: number | string) => `/mitarbeiter/${id}/link`,
  mitarbeiterAktiv: (id: number | string) => `/mitarbeiter/${id}/aktiv`,
  mitarbeiterAgenturnummern: (id: number | string) => `/mitarbeiter/${id}/agenturnummern`,
  mitarbeiterAgenturnummerLoeschung: (id: number | string) => `/mitarbeiter/${id}/agenturnummern/loeschung`,
  betrieb: () => '/betrieb',
  demoEntfernen: () => '/betrieb/demo',
  profil: () => '/profil',
  profilPasswort: () => '/profil/passwort',

  postausgang: () => '/entwicklung/postausgang',
  postausgangMail: (id: number | string) => `/entwicklung/postausgang/${id}`,
} as const

function query(felder: Record<string, string | number | undefined>): string {
  const gesetzt = Object.entries(felder).filter(([, wert]) => wert !== undefined && wert !== '')
  return gesetzt.length === 0 ? '' : `?${new URLSearchParams(gesetzt.map(([name, wert]) => [name, String(wert)]))}`
}
