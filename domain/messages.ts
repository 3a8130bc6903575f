/**
 * The public interface towards Temporal: names, ids and the parsers of what comes in. Codes, numbers and instants only:
 * Temporal's histories cannot be edited, so no personal data ever enters them.
 */
import { STATUS, type Stand } from './fall.ts'
import { ERGEBNISSE, type Ergebnis, KANAELE, type Kanal, ZWISCHENERGEBNISSE, type Zwischenergebnis } from './ergebnisse.ts'

/**
 * Of the code in workflows/fall.ts and workflows/mail.ts. A change that running workflows could not replay (the recorded histories say so)
 * raises it: each revision has a queue of its own, so old and new workers run side by side, and `reconcile` begins older runs anew from their Stand.
 */
export const REVISION = 1

/** Lanes: clicks and timers are never behind the night, and a slow mail provider holds up neither. */
export const TASK_QUEUES = { faelle: faelleQueue(REVISION), nacht: 'nacht', mail: 'mail' } as const

export function faelleQueue(revision: number): string {
  return revision === 1 ? 'faelle' : `faelle-${revision}`
}
export function revisionOf(queue: string): number {
  return queue === 'faelle' ? 1 : Number(/^faelle-(\d+)$/.exec(queue)?.[1] ?? Number.NaN)
}

export const SIGNALE = ['contacted', 'reminder', 'documented', 'reopened', 'reassigned', 'obsolete', 'closed', 'replied'] as const
export type Signal = (typeof SIGNALE)[number]

/** Search attributes (SQL visibility has 10 Keyword and 3 of the other kinds). */
export const SUCHATTRIBUTE = { VmGevo: 'KEYWORD', VmStatus: 'KEYWORD', VmBetrieb: 'INT', VmVersion: 'INT', VmFaellig: 'DATETIME' } as const

export const fallId = (gevo: string, nr: number): string => `fall/${gevo}/${nr}`
/** A person may have a mail tried again: each try has a workflow of its own. */
export const mailId = (nr: number, anlauf = 1): string => (anlauf === 1 ? `mail/${nr}` : `mail/${nr}/${anlauf}`)
export const nachtlaufId = (nr: number): string => `nachtlauf/${nr}`
export const importId = (nr: number, anlauf: number): string => `import/${nr}/${anlauf}`
export const RECONCILE_ID = 'reconcile'
export const NACHTPLAN_ID = 'nachtlauf'

export interface FallInput {
  /** The row's own global number. */
  nr: number
  betrieb: number
  gevo: string
  stand: Stand
  /** Where a person finds this Fall in the app. */
  link: string
  /** Hand signals taken so far: their action ids go on counting through continue-as-new. */
  handSignale?: number
}

export interface MailInput {
  nr: number
  /** UTC instant: not sent before. */
  sendenAb: string
}

export interface ImportInput {
  nr: number
  /** Counts the runs of one import; only the newest works. */
  anlauf: number
}

/** A signal as the main loop takes it: the new Stand, an event somebody sent by hand, or something not understood. */
export type Nachricht =
  | { art: 'stand'; stand: Stand }
  | { art: 'hand'; id: string | null; signal: string; ereignis: HandEreignis }
  | { art: 'unverstanden'; id: string | null; signal: string; grund: Signalfehler }

/** What is wrong with a signal sent by hand: code → sentence. */
export const SIGNALFEHLER = {
  SIGNAL_UNBEKANNT: 'Dieses Signal gibt es nicht.',
  KANAL_FEHLT: 'Der Kanal fehlt oder ist unbekannt.',
  ERGEBNIS_FEHLT: 'Das Ergebnis fehlt oder ist unbekannt.',
  ERGEBNIS_PASST_NICHT: 'Dieses Ergebnis passt nicht zu diesem Fall.',
  ZEITPUNKT_FEHLT: 'Der Zeitpunkt fehlt oder ist keiner.',
  VERMITTLER_FEHLT: 'Der Vermittler fehlt.',
  VERMITTLER_UNBEKANNT: 'Diesen Vermittler gibt es im Betrieb nicht.',
} as const
export type Signalfehler = keyof typeof SIGNALFEHLER

/** What a hand signal may say. A Vorgang need not be named: the Fall's earliest one is meant. */
export type HandEreignis =
  | { art: 'contacted'; kanal: Kanal; ergebnis: Zwischenergebnis }
  | { art: 'reminder'; am: string | null }
  | { art: 'documented'; ergebnis: Ergebnis }
  | { art: 'reassigned'; vermittler: number }
  | { art: 'obsolete' }
  | { art: 'reopened' }
  | { art: 'closed' }
  | { art: 'replied' }

/** Parses whatever a signal brought. Never throws: a throwing handler would freeze the workflow for ever. */
export function parseSignal(signal: string, args: readonly unknown[]): Nachricht {
  const [raw] = args
  const stand = parseStand(raw)
  if (stand) return { art: 'stand', stand }
  const felder = isObject(raw) ? raw : {}
  const id = typeof felder['id'] === 'string' && /^[\w-]{1,64}$/.test(felder['id']) ? felder['id'] : null
  const ereignis = parseHand(signal, felder)
  return typeof ereignis === 'string' ? { art: 'unverstanden', id, signal: cut(signal), grund: ereignis } : { art: 'hand', id, signal, ereignis }
}

export function parseStand(raw: unknown): Stand | null {
  if (!isObject(raw)) return null
  const { epoch, version, status, erinnerungAm, offeneVorgaenge } = raw
  if (!isCount(epoch) || !isCount(version) || !isCount(offeneVorgaenge)) return null
  if (!STATUS.includes(status as Stand['status'])) return null
  if (erinnerungAm !== null && parseInstant(erinnerungAm) === null) return null
  return { epoch, version, status: status as Stand['status'], erinnerungAm: parseInstant(erinnerungAm), offeneVorgaenge }
}

/** Instants are UTC and normalised, so that they compare as text. */
export function parseInstant(raw: unknown): string | null {
  if (typeof raw !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(raw)) return null
  const ms = Date.parse(raw)
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}

/** The event, or what is wrong with it. */
function parseHand(signal: string, felder: Record<string, unknown>): HandEreignis | Signalfehler {
  switch (signal) {
    case 'contacted': {
      const kanal = pick(KANAELE, felder['kanal'])
      const ergebnis = pick(ZWISCHENERGEBNISSE, felder['ergebnis'])
      if (!kanal) return 'KANAL_FEHLT'
      return ergebnis ? { art: 'contacted', kanal, ergebnis } : 'ERGEBNIS_FEHLT'
    }
    case 'reminder': {
      if (felder['am'] === null) return { art: 'reminder', am: null }
      const am = parseInstant(felder['am'])
      return am && am > '2000' && am < '2200' ? { art: 'reminder', am } : 'ZEITPUNKT_FEHLT'
    }
    case 'documented': {
      const ergebnis = pick(ERGEBNISSE, felder['ergebnis'])
      return ergebnis ? { art: 'documented', ergebnis } : 'ERGEBNIS_FEHLT'
    }
    case 'reassigned':
      return isCount(felder['vermittler']) && felder['vermittler'] < 2 ** 31
        ? { art: 'reassigned', vermittler: felder['vermittler'] }
        : 'VERMITTLER_FEHLT'
    case 'obsolete':
    case 'reopened':
    case 'closed':
    case 'replied':
      return { art: signal }
    default:
      return 'SIGNAL_UNBEKANNT'
  }
}

function pick<T extends object>(codes: T, raw: unknown): keyof T | null {
  return typeof raw === 'string' && Object.hasOwn(codes, raw) ? (raw as keyof T) : null
}
function isObject(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}
function isCount(raw: unknown): raw is number {
  return Number.isSafeInteger(raw) && (raw as number) >= 0
}
/** An unknown name is somebody's free text: only its shape is kept. */
function cut(signal: string): string {
  return (SIGNALE as readonly string[]).includes(signal) ? signal : 'unbekannt'
}
