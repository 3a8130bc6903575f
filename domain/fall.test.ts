import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ERGEBNISSE, KANAELE, ZWISCHENERGEBNISSE } from './ergebnisse.ts'
import { type Ereignis, type Fall, STATUS, type Stand, advance, allowedActions, needsClock, newer, toStand } from './fall.ts'

const neu: Fall = { epoch: 1, version: 1, status: 'OFFEN', befundEntfallen: false, erinnerungen: [] }
const ANRUF: Ereignis = { art: 'contacted', kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT' }
const DOKU: Ereignis = { art: 'documented', ergebnis: 'HINWEIS_GEGEBEN', vorgaenge: 'BLEIBEN' }
const MORGEN = '2026-11-24T08:00:00.000Z'
const UEBERMORGEN = '2026-11-25T08:00:00.000Z'

/** Plays events one after the other; a refused one fails the test. */
function play(fall: Fall, ...ereignisse: Ereignis[]): Fall {
  return ereignisse.reduce((stand, ereignis) => {
    const ausgang = advance(stand, ereignis)
    if (!ausgang.ok) throw new Error(`${ereignis.art}: ${ausgang.grund}`)
    return ausgang.fall
  }, fall)
}
const grund = (fall: Fall, ereignis: Ereignis) => {
  const ausgang = advance(fall, ereignis)
  return ausgang.ok ? 'angenommen' : ausgang.grund
}

describe('the life of a Fall', () => {
  test('a contact leaves it open, the documentation ends it, the night closes it', () => {
    const kontaktiert = play(neu, ANRUF)
    expect(kontaktiert).toMatchObject({ status: 'IN_ARBEIT', version: 2 })
    const dokumentiert = play(kontaktiert, DOKU)
    expect(dokumentiert.status).toBe('DOKUMENTIERT')
    expect(needsClock(toStand(dokumentiert))).toBe(true)
    const geschlossen = play(dokumentiert, { art: 'closed' })
    expect(geschlossen.status).toBe('GESCHLOSSEN')
    expect(needsClock(toStand(geschlossen))).toBe(false)
  })

  test('undo brings a documented Fall back with the Vorgänge it had ticked off, until the night', () => {
    const mitTermin = play(neu, { art: 'reminder', vorgang: 7, am: MORGEN })
    const dokumentiert = play(mitTermin, { ...DOKU, vorgaenge: 'ERLEDIGT' })
    expect(toStand(dokumentiert)).toMatchObject({ erinnerungAm: null, offeneVorgaenge: 0 })
    const zurueck = play(dokumentiert, { art: 'reopened', zurueck: [{ vorgang: 7, am: MORGEN }] })
    expect(toStand(zurueck)).toMatchObject({ status: 'IN_ARBEIT', erinnerungAm: MORGEN, offeneVorgaenge: 1 })
    expect(grund(play(dokumentiert, { art: 'closed' }), { art: 'reopened', zurueck: [] })).toBe('SCHON_GESCHLOSSEN')
  })

  test('nothing is documented twice and nothing documented is contacted', () => {
    const dokumentiert = play(neu, DOKU)
    expect(grund(dokumentiert, DOKU)).toBe('SCHON_DOKUMENTIERT')
    expect(grund(dokumentiert, ANRUF)).toBe('SCHON_DOKUMENTIERT')
  })
})

describe('reminders', () => {
  test('the earliest of several counts, and only what is due at that instant fires', () => {
    const zwei = play(neu, { art: 'reminder', vorgang: 1, am: UEBERMORGEN }, { art: 'reminder', vorgang: 2, am: MORGEN })
    expect(toStand(zwei)).toMatchObject({ erinnerungAm: MORGEN, offeneVorgaenge: 2 })
    const gefeuert = play(zwei, { art: 'due', am: MORGEN })
    expect(toStand(gefeuert)).toMatchObject({ erinnerungAm: UEBERMORGEN, offeneVorgaenge: 2 })
  })

  test('a timer whose instant was moved meanwhile is not taken', () => {
    const verschoben = play(neu, { art: 'reminder', vorgang: 1, am: MORGEN }, { art: 'reminder', vorgang: 1, am: UEBERMORGEN })
    expect(grund(verschoben, { art: 'due', am: MORGEN })).toBe('NICHT_MEHR_GESETZT')
    expect(verschoben.erinnerungen).toEqual([{ vorgang: 1, am: UEBERMORGEN }])
  })

  test('a Vorgang outlives its Fall and keeps the clock until it is ticked off', () => {
    const zu = play(neu, { art: 'reminder', vorgang: 1, am: MORGEN }, DOKU, { art: 'closed' })
    expect(needsClock(toStand(zu))).toBe(true)
    const faellig = play(zu, { art: 'due', am: MORGEN })
    expect(needsClock(toStand(faellig))).toBe(true)
    expect(needsClock(toStand(play(faellig, { art: 'done', vorgang: 1 })))).toBe(false)
  })
})

describe('the night', () => {
  test('ends a Fall nobody touched when its finding is gone', () => {
    expect(play(neu, { art: 'obsolete', grund: 'BEFUND_WEG' }).status).toBe('GESCHLOSSEN')
  })

  test('only marks a Fall somebody is working on, once', () => {
    const inArbeit = play(neu, ANRUF)
    const markiert = play(inArbeit, { art: 'obsolete', grund: 'BEFUND_WEG' })
    expect(markiert).toMatchObject({ status: 'IN_ARBEIT', befundEntfallen: true })
    expect(grund(markiert, { art: 'obsolete', grund: 'BEFUND_WEG' })).toBe('BEFUND_SCHON_ENTFALLEN')
  })

  test('does not close what is not documented', () => {
    expect(grund(neu, { art: 'closed' })).toBe('NICHT_DOKUMENTIERT')
  })
})

const instant = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }).map((d) => d.toISOString())
const ereignis: fc.Arbitrary<Ereignis> = fc.oneof(
  fc.record({ art: fc.constant('contacted' as const), kanal: codes(KANAELE), ergebnis: codes(ZWISCHENERGEBNISSE) }),
  fc.record({ art: fc.constant('reminder' as const), vorgang: fc.integer({ min: 1, max: 4 }), am: fc.option(instant) }),
  fc.record({ art: fc.constant('done' as const), vorgang: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ art: fc.constant('due' as const), am: instant }),
  fc.record({
    art: fc.constant('documented' as const),
    ergebnis: codes(ERGEBNISSE),
    vorgaenge: fc.constantFrom('BLEIBEN' as const, 'ERLEDIGT' as const),
  }),
  fc.constant<Ereignis>({ art: 'reopened', zurueck: [] }),
  fc.constant<Ereignis>({ art: 'reassigned', vermittler: 3 }),
  fc.constant<Ereignis>({ art: 'replied' }),
  fc.constant<Ereignis>({ art: 'obsolete', grund: 'BEFUND_WEG' }),
  fc.constant<Ereignis>({ art: 'closed' }),
)
function codes<T extends object>(of: T): fc.Arbitrary<keyof T> {
  return fc.constantFrom(...(Object.keys(of) as (keyof T)[]))
}

test('whatever happens in whatever order: versions rise by one, refusals change nothing, closed stays closed, offered actions are taken', () => {
  fc.assert(
    fc.property(fc.array(ereignis, { maxLength: 40 }), (ereignisse) => {
      let fall = neu
      for (const e of ereignisse) {
        const vorher = structuredClone(fall)
        const ausgang = advance(fall, e)
        expect(fall).toEqual(vorher)
        const angeboten = allowedActions(fall)
        if (e.art === 'contacted' || e.art === 'documented' || e.art === 'reopened') expect(ausgang.ok).toBe(angeboten[e.art].erlaubt)
        if (!ausgang.ok) continue
        expect(ausgang.fall.version).toBe(fall.version + 1)
        expect(STATUS).toContain(ausgang.fall.status)
        if (fall.status === 'GESCHLOSSEN') expect(ausgang.fall.status).toBe('GESCHLOSSEN')
        expect(new Set(ausgang.fall.erinnerungen.map((x) => x.vorgang)).size).toBe(ausgang.fall.erinnerungen.length)
        fall = ausgang.fall
      }
    }),
    { numRuns: 2_000 },
  )
})

test('Stände may arrive twice, late and in any order: the highest epoch and version wins', () => {
  const stand = fc.record({ epoch: fc.integer({ min: 1, max: 3 }), version: fc.integer({ min: 1, max: 50 }) })
  fc.assert(
    fc.property(fc.array(stand, { minLength: 1 }), fc.infiniteStream(fc.nat()), (staende, seeds) => {
      const full = staende.map((s): Stand => ({ ...s, status: 'OFFEN', erinnerungAm: null, offeneVorgaenge: 0 }))
      const shuffled = [...full, ...full].sort(() => (seeds.next().value! % 2 ? 1 : -1))
      const highest = full.reduce((a, b) => (a.epoch * 1000 + a.version >= b.epoch * 1000 + b.version ? a : b))
      const { epoch, version } = shuffled.reduce(newer)
      expect({ epoch, version }).toEqual({ epoch: highest.epoch, version: highest.version })
    }),
  )
})
