/** A day under fire: brokers click, reminders fall due, and everything that can die, hang or be cut off does, in an order drawn from the seed. */
import { sql } from 'kysely'
import { createWuerfel } from '../../db/demo/wuerfel.ts'
import { type Anlage, type Anlagenplan, openAnlage } from './anlage.ts'
import { type Bericht, type Meldung, type Zahlen, perzentil } from './bericht.ts'
import type { Zeuge } from './browser.ts'
import { type Klick, runMakler } from './makler.ts'
import { type Befunde, ausloesungen, checkDatenbank, insertKlicks } from './pruefung.ts'
import { checkTemporal } from './pruefung-temporal.ts'
import { warteAufRuhe, warteAufZustellung } from './ruhe.ts'
import { nenne, planStoerungen, stoere } from './stoerungen.ts'
import { insertWelt } from './welt.ts'

export interface Tagesplan extends Omit<Anlagenplan, 'env'> {
  minuten: number
  faelle: number
  makler: number
  saat: number
  /** Temporal's store fails to the end: there is no healing after which reminders have to be in time. */
  heiltNie: boolean
  melde: Meldung
}

/** Fälle a second until all have their workflow, about; and how long it may take the system to come to rest, seconds. */
const STARTS = 80
const RUHE = 180
/** From so many minutes on it is waited for reminder mails that hold back for their five minutes. */
const MIT_GEPLANTEN = 5

export async function runTag(plan: Tagesplan): Promise<Bericht> {
  const anlage = await openAnlage(plan)
  try {
    return await runIn(anlage, plan)
  } finally {
    plan.melde('Wird beendet …')
    await anlage.stop()
  }
}

async function runIn(anlage: Anlage, { minuten, faelle, makler, saat, heiltNie, melde, signal }: Tagesplan): Promise<Bericht> {
  const { owner, resend } = anlage
  const dauer = minuten * 60
  const vorlauf = 10 + faelle / STARTS
  const welt = await insertWelt(owner, { makler, faelle, von: vorlauf, bis: vorlauf + dauer + 30 })
  melde(`${faelle} Fälle mit Wiedervorlage für ${makler} Makler angelegt`)
  await anlage.bereit()
  await warteAufZustellung(owner, melde, signal)

  const klicks: Klick[] = []
  const maengel: string[] = []
  const zeiten: number[] = []
  const zeuge: Zeuge = { mangel: (text) => void maengel.push(text), dauer: (ms) => void zeiten.push(ms) }
  const feierabend = new AbortController()
  const arbeit = Promise.all(
    welt.makler.map((person, i) =>
      runMakler(person, { url: anlage.url, wuerfel: createWuerfel(saat * 1_000 + i), klicks, zeuge, feierabend: feierabend.signal, signal }),
    ),
  )
  const stoerungen = planStoerungen(createWuerfel(saat), dauer)
  melde(`${stoerungen.length} Störungen in ${minuten} min, Saat ${saat}`)
  const uhr = setInterval(() => {
    const beantwortet = klicks.filter(({ status }) => status !== null).length
    melde(
      `${beantwortet} Klicks beantwortet, ${klicks.length - beantwortet} offen, ${resend.sent.size} Mails, Neustarts ${Object.values(anlage.starts).reduce((a, b) => a + b, -4)}`,
    )
  }, 10_000)
  try {
    await Promise.race([stoere(anlage, stoerungen, signal), arbeit])
  } finally {
    clearInterval(uhr)
  }
  await anlage.leitungen.heile()
  await anlage.bereit()
  signal.throwIfAborted()
  const heilung = new Date().toISOString()
  melde('Alles ist geheilt')
  // Clicks and reminders go on for a while: what comes after the healing has to come in time.
  await new Promise((resolve) => setTimeout(resolve, 20_000))
  feierabend.abort()
  await arbeit
  const geplant = minuten >= MIT_GEPLANTEN
  const ruhe = await warteAufRuhe(owner, { geplant, hoechstens: RUHE + (geplant ? 320 : 0), melde, signal })

  melde('Wird geprüft …')
  await insertKlicks(owner, klicks)
  const befunde = {
    ...(await checkDatenbank(owner, { resend, heilung: heiltNie ? null : heilung })),
    ...(await bisRuhig(() => checkTemporal(anlage.worker, anlage.client))),
    'Kein Fehler ohne deutsche Seite, niemand wird abgemeldet': maengel,
  }
  return {
    lauf: 'tag',
    saat,
    befunde,
    zahlen: {
      ...countStoerungen(stoerungen, anlage),
      ...countKlicks(klicks, zeiten),
      ...(await countWirkung(anlage, heilung)),
      'Sekunden bis zur Ruhe': ruhe,
    },
  }
}

/**
 * Temporal's lists lag behind, and so do workflows whose reminders were caught up without their timers; a server under fire may refuse to answer: what it
 * does not say within `hoechstens` seconds is a broken promise, too.
 */
export async function bisRuhig(check: () => Promise<Befunde>, hoechstens = 300): Promise<Befunde> {
  for (const spaetestens = Date.now() + hoechstens * 1_000; ;) {
    const befunde = await check().catch((error: Error) => ({ 'Temporal lässt sich befragen': [error.message] }))
    if (Date.now() > spaetestens || Object.values(befunde).every((rows) => rows.length === 0)) return befunde
    await new Promise((resolve) => setTimeout(resolve, 3_000))
  }
}

function countStoerungen(stoerungen: Parameters<typeof nenne>[0][], { starts }: Anlage): Zahlen {
  const nach = Map.groupBy(stoerungen, ({ art }) => art)
  const arten = [...Map.groupBy(stoerungen, nenne)].toSorted(([a], [b]) => a.localeCompare(b)).map(([art, alle]) => `${art} ${alle.length}`)
  return {
    Störungen: stoerungen.length,
    'davon Tod, Stillstand, Leitung': ['TOD', 'HALT', 'LEITUNG'].map((art) => nach.get(art as 'TOD')?.length ?? 0).join(', '),
    'im einzelnen': arten.join(', '),
    'Starts von Web, Worker, Temporal, PostgreSQL': [starts.web, starts.worker, starts.temporal, starts.postgres].join(', '),
  }
}

function countKlicks(klicks: readonly Klick[], zeiten: readonly number[]): Zahlen {
  const mit = (test: (versuch: number) => boolean): number => klicks.filter(({ versuche }) => versuche.slice(0, -1).some(test)).length
  return {
    Klicks: klicks.length,
    'davon angenommen': klicks.filter(({ status }) => status !== null && status < 400).length,
    'davon mit 422 zurückgegeben': klicks.filter(({ status }) => status === 422).length,
    'nach einer Fehlerseite noch einmal gesendet': mit((status) => status >= 500),
    'nach keiner Antwort noch einmal gesendet': mit((status) => status === 0),
    'Antwortzeit p50, p99 in ms': `${Math.round(perzentil(zeiten, 0.5))}, ${Math.round(perzentil(zeiten, 0.99))}`,
  }
}

async function countWirkung({ owner, resend }: Anlage, heilung: string): Promise<Zahlen> {
  const { rows } = await sql<{ n: number; danach: number; spaet: number | null; p99: number | null }>`
    SELECT count(*) AS n, count(*) FILTER (WHERE am > ${heilung}::timestamptz) AS danach,
      max(spaet) FILTER (WHERE am > ${heilung}::timestamptz) AS spaet, percentile_cont(0.99) WITHIN GROUP (ORDER BY spaet) AS p99
    FROM (SELECT am, extract(epoch FROM am - greatest(gesetzt_auf, frei_seit, CASE WHEN am > ${heilung}::timestamptz THEN ${heilung}::timestamptz END)) AS spaet
      FROM (${ausloesungen}) a) x`.execute(owner)
  const { n, danach, spaet, p99 } = rows[0]!
  const {
    rows: [faelle],
  } = await sql<{ faelle: number; protokoll: number }>`SELECT count(*) AS faelle, (SELECT count(*) FROM protokoll) AS protokoll FROM fall`.execute(
    owner,
  )
  return {
    Fälle: faelle!.faelle,
    'Einträge im Protokoll': faelle!.protokoll,
    'Wiedervorlagen ausgelöst': n,
    'davon nach der letzten Heilung': danach,
    'größte Verspätung danach in s': Number(spaet ?? 0),
    'Verspätung p99 über alles in s': Number(p99 ?? 0),
    'Mails angekommen': resend.sent.size,
    'Versuche dafür': resend.requests.length,
  }
}
