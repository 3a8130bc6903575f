/**
 * The life of a Fall. Pure: no clock, no I/O. Everybody who changes a Fall (click, timer, hand signal) goes through
 * `advance`; the night's set statements are held to the same result by a property test.
 */
import type { Ergebnis, Kanal, Zwischenergebnis } from './ergebnisse.ts'

export const STATUS = ['OFFEN', 'IN_ARBEIT', 'DOKUMENTIERT', 'GESCHLOSSEN'] as const
export type Status = (typeof STATUS)[number]

/** What Temporal knows of a Fall: numbers and instants only, never a name. `erinnerungAm` is a UTC instant (ISO 8601). */
export interface Stand {
  /** Raised by a restore: a Stand of an older epoch never wins. */
  epoch: number
  /** Raised by one with every recorded event. */
  version: number
  status: Status
  /** Earliest coming reminder of the Fall's open Vorgänge. */
  erinnerungAm: string | null
  /** Vorgänge not yet done, whether coming or due: they outlive the Fall. */
  offeneVorgaenge: number
}

/** An open Vorgang; `am` is null once its reminder has fired. */
export interface Erinnerung {
  vorgang: number
  am: string | null
}

/** A Fall as `advance` sees it. */
export interface Fall {
  epoch: number
  version: number
  status: Status
  /** Set when the night no longer finds the reason of a Fall somebody is working on. */
  befundEntfallen: boolean
  erinnerungen: readonly Erinnerung[]
}

export type Ereignis =
  | { art: 'contacted'; kanal: Kanal; ergebnis: Zwischenergebnis }
  /** Sets (new `vorgang`), moves, or with `am: null` deletes a reminder. */
  | { art: 'reminder'; vorgang: number; am: string | null }
  /** A Vorgang is ticked off. */
  | { art: 'done'; vorgang: number }
  /** The timer for the instant `am` has fired. */
  | { art: 'due'; am: string }
  | { art: 'documented'; ergebnis: Ergebnis; vorgaenge: 'BLEIBEN' | 'ERLEDIGT' }
  /** Takes a documentation back; `zurueck` are the Vorgänge it had ticked off. */
  | { art: 'reopened'; zurueck: readonly Erinnerung[] }
  | { art: 'reassigned'; vermittler: number }
  /** The customer wrote. */
  | { art: 'replied' }
  /** The night no longer finds the reason. */
  | { art: 'obsolete'; grund: string }
  | { art: 'closed' }

export const ABLEHNUNGEN = {
  SCHON_DOKUMENTIERT: 'Der Fall ist bereits dokumentiert. Mit „Rückgängig“ wird er wieder geöffnet.',
  SCHON_GESCHLOSSEN: 'Der Fall ist abgeschlossen und kann nicht mehr geändert werden.',
  NICHT_DOKUMENTIERT: 'Der Fall ist nicht dokumentiert, es gibt nichts rückgängig zu machen oder zu schließen.',
  VORGANG_NICHT_OFFEN: 'Diese Wiedervorlage ist bereits erledigt oder gelöscht.',
  NICHT_MEHR_GESETZT: 'Der Zeitpunkt dieser Wiedervorlage wurde inzwischen geändert.',
  BEFUND_SCHON_ENTFALLEN: 'Dass der Befund entfallen ist, wurde bereits vermerkt.',
} as const
export type Ablehnung = keyof typeof ABLEHNUNGEN

export type Ausgang = { ok: true; fall: Fall } | { ok: false; grund: Ablehnung }

/** The one transition function. Total: every event of every state gives a next Fall or the reason why not. */
export function advance(fall: Fall, ereignis: Ereignis): Ausgang {
  const { status } = fall
  const offen = status === 'OFFEN' || status === 'IN_ARBEIT'
  const zu: Ablehnung = status === 'GESCHLOSSEN' ? 'SCHON_GESCHLOSSEN' : 'SCHON_DOKUMENTIERT'
  switch (ereignis.art) {
    case 'contacted':
      return offen ? next(fall, { status: 'IN_ARBEIT' }) : refuse(zu)
    case 'replied':
      return offen ? next(fall, {}) : refuse(zu)
    case 'reminder':
      return remind(fall, ereignis)
    case 'done':
      return has(fall, ereignis.vorgang) ? next(fall, without(fall, ereignis.vorgang)) : refuse('VORGANG_NICHT_OFFEN')
    case 'due':
      return fire(fall, ereignis.am)
    case 'documented':
      if (!offen) return refuse(zu)
      return next(fall, { status: 'DOKUMENTIERT', erinnerungen: ereignis.vorgaenge === 'ERLEDIGT' ? [] : fall.erinnerungen })
    case 'reopened':
      if (status !== 'DOKUMENTIERT') return refuse(status === 'GESCHLOSSEN' ? 'SCHON_GESCHLOSSEN' : 'NICHT_DOKUMENTIERT')
      return next(fall, { status: 'IN_ARBEIT', erinnerungen: [...fall.erinnerungen, ...ereignis.zurueck] })
    case 'reassigned':
      return status === 'GESCHLOSSEN' && fall.erinnerungen.length === 0 ? refuse('SCHON_GESCHLOSSEN') : next(fall, {})
    case 'obsolete':
      if (status === 'OFFEN') return next(fall, { status: 'GESCHLOSSEN', befundEntfallen: true })
      if (status !== 'IN_ARBEIT') return refuse(zu)
      return fall.befundEntfallen ? refuse('BEFUND_SCHON_ENTFALLEN') : next(fall, { befundEntfallen: true })
    case 'closed':
      if (status === 'GESCHLOSSEN') return refuse('SCHON_GESCHLOSSEN')
      return status === 'DOKUMENTIERT' ? next(fall, { status: 'GESCHLOSSEN' }) : refuse('NICHT_DOKUMENTIERT')
  }
}

/** The earliest coming reminder, or null. */
export function erinnerungAm(erinnerungen: readonly Erinnerung[]): string | null {
  return erinnerungen.reduce<string | null>((first, { am }) => (am && (!first || am < first) ? am : first), null)
}

export function toStand(fall: Fall): Stand {
  return {
    epoch: fall.epoch,
    version: fall.version,
    status: fall.status,
    erinnerungAm: erinnerungAm(fall.erinnerungen),
    offeneVorgaenge: fall.erinnerungen.length,
  }
}

/** Whether a workflow must hold a clock for this row. Relay, workflow and reconcile use only this. */
export function needsClock(stand: Pick<Stand, 'status' | 'offeneVorgaenge'>): boolean {
  return stand.status !== 'GESCHLOSSEN' || stand.offeneVorgaenge > 0
}

/** The newer of two Stände by (epoch, version): double, late and out-of-order delivery are harmless. */
export function newer(a: Stand, b: Stand): Stand {
  return b.epoch > a.epoch || (b.epoch === a.epoch && b.version > a.version) ? b : a
}

export type Aktion = 'contacted' | 'reminder' | 'documented' | 'reopened' | 'reassigned'

/** Which actions a Fall allows now; for the others the German reason. */
export function allowedActions(fall: Pick<Fall, 'status'>): Record<Aktion, { erlaubt: true } | { erlaubt: false; warum: string }> {
  const zu = fall.status === 'GESCHLOSSEN' ? ABLEHNUNGEN.SCHON_GESCHLOSSEN : ABLEHNUNGEN.SCHON_DOKUMENTIERT
  const wennOffen = fall.status === 'OFFEN' || fall.status === 'IN_ARBEIT' ? ({ erlaubt: true } as const) : ({ erlaubt: false, warum: zu } as const)
  return {
    contacted: wennOffen,
    reminder: wennOffen,
    documented: wennOffen,
    reopened:
      fall.status === 'DOKUMENTIERT'
        ? { erlaubt: true }
        : { erlaubt: false, warum: fall.status === 'GESCHLOSSEN' ? ABLEHNUNGEN.SCHON_GESCHLOSSEN : ABLEHNUNGEN.NICHT_DOKUMENTIERT },
    reassigned: fall.status === 'GESCHLOSSEN' ? { erlaubt: false, warum: ABLEHNUNGEN.SCHON_GESCHLOSSEN } : { erlaubt: true },
  }
}

function remind(fall: Fall, { vorgang, am }: { vorgang: number; am: string | null }): Ausgang {
  const bekannt = has(fall, vorgang)
  if (am === null) return bekannt ? next(fall, without(fall, vorgang)) : refuse('VORGANG_NICHT_OFFEN')
  if (bekannt) return next(fall, { erinnerungen: fall.erinnerungen.map((e) => (e.vorgang === vorgang ? { vorgang, am } : e)) })
  if (fall.status === 'GESCHLOSSEN') return refuse('SCHON_GESCHLOSSEN')
  if (fall.status === 'DOKUMENTIERT') return refuse('SCHON_DOKUMENTIERT')
  return next(fall, { status: 'IN_ARBEIT', erinnerungen: [...fall.erinnerungen, { vorgang, am }] })
}

/** Timer events carry their instant: what was moved to a later one meanwhile is left alone. */
function fire(fall: Fall, am: string): Ausgang {
  if (!fall.erinnerungen.some((e) => e.am !== null && e.am <= am)) return refuse('NICHT_MEHR_GESETZT')
  return next(fall, { erinnerungen: fall.erinnerungen.map((e) => (e.am !== null && e.am <= am ? { ...e, am: null } : e)) })
}

function next(fall: Fall, change: Partial<Fall>): Ausgang {
  return { ok: true, fall: { ...fall, ...change, version: fall.version + 1 } }
}
function refuse(grund: Ablehnung): Ausgang {
  return { ok: false, grund }
}
function has(fall: Fall, vorgang: number): boolean {
  return fall.erinnerungen.some((e) => e.vorgang === vorgang)
}
function without(fall: Fall, vorgang: number): Partial<Fall> {
  return { erinnerungen: fall.erinnerungen.filter((e) => e.vorgang !== vorgang) }
}
