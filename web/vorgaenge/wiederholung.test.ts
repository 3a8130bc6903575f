/** A form whose answer was lost is sent again, an hour later too: what was taken is answered as it was, though its instant has passed meanwhile. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Arbeit, createArbeit } from '../../test/support/arbeit.ts'

let arbeit: Arbeit
let uhr = '2026-11-23T09:00:00Z'
beforeAll(async () => void (arbeit = await createArbeit({ jetzt: () => new Date(uhr) })))
afterAll(() => arbeit.web.drop())

async function zweimal(pfad: string, form: Record<string, string>): Promise<(string | null)[][]> {
  const sende = async (um: string, aktion: string): Promise<(string | null)[]> => {
    uhr = `2026-11-23T${um}:00Z`
    const antwort = await arbeit.web.als(arbeit.anna.token, pfad, { form: { aktion, ...form } })
    return [String(antwort.status), antwort.headers.get('Location')]
  }
  const aktion = crypto.randomUUID()
  return [await sende('09:00', aktion), await sende('10:00', aktion), await sende('10:00', crypto.randomUUID())]
}

test.each(['wiedervorlage', 'termin', 'neu'])('%s: the repeat gets the first answer, a new one is refused, there is one Vorgang', async (weg) => {
  const { fall, kunde } = await arbeit.openFall()
  const vorgaenge = () =>
    arbeit.web.database.owner.selectFrom('vorgang').select(['id', 'faellig_am']).where('kunde_id', '=', kunde).orderBy('id').execute()
  if (weg === 'termin') {
    uhr = '2026-11-23T09:00:00Z'
    await arbeit.web.als(arbeit.anna.token, `/faelle/${fall}/wiedervorlage`, { form: { titel: 'Anrufen', datum: '1.12.2026' } })
  }
  const pfad =
    weg === 'wiedervorlage'
      ? `/faelle/${fall}/wiedervorlage`
      : weg === 'neu'
        ? `/vorgaenge/neu?kunde=${kunde}`
        : `/vorgaenge/${(await vorgaenge())[0]!.id}/termin`
  // 10:30 in Berlin: after the first time, before the second.
  const [erste, zweite, andere] = await zweimal(pfad, { titel: 'Anrufen', datum: '23.11.2026', zeit: '10:30' })
  expect(erste![0]).toBe('303')
  expect(zweite).toEqual(erste)
  expect(andere![0]).toBe('422')
  expect((await vorgaenge()).map((v) => v.faellig_am)).toEqual(['2026-11-23T09:30:00.000Z'])
})
