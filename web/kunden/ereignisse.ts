/** What an entry of the timeline says, in German. */
import type { Zeitleisteneintrag } from '../../db/zeitleiste.ts'
import { ERGEBNISSE, KANAELE, ZWISCHENERGEBNISSE } from '../../domain/ergebnisse.ts'
import { ABLEHNUNGEN } from '../../domain/fall.ts'
import { berlinTag } from '../../domain/kalender.ts'
import { SIGNALFEHLER } from '../../domain/messages.ts'
import { FUER_IMMER } from '../../domain/sperrfrist.ts'
import { findGevo } from '../../gevos/katalog.ts'
import { datum, tag, uhrzeit } from '../format.ts'
import { MAILSTATUS } from '../postausgang/worte.ts'

/** Why a Sperrfrist ended early by itself. */
const ANLAESSE = {
  ANSCHRIFT: 'neue Anschrift',
  FAMILIE: 'die Familie hat sich geändert',
  BERUF: 'der Beruf hat sich geändert',
  BEFUND: 'der Befund trifft nicht mehr zu',
} as const

const NICHT_ANGENOMMEN: Readonly<Record<string, string>> = { ...ABLEHNUNGEN, ...SIGNALFEHLER }

/** One line, without person and time. */
export function ereignisText(eintrag: Zeitleisteneintrag): string {
  const { ereignis, quelle } = eintrag
  const code = (name: string): string => text(eintrag.codes[name])
  switch (ereignis) {
    case 'opened':
      return quelle === 'NACHT' ? 'Fall eröffnet' : 'Vorgang angelegt'
    case 'contacted':
      return kontaktText(eintrag)
    case 'replied':
      return 'Kunde hat geantwortet'
    case 'reminder':
      return eintrag.codes['am'] ? `Wiedervorlage am ${tag(berlinTag(code('am')), eintrag.am)}, ${uhrzeit(code('am'))}` : 'Wiedervorlage gelöscht'
    case 'done':
      return 'Wiedervorlage erledigt'
    case 'due':
      return 'Wiedervorlage fällig'
    case 'documented':
      return ['Dokumentiert: ' + wort(ERGEBNISSE, code('ergebnis')), sperre(code('sperreBis'))].filter(Boolean).join(' · ')
    case 'reopened':
      return 'Dokumentation zurückgenommen'
    case 'reassigned':
      return `Übergeben an ${eintrag.neuerVermittler ?? 'ein ehemaliges Mitglied des Betriebs'}`
    case 'obsolete':
      return 'Befund entfallen'
    case 'escalated':
      return 'Frist überschritten, an den Supervisor gegeben'
    case 'closed':
      return 'Fall abgeschlossen'
    case 'unlocked':
      return eintrag.codes['anlass'] ? `Sperrfrist endet: ${wort(ANLAESSE, code('anlass'))}` : 'Sperrfrist aufgehoben'
    case 'abgelehnt':
      return `Signal abgelehnt: ${NICHT_ANGENOMMEN[code('grund')] ?? `Technischer Fehler ${code('grund')}.`}`
    default:
      return ereignis
  }
}

/** What a person wrote: title of a reminder, note; empty when there is none or it was erased. */
export function ereignisNotiz({ inhalt }: Zeitleisteneintrag): string {
  return [inhalt?.['titel'], inhalt?.['notiz']].filter((text) => typeof text === 'string' && text !== '').join(': ')
}

/** "Versicherungslücken bei jüngeren Kunden"; empty where no Fall is behind it. */
export function ereignisGevo({ gevo }: Zeitleisteneintrag): string {
  return gevo ? (findGevo(gevo)?.titel ?? gevo) : ''
}

function kontaktText({ codes, mail }: Zeitleisteneintrag): string {
  const versuch = codes['versuch'] ? ` (${text(codes['versuch'])}. Versuch)` : ''
  const ergebnis = mail ? MAILSTATUS[mail] : wort(ZWISCHENERGEBNISSE, String(codes['ergebnis']))
  return `${wort(KANAELE, String(codes['kanal']))}: ${ergebnis}${versuch}`
}

function sperre(bis: string): string {
  if (bis === '') return ''
  return bis === FUER_IMMER ? 'kommt nicht wieder' : `gesperrt bis ${datum(bis)}`
}

function wort(liste: Readonly<Record<string, string>>, code: string): string {
  return liste[code] ?? code
}

/** Codes of the protokoll are texts and numbers. */
function text(code: unknown): string {
  return typeof code === 'string' || typeof code === 'number' ? String(code) : ''
}
