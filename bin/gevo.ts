/**
 * `npm run gevo neu KEY [CODE]`: a new Geschäftsvorfall, its test, and its place on the shelf; its tests fail until it is filled in.
 * `npm run gevo zeige KEY [TAG]`: whom it finds in the database. `npm run gevo regal`: the shelf as the folder is. See docs/neuer-gevo.md.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { zeigeGevo } from './gevo-zeigen.ts'

const GEVOS = path.join(import.meta.dirname, '../gevos')
/** Words that stand for something else in the addresses of the app. */
const RESERVIERT = ['alle', 'vorgang']
const GEBRAUCH = `So geht es:
  npm run gevo neu KEY [CODE]    neuer Geschäftsvorfall, zum Beispiel npm run gevo neu rechtsschutz-fehlt G41
  npm run gevo zeige KEY [TAG]   wen er heute (oder am TAG, JJJJ-MM-TT) in der Datenbank findet
  npm run gevo regal             gevos/regal.ts neu schreiben, wenn eine Datei umbenannt oder entfernt wurde
Schritt für Schritt: docs/neuer-gevo.md`

export interface Neu {
  /** File name: small letters, digits, hyphens, no umlauts. */
  key: string
  /** 'G06'; without it the next number nobody has. */
  code?: string | undefined
}

/** Writes the files into `dir` and returns their names. Throws in German where the key or code cannot be used. */
export function createGevo({ key, code }: Neu, dir = GEVOS): string[] {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(key) || RESERVIERT.includes(key))
    throw new Error(`„${key}“ geht nicht als Name. Richtig sind Kleinbuchstaben und Bindestriche ohne Umlaute.`)
  if (code !== undefined && !/^G\d\d$/.test(code)) throw new Error(`„${code}“ geht nicht als Code. Richtig ist zum Beispiel G06.`)
  const vergeben = listCodes(dir)
  if (code !== undefined && vergeben.has(code))
    throw new Error(`Den Code ${code} hat schon gevos/${vergeben.get(code)!}. Ein Code wird nie ein zweites Mal vergeben.`)
  if (existsSync(path.join(dir, `${key}.ts`))) throw new Error(`gevos/${key}.ts gibt es schon.`)
  const frei = code ?? nextCode([...vergeben.keys()])
  writeFileSync(path.join(dir, `${key}.ts`), vorlage(key, frei))
  writeFileSync(path.join(dir, `${key}.test.ts`), testvorlage(key))
  writeRegal(dir)
  return [`${key}.ts`, `${key}.test.ts`, 'regal.ts']
}

/** Code → file. It stands in the definition, or above it where the question needs it, too. */
function listCodes(dir: string): Map<string, string> {
  return new Map(
    listGevos(dir).map((file) => {
      const code = /^(?: {2}code: |const CODE = )'(G\d\d)'/m.exec(readFileSync(path.join(dir, file), 'utf8'))?.[1]
      if (code === undefined) throw new Error(`gevos/${file}: Hier ist kein Code zu lesen. Richtig ist eine Zeile   code: 'G41',`)
      return [code, file]
    }),
  )
}

/** The files that hold a GeVo: they say so in their default export. */
function listGevos(dir: string): string[] {
  return readdirSync(dir)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => /^export default gevo\(\{/m.test(readFileSync(path.join(dir, file), 'utf8')))
    .sort()
}

function nextCode(codes: readonly string[]): string {
  return `G${String(Math.max(0, ...codes.map((code) => Number(code.slice(1)))) + 1).padStart(2, '0')}`
}

/** Names in it every GeVo of the folder. */
export function writeRegal(dir = GEVOS): void {
  const gevos = listGevos(dir).map((file) => ({ file, name: file.slice(0, -3).replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()) }))
  writeFileSync(
    path.join(dir, 'regal.ts'),
    [
      '/** Every GeVo there is. Written by `npm run gevo neu`; a test checks it against the folder. */',
      ...gevos.map(({ file, name }) => `import ${name} from './${file}'`),
      '',
      'export const regal = [',
      ...gevos.map(({ name }) => `  ${name},`),
      '] as const',
      '',
    ].join('\n'),
  )
}

function vorlage(key: string, code: string): string {
  return `import { sql } from 'kysely'
import { fehltNoch, gevo } from './gevo.ts'

const WERTE = {}

export default gevo({
  key: '${key}',
  code: '${code}',
  titel: 'TODO: wie er in der Übersicht heißt',
  kurz: 'TODO: eine Zeile dazu',
  gruppe: 'LUECKE',
  klasse: 'W',
  prio: 3,
  ende: 'BEFUND_WEG',
  sperrfrist: { monate: 12 },
  werte: WERTE,
  einstellungen: {},
  version: 1,
  hilfe: 'TODO: was gemeint ist, was zählt und was nicht',
  grund: 'TODO: warum sich das lohnt, mit Quelle',
  endetWenn: 'TODO: wodurch der Befund von selbst wegfällt',
  recht: null,
  angebot: { betreff: 'TODO', text: 'TODO: {anrede}, … {vermittler}' },

  erkenne: ({ db, bestand, regel }) =>
    db
      .selectFrom(bestand.kunden.as('k'))
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'k.betrieb_id')
      .select(['k.betrieb_id', 'k.vermittler_id', 'k.id as kunde_id'])
      .select([
        sql<null>\`NULL::integer\`.as('vertrag_id'),
        sql<string>\`'k' || k.id\`.as('schluessel'),
        sql<Record<string, unknown>>\`jsonb_build_object()\`.as('befund'),
        sql<string[]>\`'{}'::text[]\`.as('unbekannt'),
        sql<null>\`NULL::date\`.as('frist'),
        sql<null>\`NULL::date\`.as('bearbeiten_bis'),
        sql<'TRIFFT' | 'UNBEKANNT'>\`'TRIFFT'\`.as('lage'),
        sql<number>\`0\`.as('dringlichkeit'),
      ])
      // TODO: die Frage. Was mehr als ein GeVo fragt, steht in bausteine.ts, deckung.ts und fristen.ts.
      .where(fehltNoch('gevos/${key}.ts: die Frage in erkenne')),

  erklaere: () => 'TODO: die Frage auf Deutsch, mit den gelesenen Werten',
  anlass: () => 'TODO: eine kurze Zeile für die Liste',
})
`
}

function testvorlage(key: string): string {
  return `import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort, sqlOf } from '../test/support/gevo.ts'
import gevo from './${key}.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    // TODO: ein glaubwürdiger Fall je Zeile, auch jede Grenze: kunde und vertraege wie in test/support/welt.ts.
    ['TODO: was diesen Kunden ausmacht', { kunde: {}, vertraege: [] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([['verstorben', { kunde: { verstorben_am: '2026-01-01' } }]])('%s', async (_, lage) =>
    expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'),
  )
})

// Was unbekannt ist und den Ausgang ändern könnte, eröffnet nichts und beendet nichts: describe('unbekannt', …).

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
`
}

async function main([befehl, key, code]: string[]): Promise<void> {
  try {
    if (befehl === 'neu' && key !== undefined) {
      const files = createGevo({ key, code })
      console.log(`Geschrieben: ${files.map((file) => `gevos/${file}`).join(', ')}`)
      console.log(`Als Nächstes: die Stellen mit TODO füllen (docs/neuer-gevo.md), dann npm run check -- gevos/${key}.test.ts, zuletzt npm run check`)
    } else if (befehl === 'regal') writeRegal()
    else if (befehl === 'zeige' && key !== undefined) await zeigeGevo(key, code)
    else throw new Error(GEBRAUCH)
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))
