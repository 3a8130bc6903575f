import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../../test/support/datenbank.ts'
import { alter } from '../../domain/kalender.ts'
import { type Demo, seedDemo } from './demo.ts'

const HEUTE = '2026-11-23'

let database: TestDatabase
let demo: Demo

beforeAll(async () => {
  database = await createTestDatabase()
  demo = await seedDemo(database.owner, { heute: HEUTE, passwort: 'Regen Kante Ofen', logins: true })
})
afterAll(() => database.drop())

/** One number of the demo Betrieb. */
const zahl = async (wo: ReturnType<typeof sql>): Promise<number> => {
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM kunde k LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE v.bestandsart = 'EIGEN' AND v.status = 'AKTIV') AS eigene, count(*) AS alle FROM vertrag v WHERE v.kunde_id = k.id) v ON true
    WHERE k.betrieb_id = ${demo.betrieb} AND (${wo})`.execute(database.owner)
  return rows[0]!.n
}
const vertraege = async (wo: ReturnType<typeof sql>): Promise<number> => {
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM vertrag v WHERE v.betrieb_id = ${demo.betrieb} AND (${wo})`.execute(
    database.owner,
  )
  return rows[0]!.n
}

/** The portfolio without what a database gives by itself (ids, moments of writing). */
async function pruefsumme(welche: TestDatabase): Promise<string> {
  const { rows } = await sql<{ zeile: string }>`
    SELECT concat_ws('|', k.nummer, p.email, to_jsonb(k) - '{id,betrieb_id,vermittler_id,haushalt_id,erstellt_am,geaendert_am}'::text[],
      (SELECT jsonb_agg(to_jsonb(v) - '{id,betrieb_id,kunde_id,versicherte_person_id,erstellt_am,geaendert_am}'::text[] ORDER BY v.vu_nummer, v.vsnr) FROM vertrag v WHERE v.kunde_id = k.id),
      (SELECT jsonb_agg(jsonb_build_array(b.art, z.nummer) ORDER BY z.nummer) FROM beziehung b JOIN kunde z ON z.id = b.zu_kunde_id WHERE b.kunde_id = k.id),
      (SELECT jsonb_agg(to_jsonb(c) - '{id,betrieb_id,kunde_id,vermittler_id}'::text[] ORDER BY c.am, c.ergebnis) FROM kontakt c WHERE c.kunde_id = k.id)) AS zeile
    FROM kunde k JOIN vermittler p ON p.id = k.vermittler_id ORDER BY k.nummer`.execute(welche.owner)
  return createHash('sha256')
    .update(rows.map(({ zeile }) => zeile).join('\n'))
    .digest('hex')
}

test('the office has 1,105 Kunden with 4.4 contracts each, two fifths of them in a home with others', async () => {
  expect(demo.kunden).toBe(1105)
  expect(await zahl(sql`true`)).toBe(1105)
  expect(demo.vertraege / demo.kunden).toBeGreaterThan(4.3)
  expect(demo.vertraege / demo.kunden).toBeLessThan(4.5)
  expect(await vertraege(sql`true`)).toBe(demo.vertraege)
  expect(await zahl(sql`EXISTS (SELECT FROM kunde a WHERE a.haushalt_id = k.haushalt_id AND a.id <> k.id)`)).toBeGreaterThan(440)
  expect(await zahl(sql`k.art = 'FIRMA'`)).toBeGreaterThan(10)
})

test('the young have few contracts, the middle-aged many', async () => {
  const schnitt = async (von: number, bis: number): Promise<number> => {
    const { rows } = await sql<{ n: number }>`SELECT avg(n) AS n FROM (SELECT count(v.id) AS n FROM kunde k LEFT JOIN vertrag v ON v.kunde_id = k.id
      WHERE k.art = 'NATUERLICH' AND extract(year FROM age(${HEUTE}::date, k.geburtsdatum)) BETWEEN ${von} AND ${bis} GROUP BY k.id) x`.execute(
      database.owner,
    )
    return rows[0]!.n
  }
  expect(await schnitt(0, 17)).toBeLessThan(1)
  expect(await schnitt(18, 24)).toBeLessThan(3)
  expect(await schnitt(40, 60)).toBeGreaterThan(5)
})

test.each([17, 18, 34, 35])('somebody turns %i today and somebody tomorrow', async (jahre) => {
  const { rows } = await sql<{ geburtsdatum: string }>`SELECT geburtsdatum FROM kunde WHERE geburtsdatum IN (
    ${HEUTE}::date - make_interval(years => ${jahre}), ${HEUTE}::date + 1 - make_interval(years => ${jahre}))`.execute(database.owner)
  expect(new Set(rows.map((row) => alter(row.geburtsdatum, HEUTE)))).toEqual(new Set([jahre, jahre - 1]))
})

test('people were born on 29 February, below and above 35', async () => {
  const { rows } = await sql<{ geburtsdatum: string }>`SELECT geburtsdatum FROM kunde WHERE to_char(geburtsdatum, 'MM-DD') = '02-29'`.execute(
    database.owner,
  )
  const jahre = rows.map((row) => alter(row.geburtsdatum, HEUTE))
  expect(jahre.some((j) => j >= 18 && j <= 34)).toBe(true)
  expect(jahre.some((j) => j >= 35)).toBe(true)
})

test('people of 25 have none, three and four contracts, one of the four foreign, cancelled, applied for, renewing at New Year, unconfirmed for 14 months', async () => {
  const mit25 = sql`k.geburtsdatum BETWEEN '2000-11-24' AND '2001-11-23'`
  const einVertrag = (wo: ReturnType<typeof sql>) =>
    zahl(sql`${mit25} AND v.alle = 4 AND EXISTS (SELECT FROM vertrag x WHERE x.kunde_id = k.id AND ${wo})`)
  expect(await zahl(sql`${mit25} AND v.alle = 0`)).toBeGreaterThan(0)
  expect(await zahl(sql`${mit25} AND v.eigene = 3 AND v.alle = 3`)).toBeGreaterThan(0)
  expect(await zahl(sql`${mit25} AND v.eigene = 4`)).toBeGreaterThan(0)
  expect(await einVertrag(sql`x.bestandsart = 'FREMD'`)).toBeGreaterThan(0)
  expect(await einVertrag(sql`x.status = 'STORNIERT'`)).toBeGreaterThan(0)
  expect(await einVertrag(sql`x.status = 'ANTRAG' AND x.beginn > ${HEUTE}`)).toBeGreaterThan(0)
  expect(await einVertrag(sql`x.sparte = 'KFZ' AND x.ablauf = '2027-01-01' AND x.verlaengert_sich IS NULL`)).toBeGreaterThan(0)
  expect(await einVertrag(sql`x.ablauf < ${HEUTE} AND x.bestaetigt_am < '2025-10-23'`)).toBeGreaterThan(0)
})

test.each([-1, 0, 1, 30, 90, 91])('a contract known to end and one of which nobody knows run out in %i days', async (tage) => {
  const amTag = sql`v.status = 'AKTIV' AND v.bestandsart = 'EIGEN' AND v.ablauf = ${HEUTE}::date + ${tage}::int`
  expect(await vertraege(sql`${amTag} AND v.verlaengert_sich = 'NEIN'`)).toBeGreaterThan(0)
  expect(await vertraege(sql`${amTag} AND v.verlaengert_sich IS NULL AND v.sparte = 'SONSTIGE'`)).toBeGreaterThan(0)
})

test('what must not count is there, too: cancelled, foreign, applied for, Leben and BU that end, Kfz due at New Year', async () => {
  const bald = sql`v.ablauf BETWEEN ${HEUTE}::date AND ${HEUTE}::date + 90`
  for (const wo of [
    sql`v.status = 'STORNIERT'`,
    sql`v.bestandsart = 'FREMD' AND v.verlaengert_sich = 'NEIN'`,
    sql`v.status = 'ANTRAG'`,
    sql`v.sparte = 'LV'`,
  ])
    expect(await vertraege(sql`${bald} AND ${wo}`)).toBeGreaterThan(0)
  expect(await vertraege(sql`v.sparte = 'BU' AND v.ablauf = ${HEUTE}::date + 120`)).toBeGreaterThan(0)
  expect(await vertraege(sql`v.sparte = 'KFZ' AND v.hauptfaelligkeit = '2027-01-01'`)).toBeGreaterThan(300)
})

test('houses have Elementar, have none, or nobody knows', async () => {
  for (const wo of [sql`v.merkmale ->> 'elementar' = 'JA'`, sql`v.merkmale ->> 'elementar' = 'NEIN'`, sql`NOT v.merkmale ? 'elementar'`])
    expect(await vertraege(sql`v.sparte = 'WOHNGEBAEUDE' AND v.status = 'AKTIV' AND ${wo}`)).toBeGreaterThan(0)
})

test('some homes have no Privathaftpflicht, some workers of each kind no BU, and children come of age in 1, 5, 30, 60, 90 and 91 days', async () => {
  expect(
    await zahl(sql`k.haushalt_id IS NOT NULL AND NOT EXISTS (SELECT FROM vertrag x JOIN kunde m ON m.id = x.kunde_id
    WHERE m.haushalt_id = k.haushalt_id AND x.sparte = 'PHV' AND x.status = 'AKTIV')`),
  ).toBeGreaterThan(50)
  for (const erwerb of ['ANGESTELLT', 'SELBSTSTAENDIG', 'AZUBI', 'BEAMTER'])
    expect(
      await zahl(sql`k.erwerbsstatus = ${erwerb} AND NOT EXISTS (SELECT FROM vertrag x WHERE x.versicherte_person_id = k.id AND x.sparte = 'BU')`),
    ).toBeGreaterThan(0)
  for (const tage of [1, 5, 30, 60, 90, 91])
    expect(
      await zahl(sql`k.geburtsdatum = (${HEUTE}::date + ${tage}::int - interval '18 years')::date
      AND EXISTS (SELECT FROM beziehung b WHERE b.kunde_id = k.id AND b.art = 'KIND')`),
    ).toBeGreaterThan(0)
})

test('some died, are restricted, to be deleted, former, only interested, object to advertising, or have no birthday', async () => {
  for (const wo of [
    sql`k.verstorben_am IS NOT NULL`,
    sql`k.eingeschraenkt_am IS NOT NULL`,
    sql`k.loeschen_ab IS NOT NULL`,
    sql`k.status = 'EHEMALIG'`,
  ])
    expect(await zahl(wo)).toBeGreaterThan(0)
  for (const wo of [sql`k.status = 'INTERESSENT'`, sql`k.werbewiderspruch_am IS NOT NULL`, sql`k.art = 'NATUERLICH' AND k.geburtsdatum IS NULL`])
    expect(await zahl(wo)).toBeGreaterThan(0)
})

test('there are consents given and revoked, portal accesses invited and active, contacts of the past', async () => {
  const { rows } = await sql<Record<string, number>>`SELECT
    (SELECT count(*) FROM einwilligung WHERE widerrufen_am IS NULL) AS erteilt, (SELECT count(*) FROM einwilligung WHERE widerrufen_am IS NOT NULL) AS widerrufen,
    (SELECT count(*) FROM portalzugang WHERE status = 'AKTIV') AS aktiv, (SELECT count(*) FROM portalzugang WHERE status = 'EINGELADEN') AS eingeladen,
    (SELECT count(*) FROM kontakt WHERE am < ${HEUTE}) AS kontakte, (SELECT count(*) FROM kontakt WHERE am >= ${HEUTE}) AS kuenftig`.execute(
    database.owner,
  )
  const { kuenftig, ...da } = rows[0]!
  for (const n of Object.values(da)) expect(n).toBeGreaterThan(10)
  expect(kuenftig).toBe(0)
})

test('nobody real is in it: addresses end in .example, phones are kept free for films, insurers have numbers BaFin does not give', async () => {
  expect(await zahl(sql`k.email !~ '^[a-z0-9.-]+@[a-z0-9-]+[.]example$'`)).toBe(0)
  expect(await zahl(sql`k.telefon !~ '^(040 66969|030 23125)[0-9]{3}$' OR k.mobil !~ '^(0171 39200|0176 040690)[0-9]{2}$'`)).toBe(0)
  expect(
    await vertraege(
      sql`v.vu_nummer !~ '^9[0-9]{4}$' OR NOT EXISTS (SELECT FROM versicherer u WHERE u.betrieb_id = v.betrieb_id AND u.vu_nummer = v.vu_nummer)`,
    ),
  ).toBe(0)
})

test('no contract begins before its Kunde was born or ends before it began, and no Lebensversicherung still runs that has ended', async () => {
  expect(await vertraege(sql`v.ablauf < v.beginn OR v.abgang_am < v.beginn OR v.beitrag_cent <= 0`)).toBe(0)
  expect(await vertraege(sql`v.status = 'AKTIV' AND v.beginn > ${HEUTE}`)).toBe(0)
  expect(await vertraege(sql`EXISTS (SELECT FROM kunde k WHERE k.id = v.kunde_id AND k.geburtsdatum > v.beginn)`)).toBe(0)
  expect(await vertraege(sql`v.sparte IN ('LV', 'RV', 'BU', 'RLV') AND v.status = 'AKTIV' AND v.ablauf <= ${HEUTE}`)).toBe(0)
})

test('five people can sign in, each Vermittler has a portfolio and own agency numbers at every insurer', async () => {
  expect(demo.logins.map(({ email }) => email)).toEqual(
    ['supervisor', 'vermittler1', 'vermittler2', 'vermittler3', 'vermittler4'].map((wer) => `${wer}@demo.example`),
  )
  const { rows } = await sql<{
    email: string
    kunden: number
    nummern: number
  }>`SELECT p.email, (SELECT count(*) FROM kunde k WHERE k.vermittler_id = p.id) AS kunden,
    (SELECT count(*) FROM agenturnummer a WHERE a.vermittler_id = p.id) AS nummern FROM vermittler p WHERE p.anmeldung_id IS NOT NULL`.execute(
    database.owner,
  )
  expect(rows).toHaveLength(5)
  for (const { kunden, nummern } of rows) expect([kunden > 20, nummern]).toEqual([true, 13])
})

test('a new Kunde gets the number after the last one', async () => {
  const { rows } = await sql<{ n: number }>`SELECT naechste_kundennummern(${demo.betrieb}, 1) AS n`.execute(database.owner)
  expect(rows[0]!.n).toBe(1106)
})

test('a second demo Betrieb is refused and nothing is written', async () => {
  await expect(seedDemo(database.owner, { heute: HEUTE, passwort: 'Regen Kante Ofen', logins: true })).rejects.toThrow(
    'Es gibt schon einen Demo-Betrieb (Maklerhaus Lindner)',
  )
  expect(await zahl(sql`true`)).toBe(1105)
})

test('the same day gives the same office row by row, also when the worker fills it without logins', async () => {
  const zweite = await createTestDatabase()
  try {
    await seedDemo(zweite.worker, { heute: HEUTE, passwort: '', logins: false })
    expect(await pruefsumme(zweite)).toBe(await pruefsumme(database))
  } finally {
    await zweite.drop()
  }
})
