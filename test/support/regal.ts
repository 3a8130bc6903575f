/** What the shelf demands of every GeVo, each with its remedy. A function of the folder and the catalogue, so that a test can show that each demand can fail. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Gevo } from '../../gevos/gevo.ts'
import { fuelle } from '../../gevos/texte.ts'

/** Files in gevos/ that are no GeVo. */
const WERKZEUG = ['bausteine.ts', 'deckung.ts', 'fristen.ts', 'gevo.ts', 'katalog.ts', 'regal.ts', 'texte.ts']
const OFFEN = /TODO|!/
/** What a text of class V must not hold: whoever offers to compare, to advise or to change advertises (OLG Düsseldorf, 15 U 37/19). */
const WERBUNG = /angebot|vergleich|wechsel|beraten|durchgehen|besprechen|passt es ihnen|empfehl|lücke/i
/** Characters below which a text says nothing. */
const MINDESTENS = { titel: 5, kurz: 10, hilfe: 40, grund: 20, endetWenn: 10 } as const

/** Empty where the shelf is in order: every file once, named as its key, with a code of its own. */
export function listRegalmaengel(gevos: readonly Gevo[], dir: string): string[] {
  const dateien = readdirSync(dir)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !WERKZEUG.includes(file))
    .map((file) => file.slice(0, -3))
  const keys = gevos.map(({ key }) => key)
  return [
    ...dateien
      .filter((datei) => !keys.includes(datei))
      .map((datei) => `gevos/${datei}.ts: kein GeVo im Regal heißt so. key ist der Dateiname; gevos/regal.ts schreibt npm run gevo regal.`),
    ...keys.filter((key) => !dateien.includes(key)).map((key) => `${key}: eine Datei gevos/${key}.ts gibt es nicht. key ist der Dateiname.`),
    ...doppelte(keys).map((key) => `${key}: den key gibt es zweimal.`),
    ...doppelte(gevos.map(({ code }) => code)).map(
      (code) => `${code}: den Code gibt es zweimal. Ein Code steht in jedem Fall und wird nie neu vergeben.`,
    ),
  ]
}

/** Empty where this GeVo is filled in, can be set and is tested. */
export function listMaengel(gevo: Gevo, dir: string): string[] {
  return [...texte(gevo), ...mails(gevo), ...schwellen(gevo), ...tests(gevo, dir)].map((mangel) => `gevos/${gevo.key}: ${mangel}`)
}

function texte(gevo: Gevo): string[] {
  const felder = Object.keys(MINDESTENS) as (keyof typeof MINDESTENS)[]
  return [
    ...(/^G\d\d$/.test(gevo.code) ? [] : [`code ${gevo.code} geht nicht, richtig ist zum Beispiel G41`]),
    ...felder.filter((feld) => gevo[feld].length < MINDESTENS[feld]).map((feld) => `${feld} fehlt oder ist zu kurz`),
    ...felder.filter((feld) => OFFEN.test(gevo[feld])).map((feld) => `${feld} ist noch nicht ausgefüllt (TODO oder „!“)`),
  ]
}

function mails({ hinweis, angebot, ohneMail, platzhalter }: Gevo): string[] {
  const werte = { anrede: 'a', kunde: 'k', vertrag: 'v', vermittler: 'b', betrieb: 'c', ...platzhalter?.({}, '2026-11-23') }
  const vorlagen = [hinweis, angebot].filter((vorlage) => vorlage !== undefined).map(({ betreff, text }) => betreff + text)
  const unbekannt = vorlagen.flatMap((vorlage) => fuelle(vorlage, werte).match(/\{\w+\}/g) ?? [])
  const wirbt = WERBUNG.exec([hinweis?.betreff, hinweis?.text].join(' '))
  return [
    ...(wirbt ? [`hinweis (V) wirbt mit „${wirbt[0]}“: nur Tatsachen zum Vertrag, alles andere gehört in angebot (W)`] : []),
    ...(vorlagen.length > 0 || ohneMail ? [] : ['hinweis (V) oder angebot (W) fehlt; wo beides nicht sein darf, sagt ohneMail, warum']),
    ...vorlagen.filter((vorlage) => vorlage.includes('TODO')).map(() => 'eine Mailvorlage ist noch nicht ausgefüllt (TODO)'),
    ...unbekannt.map((wort) => `den Platzhalter ${wort} kennt niemand, siehe platzhalter`),
  ]
}

function schwellen({ werte, einstellungen }: Gevo): string[] {
  const namen = [...new Set([...Object.keys(werte), ...Object.keys(einstellungen)])]
  return namen.flatMap((name) => {
    const [wert, grenzen] = [werte[name], einstellungen[name]]
    if (wert === undefined || !grenzen) return [`${name}: werte und einstellungen nennen dieselben Namen`]
    return wert >= grenzen.min && wert <= grenzen.max ? [] : [`${name}: die Vorgabe ${wert} liegt nicht zwischen ${grenzen.min} und ${grenzen.max}`]
  })
}

function tests({ key }: Gevo, dir: string): string[] {
  const file = path.join(dir, `${key}.test.ts`)
  if (!existsSync(file)) return [`${key}.test.ts fehlt`]
  const test = readFileSync(file, 'utf8')
  const snap = path.join(dir, '__snapshots__', `${key}.test.ts.snap`)
  return [
    ...["describe('trifft zu'", "describe('trifft nicht zu'", 'toMatchSnapshot']
      .filter((teil) => !test.includes(teil))
      .map((teil) => `im Test fehlt ${teil}`),
    ...(test.includes('TODO') ? ['der Test ist noch nicht ausgefüllt (TODO)'] : []),
    ...(existsSync(snap) && readFileSync(snap, 'utf8').includes('select ')
      ? []
      : [`das SQL liegt nicht in __snapshots__: npm run check -- gevos/${key}.test.ts schreibt es, dann gehört es in die Durchsicht`]),
  ]
}

function doppelte(werte: readonly string[]): string[] {
  return [...new Set(werte.filter((wert, i) => werte.indexOf(wert) !== i))]
}
