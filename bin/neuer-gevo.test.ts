/** docs/neuer-gevo.md, followed to the letter in a copy of the repository: its files are written, its commands run, and the new rule finds the demo's birthdays. */
import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedDemo } from '../db/demo/demo.ts'
import { berlinTag } from '../domain/kalender.ts'
import { SECRET, type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'

const ROOT = path.join(import.meta.dirname, '..')
const SEITE = path.join(ROOT, 'docs/neuer-gevo.md')

interface Block {
  /** 'sh' runs, 'ts' is the whole of a file. */
  art: string
  /** The file, or 'fails' for a command that is said to fail. */
  wort: string
  text: string
}

let database: TestDatabase
let kopie: string
beforeAll(async () => {
  database = await createTestDatabase()
  await seedDemo(database.owner, { heute: berlinTag(new Date().toISOString()), passwort: '', logins: false })
  kopie = mkdtempSync(path.join(tmpdir(), 'neuer-gevo-'))
  const dateien = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' }).split('\0')
  for (const datei of dateien.filter((name) => name !== '' && !/^(histories|docs\/bilder)\//.test(name))) {
    mkdirSync(path.dirname(path.join(kopie, datei)), { recursive: true })
    cpSync(path.join(ROOT, datei), path.join(kopie, datei))
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(kopie, 'node_modules'))
})
afterAll(async () => {
  rmSync(kopie, { recursive: true, force: true })
  await database.drop()
})

test('a developer who follows the page has a rule that finds its customers', { timeout: 600_000 }, async () => {
  const ausgaben: string[] = []
  for (const { art, wort, text } of listBloecke(readFileSync(SEITE, 'utf8'))) {
    if (art === 'ts') writeFileSync(path.join(kopie, wort), text)
    else
      for (const befehl of text.trim().split('\n')) {
        const { ausgabe, code } = await run(befehl)
        expect({ befehl, code, ausgabe: code === 0 || wort === 'fails' ? '' : ausgabe }).toEqual({
          befehl,
          code: wort === 'fails' ? 1 : 0,
          ausgabe: '',
        })
        ausgaben.push(ausgabe)
      }
  }
  const [, unausgefuellt, eigener, regal, , gezeigt] = ausgaben
  for (const hilfe of ['die Frage in erkenne ist noch nicht ausgefüllt', 'hilfe ist noch nicht ausgefüllt', 'der Test ist noch nicht ausgefüllt'])
    expect(unausgefuellt).toContain(hilfe)
  for (const geprueft of [eigener, regal]) expect(geprueft).toMatch(/Tests +\d+ passed \(\d+\)/)
  const treffer = /Geburtstag \(G19\) am [\d-]+, Maklerhaus Lindner: (\d+) Treffer/.exec(gezeigt!)
  expect(Number(treffer![1])).toBe(await countGeburtstage())
  expect(gezeigt).toMatch(/K-\d{6} {2}wird am \d\d\.\d\d\.20\d\d \d+ Jahre alt/)
})

function listBloecke(seite: string): Block[] {
  return [...seite.matchAll(/^```(sh|ts) ?(.*)\n([\s\S]*?)^```$/gm)].map(([, art, wort, text]) => ({ art: art!, wort: wort!, text: text! }))
}

/** As it would be typed, in the copy, with the demo Betrieb as its database. */
function run(befehl: string): Promise<{ ausgabe: string; code: number }> {
  const { CI: _, NODE_ENV: __, VITEST: ___, ...rest } = process.env
  const env = { ...rest, DATABASE_URL: database.ownerUrl, SESSION_SECRET: SECRET, NO_COLOR: '1' }
  const [programm, ...args] = befehl.split(' ')
  return new Promise((resolve) => {
    execFile(programm!, args, { cwd: kopie, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
      resolve({ ausgabe: stdout + stderr, code: error ? Number(error.code) || 1 : 0 }),
    )
  })
}

/** Counted without SQL of the rule: who may be spoken to and has a birthday today or in the three days to come. */
async function countGeburtstage(): Promise<number> {
  const heute = Temporal.PlainDate.from(berlinTag(new Date().toISOString()))
  const kunden = await database.owner.selectFrom('kunde').selectAll().where('art', '=', 'NATUERLICH').where('geburtsdatum', 'is not', null).execute()
  return kunden.filter((k) => {
    if (k.status !== 'AKTIV' || k.verstorben_am || k.eingeschraenkt_am || k.loeschen_ab || k.werbewiderspruch_am) return false
    const { day, month } = Temporal.PlainDate.from(k.geburtsdatum!)
    return [0, 1, 2, 3].some((tage) => {
      const tag = heute.add({ days: tage })
      const verschoben = month === 2 && day === 29 && !tag.inLeapYear
      return verschoben ? tag.month === 3 && tag.day === 1 : tag.month === month && tag.day === day
    })
  }).length
}
