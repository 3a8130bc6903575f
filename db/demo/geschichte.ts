/** What the office already had with a Kunde: consents, portal access, contacts of earlier years. */
import { adressteil } from './orte.ts'
import type { Mitglied } from './personen.ts'
import { plusTage } from './tage.ts'
import type { Wuerfel } from './wuerfel.ts'

export interface Geschichte {
  einwilligungen: {
    kanal: 'TELEFON' | 'EMAIL' | 'CHAT'
    text_version: string
    form: string
    erteilt_am: string
    widerrufen_am: string | null
    letzte_nutzung_am: string | null
  }[]
  portal: {
    status: 'EINGELADEN' | 'AKTIV' | 'GESPERRT'
    benutzername: string | null
    eingeladen_am: string
    letzte_anmeldung_am: string | null
  } | null
  kontakte: { kanal: 'TELEFON' | 'EMAIL' | 'BRIEF' | 'PERSOENLICH'; richtung: 'AUS' | 'EIN'; ergebnis: string; notiz: string | null; am: string }[]
}

const KONTAKTE = [
  ['TELEFON', 'GESPROCHEN', 'Jahresgespräch: Unterlagen durchgegangen, keine Änderungen.'],
  ['TELEFON', 'NICHT_ERREICHT', null],
  ['TELEFON', 'RUECKRUF_ERBETEN', 'Möchte nach Feierabend zurückgerufen werden.'],
  ['PERSOENLICH', 'GESPROCHEN', 'Besuch im Büro, Vollmacht mitgebracht.'],
  ['PERSOENLICH', 'TERMIN_VEREINBART', 'Termin zu Hause, auch der Hausrat soll angesehen werden.'],
  ['EMAIL', 'NACHRICHT_VERSANDT', 'Neue Anschrift bestätigt.'],
  ['EMAIL', 'ANGEBOT_VERSANDT', 'Angebot Kfz versandt.'],
  ['BRIEF', 'NACHRICHT_VERSANDT', 'Police mit Anschreiben geschickt.'],
  ['TELEFON', 'GESPROCHEN', 'Schaden gemeldet, an den Versicherer gegeben.'],
] as const

/** Nothing for children and firms; moments lie at office hours, at least a day before `heute`. */
export function geschichte(w: Wuerfel, heute: string, { zeile, kind }: Mitglied, laufend: number): Geschichte {
  if (kind || zeile.art === 'FIRMA') return { einwilligungen: [], portal: null, kontakte: [] }
  const seit = tageSeit(zeile.kunde_seit!, heute)
  return { einwilligungen: einwilligungen(w, heute, zeile, seit), portal: portal(w, heute, zeile, seit, laufend), kontakte: kontakte(w, heute, seit) }
}

function einwilligungen(w: Wuerfel, heute: string, zeile: Mitglied['zeile'], seit: number): Geschichte['einwilligungen'] {
  const kanaele: Geschichte['einwilligungen'][number]['kanal'][] = []
  if (zeile.email && w.chance(0.42)) kanaele.push('EMAIL')
  if ((zeile.telefon || zeile.mobil) && w.chance(0.34)) kanaele.push('TELEFON')
  return kanaele.map((kanal) => {
    const vor = w.zahl(2, Math.max(2, Math.min(seit, 1500)))
    return {
      kanal,
      text_version: vor > 700 ? '2022-03' : '2024-06',
      form: w.eines(['Unterschrift auf Papier', 'Kundenportal', 'Textform per E-Mail']),
      erteilt_am: plusTage(heute, -vor),
      widerrufen_am: w.chance(0.07) ? plusTage(heute, -w.zahl(1, vor)) : null,
      letzte_nutzung_am: w.chance(0.3) ? plusTage(heute, -w.zahl(1, vor)) : null,
    }
  })
}

function portal(w: Wuerfel, heute: string, { email, vorname, name }: Mitglied['zeile'], seit: number, laufend: number): Geschichte['portal'] {
  if (!email || !w.chance(0.34)) return null
  const vor = w.zahl(1, Math.max(1, Math.min(seit, 800)))
  const status = w.gewichtet<'AKTIV' | 'EINGELADEN' | 'GESPERRT'>([
    ['AKTIV', 58],
    ['EINGELADEN', 37],
    ['GESPERRT', 5],
  ])
  return {
    status,
    benutzername: status === 'EINGELADEN' ? null : `${adressteil(vorname!)}.${adressteil(name)}.${laufend}`,
    eingeladen_am: uhrzeit(w, plusTage(heute, -vor)),
    letzte_anmeldung_am: status === 'AKTIV' ? uhrzeit(w, plusTage(heute, -w.zahl(1, vor))) : null,
  }
}

/** The young and the new were spoken with less; about one in seven never. */
function kontakte(w: Wuerfel, heute: string, seit: number): Geschichte['kontakte'] {
  const anzahl = w.gewichtet([
    [0, 16],
    [1, 30],
    [2, 28],
    [3, 18],
    [5, 8],
  ])
  return Array.from({ length: anzahl }, () => {
    const [kanal, ergebnis, notiz] = w.eines(KONTAKTE)
    const eingehend = kanal === 'TELEFON' && ergebnis === 'GESPROCHEN' && w.chance(0.4)
    return {
      kanal,
      richtung: eingehend ? 'EIN' : 'AUS',
      ergebnis,
      notiz,
      am: uhrzeit(w, plusTage(heute, -w.zahl(1, Math.max(1, Math.min(seit, 1095))))),
    }
  })
}

function uhrzeit(w: Wuerfel, tag: string): string {
  return `${tag}T${String(w.zahl(7, 16)).padStart(2, '0')}:${String(w.zahl(0, 59)).padStart(2, '0')}:00Z`
}

function tageSeit(von: string, bis: string): number {
  return Math.round((Date.parse(bis) - Date.parse(von)) / 86_400_000)
}
