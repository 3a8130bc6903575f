/** How a file may be shaped: line ends, lost and gained bytes, code pages, order of the records, any bytes at all. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type GdvLieferung, liesGdv } from '../test/support/gdv-lesen.ts'
import { datei, nachsatz, paket, satz, vorsatz } from '../test/support/gdv-schreiben.ts'
import { verschiebeGdv } from '../test/support/gdv-verschieben.ts'
import { createFenster } from './gdv-fenster.ts'
import { leseGdv } from './gdv.ts'
import type { Zeichensatz } from './zeichensatz.ts'

const DATEN = path.join(import.meta.dirname, '../test/daten/gdv')
const lies = (name: string) => readFileSync(path.join(DATEN, name))
const muster = lies('musterdatei_2009.txt')
const zeilen = muster
  .toString('latin1')
  .split('\n')
  .filter((zeile) => zeile !== '')
const roh = (teile: readonly string[], ende: string) => Buffer.from(teile.join(ende) + ende, 'latin1')
const KOPF = { vuNummer: '5342', sparte: '040', vsnr: 'HV-4711', agenturnummer: 'A17' }
const person = { Name1: 'Weiß', Name3: 'Jürgen', Geburtsdatum: '1990-02-28', Adresskennzeichen: '01', PLZ: '20095', Ort: 'Köln-Mülheim' }
const vertrag = { Vertragsbeginn: '2020-01-01', Vertragsablauf: '2027-01-01', Zahlungsweise: '1', Vertragsstatus: '1', GesbeitragNettoInWE: 8990 }
/** Without lines and numbers: they differ where records are otherwise the same. */
const inhalt = ({ vertraege, personen }: GdvLieferung) =>
  vertraege.map((v) => ({ ...v, zeile: 0, person: { ...personen.find(({ nr }) => nr === v.person), nr: 0, zeile: 0 } }))
const texte = ({ befunde }: GdvLieferung) => befunde.map(({ zeile, byte, text }) => [zeile, byte, text])

test.each([
  ['CR/LF', roh(zeilen, '\r\n')],
  ['CR', roh(zeilen, '\r')],
  ['no line ends', roh(zeilen, '')],
  ['cut trailing blanks', Buffer.from(zeilen.map((zeile) => zeile.trimEnd()).join('\n'), 'latin1')],
  ['blank lines and an end-of-file mark', Buffer.concat([roh(zeilen, '\n\n'), Buffer.from('\x1a')])],
  ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), muster])],
  ['some line ends lost', roh([zeilen.slice(0, 40).join(''), ...zeilen.slice(40)], '\n')],
  ['NUL instead of blanks', Buffer.from(zeilen.map((zeile) => zeile.replaceAll(/ +$/g, (leer) => '\0'.repeat(leer.length))).join('\n'), 'latin1')],
])('%s: the same customers and contracts, whatever the chunks', async (_, bytes) => {
  const erwartet = await liesGdv(muster)
  for (const stuecke of [[bytes.length], [1], [255, 257, 3, 70_000]]) {
    const gelesen = await liesGdv(bytes, stuecke)
    expect(inhalt(gelesen)).toEqual(inhalt(erwartet))
    expect(gelesen.pakete).toEqual(erwartet.pakete)
  }
})

test('two packages of two insurers in one file, one without line ends behind one with', async () => {
  const beide = Buffer.concat([muster, Buffer.from(lies('Leben_Wagnis4_BU.GDV').toString('latin1').replaceAll('\n', ''), 'latin1')])
  const { pakete, vertraege } = await liesGdv(beide)
  expect(pakete.map(({ nr, vuNummer, saetze, abgelehnt }) => [nr, vuNummer, saetze, abgelehnt])).toEqual([
    [1, '9999', 165, null],
    [2, '1104', 14, null],
  ])
  expect(vertraege.at(-1)).toMatchObject({ paket: 2, sparte: 'BU' })
})

test('a missing Nachsatz is a finding and fails the totals; the next Vorsatz begins the next package', async () => {
  const { pakete, befunde, vertraege } = await liesGdv(Buffer.concat([roh(zeilen.slice(0, -1), '\n'), muster]))
  expect(pakete.map(({ summenStimmen }) => summenStimmen)).toEqual([false, true])
  expect(vertraege).toHaveLength(30)
  expect(befunde).toContainEqual(expect.objectContaining({ paket: 1, zeile: 164, text: expect.stringContaining('Nachsatz 9999 fehlt') }))
})

test('records without a Vorsatz are not taken', async () => {
  const { pakete, vertraege, personen, befunde } = await liesGdv(roh(zeilen.slice(2), '\n'))
  expect([pakete[0]!.abgelehnt, vertraege, personen]).toEqual(['Vor diesen Sätzen fehlt der Vorsatz 0001; nichts davon wurde übernommen.', [], []])
  expect(befunde.map(({ text }) => text)).toEqual([
    'Vor diesen Sätzen fehlt der Vorsatz 0001; nichts davon wurde übernommen.',
    'Die Datei enthält kein lesbares GDV-Paket (Vorsatz 0001 bis Nachsatz 9999).',
  ])
})

test('a package that is unreadable by more than a half is rejected at its end, the next one is read', async () => {
  const kaputt = [...zeilen.slice(0, 60), ...Array.from({ length: 70 }, (_, i) => `Müll ${i}`), ...zeilen.slice(-1)]
  const { pakete, vertraege } = await liesGdv(Buffer.concat([roh(kaputt, '\n'), muster]))
  expect(pakete.map(({ abgelehnt }) => abgelehnt)).toEqual([
    'Mehr als die Hälfte der Sätze ist unlesbar; nichts aus diesem Paket wurde übernommen.',
    null,
  ])
  expect(vertraege.every(({ paket: nr }) => nr === 2)).toBe(true)
})

test('an empty file says so', async () => {
  expect((await liesGdv(new Uint8Array(0))).befunde).toMatchObject([{ paket: null, zeile: null }])
})

const adresse = satz('0100.1', KOPF, person)
const police = satz('0200.1', KOPF, vertrag)
/** The rest of the package is whole, so a Vorsatz and lines of 256 places are there to compare with. */
const gestoert = (zeile: string, ende = '\n') =>
  liesGdv(datei(paket([satz('0100.1', { ...KOPF, vsnr: 'X9' }, person), satz('0200.1', { ...KOPF, vsnr: 'X9' }, vertrag), adresse, zeile]), { ende }))

test('a record of an unknown kind is a finding, the others are read', async () => {
  const gelesen = await gestoert('X2XX kaputt'.padEnd(256))
  expect(gelesen.vertraege).toHaveLength(1)
  expect(texte(gelesen)).toEqual([[5, 1, 'Die Satzart „X2XX“ gibt es nicht; der Satz wurde nicht gelesen.']])
})

test('a record that begins some places too late or one too early is put right', async () => {
  const spaet = await gestoert(`  ${police}`.slice(0, 256))
  expect(spaet.vertraege[1]).toMatchObject({ beginn: '2020-01-01', beitragCent: 8990 })
  expect(texte(spaet)[0]).toEqual([5, 1, 'Der Satz beginnt erst an Stelle 3; zurechtgerückt gelesen.'])
  const frueh = await gestoert(police.slice(1))
  expect(frueh.vertraege[1]).toMatchObject({ beginn: '2020-01-01', beitragCent: 8990 })
  expect(texte(frueh)).toEqual([[5, 1, 'Der Satz beginnt eine Stelle zu früh; zurechtgerückt gelesen.']])
})

test.each([
  ['lost', (text: string, stelle: number) => text.slice(0, stelle) + text.slice(stelle + 1), -1],
  ['gained', (text: string, stelle: number) => `${text.slice(0, stelle)}0${text.slice(stelle)}`, 1],
])('a record that %s a byte inside is not read: its amounts would be ten times too large or too small', async (_, stoere, versatz) => {
  for (const stelle of [46, 100, 120]) {
    for (const ende of ['\n', '']) {
      const gelesen = await gestoert(stoere(police, stelle), ende)
      expect(gelesen.vertraege).toMatchObject([{ vsnr: 'X9', beitragCent: 8990 }])
      expect(texte(gelesen)).toEqual([
        [5, versatz < 0 ? 255 : 257, `Der Satz ist um 1 Stelle zu ${versatz < 0 ? 'kurz' : 'lang'}, seine Felder sind verschoben; nicht gelesen.`],
      ])
    }
  }
})

test('a line that goes on behind its 256 places is read and told', async () => {
  const gelesen = await gestoert(`${police}\tBemerkung`)
  expect(gelesen.vertraege).toHaveLength(2)
  expect(texte(gelesen)).toEqual([[5, 257, 'Der Satz ist 266 statt 256 Stellen lang; der Rest wurde nicht gelesen.']])
})

test('a Teildatensatz that nobody knows is a finding; a blank first one of an old delivery is read', async () => {
  const unbekannt = await gestoert(`${police.slice(0, 255)}7`)
  expect(texte(unbekannt)).toEqual([[5, 256, 'Der Teildatensatz von Satzart 0200 Sparte 040 ist nicht zu erkennen; der Satz wurde nicht gelesen.']])
  expect((await gestoert(`${police.slice(0, 255)} `)).vertraege).toHaveLength(2)
})

test.each<[Zeichensatz, Zeichensatz]>([
  ['ISO-8859-1', 'ISO-8859-1'],
  ['CP1252', 'ISO-8859-1'],
  ['CP850', 'CP850'],
  ['MacRoman', 'MacRoman'],
  ['UTF-8', 'UTF-8'],
])('umlauts written in %s come out right and it is told', async (zeichensatz, erkannt) => {
  for (const [ende, gekuerzt] of [
    ['\n', false],
    ['\r\n', true],
    ['', false],
  ] as const) {
    const { pakete, personen, vertraege, befunde } = await liesGdv(datei(paket([adresse, police]), { zeichensatz, gekuerzt, ende }))
    expect(pakete[0]!.zeichensatz).toBe(erkannt)
    expect(personen[0]).toMatchObject({ name: 'Weiß', vorname: 'Jürgen', ort: 'Köln-Mülheim' })
    expect(vertraege[0]).toMatchObject({ ablauf: '2027-01-01', beitragCent: 8990 })
    const selten = zeichensatz === 'CP850' || zeichensatz === 'MacRoman'
    expect(befunde.map(({ text }) => text)).toEqual(selten ? [`Die Umlaute sind in ${zeichensatz} geschrieben und so gelesen worden.`] : [])
  }
})

test('UTF-8 whose fields were cut by bytes is read by bytes', async () => {
  const alsBytes = (text: string) => Buffer.from(text).toString('latin1')
  const zeile = satz('0100.1', KOPF, { ...person, Name1: alsBytes('Weiß'), Ort: alsBytes('Köln-Mülheim') }).replace('Jürgen ', alsBytes('Jürgen'))
  const { personen } = await liesGdv(Buffer.from(paket([zeile]).join('\r\n'), 'latin1'))
  expect(personen[0]).toMatchObject({ name: 'Weiß', vorname: 'Jürgen', ort: 'Köln-Mülheim', geburtsdatum: '1990-02-28' })
})

test('CP1252 is known by what ISO-8859-1 does not have', async () => {
  const { pakete, personen } = await liesGdv(
    datei(paket([satz('0100.1', KOPF, { ...person, Name1: 'Weiß – „Großmann“' })]), { zeichensatz: 'CP1252' }),
  )
  expect([pakete[0]!.zeichensatz, personen[0]!.name]).toEqual(['CP1252', 'Weiß – „Großmann“'])
})

test('umlauts that come late, and a line from elsewhere', async () => {
  const ohne = Array.from({ length: 3_000 }, (_, i) => satz('0100.1', { ...KOPF, vsnr: `A${i}` }, { Name1: 'Meier', Adresskennzeichen: '01' }))
  const spaet = await liesGdv(datei(paket([...ohne, adresse]), { zeichensatz: 'CP850' }))
  expect(spaet.personen.at(-1)).toMatchObject({ name: 'Weiß', ort: 'Köln-Mülheim' })
  expect(texte(spaet)).toEqual([[3002, null, 'Die Umlaute sind in CP850 geschrieben und so gelesen worden.']])
  const fremd = Buffer.concat([
    datei([vorsatz('5342', '2026-11-01'), adresse, police]),
    datei([satz('0100.1', { ...KOPF, vsnr: 'X2' }, person), nachsatz(3)], { zeichensatz: 'UTF-8' }),
  ])
  const gemischt = await liesGdv(fremd)
  expect(gemischt.personen.map(({ name, ort }) => `${name}, ${ort}`)).toEqual(['Weiß, Köln-Mülheim', 'Weiß, Köln-Mülheim'])
  expect(texte(gemischt)).toEqual([[4, 1, 'Der Satz ist in UTF-8 geschrieben, das Paket in ISO-8859-1; einzelne Zeichen können falsch sein.']])
})

test('whatever the order of the records, as long as they are near: block after block reads like contract after contract', async () => {
  const bloecke = zeilen.slice(2, -1).toSorted((a, b) => a.slice(0, 4).localeCompare(b.slice(0, 4)))
  const gelesen = await liesGdv(roh([...zeilen.slice(0, 2), ...bloecke, zeilen.at(-1)!], '\n'))
  expect(inhalt(gelesen)).toEqual(inhalt(await liesGdv(muster)))
  expect(gelesen.pakete[0]!.summenStimmen).toBe(true)
})

test('addresses may come any distance before their contracts; risks that come too late are a finding', async () => {
  const [fenster, n] = [100, 500]
  const kopf = (i: number) => ({ ...KOPF, vsnr: `V${i}` })
  const saetze = [
    ...Array.from({ length: n }, (_, i) => satz('0100.1', kopf(i), { Name1: `Name ${i}`, Adresskennzeichen: '01' })),
    ...Array.from({ length: n }, (_, i) => satz('0200.1', kopf(i), vertrag)),
    satz('0220.040.2', kopf(0), { Wagnistext: 'PHV' }),
    satz('0220.040.2', kopf(n - 1), { Wagnistext: 'PHV' }),
  ]
  const { vertraege, personen, befunde } = await liesGdv(datei(paket(saetze)), [10_000], fenster)
  const namen = new Map(personen.map(({ nr, name }) => [nr, name]))
  expect(vertraege.filter(({ vsnr, person: nr }) => namen.get(nr ?? -1) === `Name ${vsnr.slice(1)}`)).toHaveLength(n)
  expect(vertraege.map(({ sparte }) => sparte).filter((sparte) => sparte === 'PHV')).toHaveLength(1)
  expect(befunde).toMatchObject([{ zeile: 2 * n + 2, text: expect.stringContaining('steht zu weit davor') }])
})

test('the window never holds more than its size', async () => {
  const fenster = createFenster('5342', 10)
  const saetze = Array.from(
    { length: 200 },
    (_, i) => ({ roh: `0400${'5342 '}${''.padEnd(4)}${`V${i % 7}`.padStart(17)}`, teil: { schluessel: '0400.1' } }) as never,
  )
  let gehalten = 0
  for (const einer of saetze) {
    gehalten += 1 - fenster.nimm(einer).reduce((summe, gruppe) => summe + gruppe.saetze.length, 0)
    expect(gehalten).toBeLessThanOrEqual(10)
  }
  expect(fenster.leere().reduce((summe, gruppe) => summe + gruppe.saetze.length, 0)).toBe(gehalten)
})

test('moving by 22 years moves every date and nothing else', async () => {
  const verschoben = verschiebeGdv(muster, 22)
  expect(verschoben.length).toBe(muster.length)
  expect(Buffer.from(verschiebeGdv(verschoben, -22)).equals(muster)).toBe(true)
  const plus22 = (text: string) => text.replaceAll(/\b(19|20)\d\d(?=-\d\d-\d\d)/g, (jahr) => String(Number(jahr) + 22))
  expect(inhalt(await liesGdv(verschoben))).toEqual(JSON.parse(plus22(JSON.stringify(inhalt(await liesGdv(muster))))))
  expect((await liesGdv(verschoben)).pakete[0]!.stand).toBe('2026-07-22')
})

const wort = fc.stringMatching(/^[A-ZÄÖÜ][a-zäöüß]{1,12}$/)
const tag = fc.date({ min: new Date('1920-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((d) => d.toISOString().slice(0, 10))
const eintrag = fc.record({
  name: wort,
  vorname: wort,
  ort: wort,
  geburtsdatum: tag,
  beginn: tag,
  ablauf: tag,
  cent: fc.integer({ min: 0, max: 999_999_999 }),
  vsnr: fc.stringMatching(/^[A-Z1-9][A-Z0-9]{3,14}$/),
  sparte: fc.constantFrom('030', '040', '050', '070', '130', '140'),
})
const form = fc.record({
  zeichensatz: fc.constantFrom<Zeichensatz>('ISO-8859-1', 'UTF-8', 'CP1252'),
  ende: fc.constantFrom('\r\n', '\n', ''),
  gekuerzt: fc.boolean(),
  stuecke: fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }),
})

test('what is written is read again, in every code page, with every line end, in any chunks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(eintrag, { minLength: 1, maxLength: 6, selector: ({ vsnr }) => vsnr }), form, async (alle, f) => {
      const saetze = alle.flatMap((e) => {
        const kopf = { ...KOPF, vsnr: e.vsnr, sparte: e.sparte }
        return [
          satz('0100.1', kopf, { ...person, Name1: e.name, Name3: e.vorname, Ort: e.ort, Geburtsdatum: e.geburtsdatum }),
          satz('0200.1', kopf, { ...vertrag, Vertragsbeginn: e.beginn, Vertragsablauf: e.ablauf, GesbeitragNettoInWE: e.cent }),
        ]
      })
      const bytes = datei(paket(saetze), { zeichensatz: f.zeichensatz, ende: f.ende, gekuerzt: f.gekuerzt && f.ende !== '' })
      const { personen, vertraege, pakete } = await liesGdv(bytes, f.stuecke)
      expect(personen).toMatchObject(alle.map(({ name, vorname, ort, geburtsdatum }) => ({ name, vorname, ort, geburtsdatum })))
      expect(vertraege).toMatchObject(
        alle.map((e) => ({ vsnr: e.vsnr, vsnrNorm: e.vsnr, beginn: e.beginn, ablauf: e.ablauf, beitragCent: e.cent, sparteGdv: e.sparte })),
      )
      expect(vertraege.map((v) => v.person)).toEqual(personen.map((p) => p.nr))
      expect(pakete).toMatchObject([{ abgelehnt: null, summenStimmen: true, saetze: saetze.length + 2 }])
    }),
    { numRuns: 150 },
  )
})

/** Every order of messages the engine relies on: nothing outside its package, each package closed once, persons before who points at them. */
async function pruefe(bytes: Uint8Array, stuecke: readonly number[]): Promise<void> {
  const personen = new Set<number>()
  let offen: number | undefined
  const teile = function* () {
    for (let [ab, i] = [0, 0]; ab < bytes.length; ab += stuecke[i++ % stuecke.length]!) yield bytes.subarray(ab, ab + stuecke[i % stuecke.length]!)
  }
  for await (const meldung of leseGdv(bytes.length === 0 ? [] : stuecke.length === 1 ? [bytes] : teile())) {
    if (meldung.art === 'paket') {
      expect(offen).toBeUndefined()
      offen = meldung.paket.nr
    } else if (meldung.art === 'paketEnde') {
      expect(meldung.paket.nr).toBe(offen)
      if (meldung.paket.abgelehnt !== null) expect(meldung.paket.summenStimmen).toBeNull()
      offen = undefined
    } else if (meldung.art === 'person') {
      expect(meldung.person.paket).toBe(offen)
      expect(personen.has(meldung.person.nr)).toBe(false)
      personen.add(meldung.person.nr)
    } else if (meldung.art === 'vertrag') {
      expect(meldung.vertrag.paket).toBe(offen)
      if (meldung.vertrag.person !== null) expect(personen.has(meldung.vertrag.person)).toBe(true)
    }
  }
  expect(offen).toBeUndefined()
}

test('no bytes at all make the reader fail: noise, cut files, changed bytes, any chunks', async () => {
  const stueck = fc.oneof(fc.uint8Array({ maxLength: 600 }), fc.constantFrom(...zeilen.map((zeile) => Buffer.from(`${zeile}\n`, 'latin1'))))
  const rauschen = fc.array(stueck, { maxLength: 12 }).map((stuecke) => Buffer.concat(stuecke))
  const geaendert = fc
    .tuple(
      fc.array(fc.tuple(fc.nat(muster.length - 1), fc.nat(255), fc.constantFrom('ERSETZT', 'WEG', 'DAZU')), { maxLength: 40 }),
      fc.nat(muster.length),
    )
    .map(([stellen, ende]) => {
      const bytes = [...muster.subarray(0, ende)]
      for (const [stelle, byte, wie] of stellen) bytes.splice(stelle, wie === 'DAZU' ? 0 : 1, ...(wie === 'WEG' ? [] : [byte]))
      return Buffer.from(bytes)
    })
  await fc.assert(
    fc.asyncProperty(fc.oneof(rauschen, geaendert), fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 4 }), pruefe),
    { numRuns: 300 },
  )
})

test('100 MB pass through a few: memory stays flat', { timeout: 120_000 }, async () => {
  const block = Buffer.from(
    datei([adresse, satz('0100.2', KOPF, { PersonenKundenNrVersicherers: 'N1' }), police, satz('0200.2', KOPF, { Produktname: 'Plus' })]),
  )
  const zeilenlaenge = block.length / 4
  const saetze = Math.ceil(100_000_000 / zeilenlaenge)
  const stueck = Buffer.concat(Array.from({ length: 1_000 }, () => block))
  let nummer = 0
  const strom = function* () {
    yield datei([vorsatz('5342', '2026-11-01')])
    for (let ab = 0; ab < saetze; ab += 4_000) {
      const teil = Buffer.from(stueck)
      for (let i = 0; i < 4_000; i++) teil.write(String(nummer + (i >> 2)).padStart(10, '0'), i * zeilenlaenge + 20, 'latin1')
      nummer += 1_000
      yield teil
    }
    yield datei([nachsatz(nummer * 4)])
  }
  let [vertraege, hoechstens, summenStimmen] = [0, 0, null as boolean | null]
  const vorher = process.memoryUsage().heapUsed
  for await (const meldung of leseGdv(strom())) {
    if (meldung.art === 'vertrag' && ++vertraege % 1_000 === 0) hoechstens = Math.max(hoechstens, process.memoryUsage().heapUsed - vorher)
    if (meldung.art === 'paketEnde') summenStimmen = meldung.paket.summenStimmen
  }
  expect([vertraege, summenStimmen]).toEqual([nummer, true])
  expect(hoechstens).toBeLessThan(250_000_000)
})
