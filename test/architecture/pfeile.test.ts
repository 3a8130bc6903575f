/** The arrows between the rooms: who may know whom at run time. Types may be looked at by anybody. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const ROOT = path.join(import.meta.dirname, '../..')

/** Room → rooms it may import at run time. */
const PFEILE: Record<string, readonly string[]> = {
  domain: [],
  gevos: ['domain'],
  workflows: ['domain'],
  imports: ['domain'],
  db: ['domain', 'imports'],
  activities: ['db', 'domain', 'gevos'],
  relay: ['db', 'domain', 'workflows'],
  web: ['db', 'domain', 'gevos'],
}

/** Rooms that may look at others by type only (`import type`). */
const NUR_TYP: Record<string, readonly string[]> = { workflows: ['activities', 'db'], gevos: ['db'] }

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

const FILES = Object.keys(PFEILE).flatMap((room) =>
  globSync(`${room}/**/*.{ts,tsx}`, { cwd: ROOT }).filter((file) => !/\.test\.tsx?$|^gevos\/vorlage/.test(file)),
)

test.each(Object.keys(PFEILE))('%s imports only whom it may know', (room) => {
  const wrong = FILES.filter((file) => roomOf(file) === room)
    .flatMap(readImports)
    .filter(({ to, typeOnly }) => {
      const target = roomOf(to)
      if (target === room || PFEILE[room]!.includes(target)) return false
      return !(typeOnly && NUR_TYP[room]?.includes(target))
    })
  expect(wrong).toEqual([])
})

test('only the processes and their tools read the environment', () => {
  const reading = FILES.filter((file) => /process\.env/.test(source(file)))
  expect(reading).toEqual([])
})

test('Temporal stays with the worker: web, server, domain, db, gevos and imports do not know it', () => {
  const rooms = ['web', 'domain', 'db', 'gevos', 'imports']
  const knowing = [...FILES.filter((file) => rooms.includes(roomOf(file))), 'server.ts'].filter((file) => /from '@temporalio\//.test(source(file)))
  expect(knowing).toEqual([])
})

test('domain has neither clock nor I/O', () => {
  const impure = FILES.filter((file) => roomOf(file) === 'domain').filter((file) =>
    /Date\.now|new Date\(\)|Temporal\.Now|Math\.random|from 'node:|from 'pg'|from 'kysely'/.test(source(file)),
  )
  expect(impure).toEqual([])
})

test('views hold neither inline style nor inline script, and nothing that needs eval', () => {
  const inline = FILES.filter((file) => roomOf(file) === 'web' && file.endsWith('.tsx')).filter((file) =>
    /\sstyle=|dangerouslySetInnerHTML|\braw\(|hx-on|"js:|\bon[a-z]+="/.test(source(file)),
  )
  expect(inline).toEqual([])
})

function readImports(file: string): Import[] {
  return [...source(file).matchAll(/^(?:import|export)\s+(type\s+)?([^'"]*?from\s+)?'(\.[^']+)'/gms)].map(([, type, names, target]) => ({
    from: file,
    to: path.relative(ROOT, path.resolve(ROOT, path.dirname(file), target!)),
    typeOnly: type !== undefined || onlyTypes(names),
  }))
}

/** `import { type A, type B } from …` is by type only, too. */
function onlyTypes(names: string | undefined): boolean {
  const inner = /\{([^}]*)\}/.exec(names ?? '')?.[1]
  return inner !== undefined && inner.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '))
}

function roomOf(file: string): string {
  return file.split('/')[0]!
}
function source(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
}
