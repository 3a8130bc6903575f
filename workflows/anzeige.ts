/** What operations see of a Fall in the Temporal UI: codes, numbers and instants in German, never a name. */
import { type SearchAttributeUpdatePair, defineSearchAttributeKey } from '@temporalio/common'
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import type { Stand } from '../domain/fall.ts'
import type { FallInput } from '../domain/messages.ts'

const GEVO = defineSearchAttributeKey('VmGevo', 'KEYWORD')
const STATUS = defineSearchAttributeKey('VmStatus', 'KEYWORD')
const BETRIEB = defineSearchAttributeKey('VmBetrieb', 'INT')
const VERSION = defineSearchAttributeKey('VmVersion', 'INT')
const FAELLIG = defineSearchAttributeKey('VmFaellig', 'DATETIME')

const STATUSTEXT = {
  OFFEN: 'offen',
  WIEDERVORLAGE: 'Wiedervorlage',
  IN_ARBEIT: 'in Arbeit',
  DOKUMENTIERT: 'dokumentiert, bis zur Nacht rücknehmbar',
  GESCHLOSSEN: 'abgeschlossen',
} as const

const BERLIN = new Intl.DateTimeFormat('de-DE', { timeZone: 'Europe/Berlin', dateStyle: 'medium', timeStyle: 'short' })

/** Search attributes of a Fall; `VmFaellig` is null where nothing is due. The starter sets them, the workflow keeps them. */
export function suchattribute({ gevo, betrieb }: Pick<FallInput, 'gevo' | 'betrieb'>, stand: Stand): SearchAttributeUpdatePair[] {
  return [
    { key: GEVO, value: gevo },
    { key: BETRIEB, value: betrieb },
    { key: STATUS, value: statusShown(stand) },
    { key: VERSION, value: stand.version },
    { key: FAELLIG, value: stand.erinnerungAm === null ? null : new Date(stand.erinnerungAm) },
  ]
}

/** Open with a coming reminder is shown as WIEDERVORLAGE; it is never stored. */
export function statusShown({ status, erinnerungAm }: Stand): keyof typeof STATUSTEXT {
  return erinnerungAm !== null && (status === 'OFFEN' || status === 'IN_ARBEIT') ? 'WIEDERVORLAGE' : status
}

export function zusammenfassung({ gevo, nr, betrieb }: FallInput): string {
  return `${gevo} · Fall ${nr} · Betrieb ${betrieb}`
}

/** Summary of a timer. */
export function wartetBis(was: string, instant: string): string {
  return `${was} ${BERLIN.format(new Date(instant))}`
}

/** Brings the UI up to `stand`; writes to the history only where it differs from what is `shown`. Returns what is shown now. */
export function showFall(input: FallInput, stand: Stand, shown: Stand): Stand {
  setCurrentDetails(details(input, stand))
  if (stand.version !== shown.version || statusShown(stand) !== statusShown(shown) || stand.erinnerungAm !== shown.erinnerungAm)
    upsertSearchAttributes(suchattribute(input, stand))
  return stand
}

function details({ gevo, nr, link }: FallInput, stand: Stand): string {
  const naechste = stand.erinnerungAm === null ? 'keine' : BERLIN.format(new Date(stand.erinnerungAm))
  return [
    `### ${gevo} · Fall ${nr}: ${STATUSTEXT[statusShown(stand)]}`,
    `- Nächste Wiedervorlage: **${naechste}**`,
    `- Offene Vorgänge: ${stand.offeneVorgaenge}`,
    `- Stand: Version ${stand.version}, Epoche ${stand.epoch}`,
    `- [Fall in der Anwendung öffnen](${link})`,
  ].join('\n')
}
