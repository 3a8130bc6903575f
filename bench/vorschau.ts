/**
 * "Would open N Fälle", for all rules at once, as the Supervisor of the demo Betrieb sees it under Anlauf: today, and another day.
 * Goal: the whole page's counting ≤ 2 s. Per rule the median of the rounds.
 */
import { insertSitzung, openAuthDatabase } from '../db/anmeldung.ts'
import { seedDemo } from '../db/demo/demo.ts'
import { openWebDatabase } from '../db/sitzung.ts'
import { countVorschau } from '../db/vorschau.ts'
import { plusTage } from '../domain/kalender.ts'
import { katalog } from '../gevos/katalog.ts'
import { runNacht } from '../test/support/nacht.ts'
import { median } from './messen.ts'
import type { Umgebung } from './umgebung.ts'

const HEUTE = '2026-11-23'
const RUNDEN = 7

export async function benchVorschau({ owner, worker, url }: Umgebung) {
  await seedDemo(owner, { heute: HEUTE, passwort: 'nur zum Messen hier', logins: true })
  // After a night most findings of its day are open already, and each has to be looked up.
  await runNacht(worker, HEUTE)
  const { anmeldung_id } = await owner
    .selectFrom('vermittler')
    .select('anmeldung_id')
    .where('email', '=', 'supervisor@demo.example')
    .executeTakeFirstOrThrow()
  const auth = openAuthDatabase(url('vm_auth'))
  const token = await insertSitzung(auth, anmeldung_id!)
  const web = openWebDatabase(url('vm_web'))
  const jeRegel = new Map<string, number[]>()
  const gesamt: number[] = []
  try {
    for (let runde = 0; runde < RUNDEN; runde++) {
      const stichtag = runde % 2 === 0 ? HEUTE : plusTage(HEUTE, 300)
      await web.withSession(token, async (db, person) => {
        const beginn = performance.now()
        for (const regel of katalog) {
          const start = performance.now()
          if (!(await countVorschau(db, regel, { person, stichtag }))) throw new Error(`${regel.code} took too long`)
          jeRegel.set(regel.code, [...(jeRegel.get(regel.code) ?? []), performance.now() - start])
        }
        gesamt.push(performance.now() - beginn)
      })
    }
  } finally {
    await Promise.all([web.close(), auth.destroy()])
  }
  const regeln = Object.fromEntries([...jeRegel].map(([code, ms]) => [code, { ms: median(ms) }]))
  return { ...regeln, alle: { ms: median(gesamt), hoechstens: Math.max(...gesamt) } }
}
