/** Which fields a Fall lacks, where each belongs, and how a person's answers are read: one small form, only what is asked. */
import { Temporal } from 'temporal-polyfill'
import { type Lesung, readTag, readText, readWahl } from './eingabe.ts'
import { ERWERBSSTATUS, type Eingabe, type Gelesen, codes, leser } from './kunde.ts'
import type { Merkmale } from './merkmale.ts'
import { SPARTEN, type Sparte } from './sparten.ts'
import { VERTRAGSSTATUS, verlaengertSich } from './vertrag.ts'

export interface AngabenKunde {
  id: number
  name: string
  geburtsdatum: string | null
  erwerbsstatus: keyof typeof ERWERBSSTATUS | null
}
export interface AngabenVertrag {
  id: number
  kunde_id: number
  /** Whose contract it is, where it is not the customer's own. */
  inhaber: string
  sparte: Sparte
  versicherer: string | null
  status: keyof typeof VERTRAGSSTATUS
  beginn: string | null
  ablauf: string | null
  hauptfaelligkeit: string | null
  bestaetigt_am: string | null
  verlaengert_sich: 'JA' | 'NEIN' | null
  versicherte_person_id: number | null
  versicherte_person_name: string | null
  merkmale: Merkmale
}
export type Kundenfeld = 'geburtsdatum' | 'erwerbsstatus'
export type Vertragsfeld =
  | 'sparte'
  | 'status'
  | 'besteht'
  | 'beginn'
  | 'ablauf'
  | 'hauptfaelligkeit'
  | 'verlaengert_sich'
  | 'versicherte_person'
  | 'familie'
  | 'elementar'
  | 'geprueft'
export type Angabe = { feld: Kundenfeld; vertrag: null } | { feld: Vertragsfeld; vertrag: AngabenVertrag }

/** Answers, each to be written where the field is still unknown. */
export interface Angaben {
  kunde: { geburtsdatum?: string; erwerbsstatus?: keyof typeof ERWERBSSTATUS; beruf?: string }
  vertraege: Map<number, Vertragsangaben>
}
export interface Vertragsangaben {
  sparte?: Sparte
  status?: keyof typeof VERTRAGSSTATUS
  besteht?: 'JA' | 'NEIN'
  beginn?: string
  ablauf?: string
  hauptfaelligkeit?: string
  verlaengert_sich?: 'JA' | 'NEIN'
  /** A customer's id, or a name. */
  versicherte_person?: number | string
  familie?: 'JA' | 'NEIN'
  elementar?: 'JA' | 'NEIN'
  geprueft?: string
}

export const ANGABEN = {
  geburtsdatum: 'Geburtsdatum',
  erwerbsstatus: 'Erwerbsstatus',
  beruf: 'Beruf, wenn bekannt',
  sparte: 'Genaue Sparte',
  status: 'Status',
  besteht: 'Besteht der Vertrag noch?',
  beginn: 'Beginn',
  ablauf: 'Ablauf',
  hauptfaelligkeit: 'Hauptfälligkeit',
  verlaengert_sich: 'Verlängert er sich von selbst?',
  versicherte_person: 'Wer ist versichert?',
  familie: 'Ist die Familie mitversichert?',
  elementar: 'Sind Elementarschäden eingeschlossen?',
  geprueft: 'Zuletzt mit dem Kunden durchgesehen am',
} as const

/** What stands in `fall.unbekannt` → the fields of a contract that may lack it. */
const FRAGT: Readonly<Record<string, readonly Vertragsfeld[]>> = {
  sparte: ['sparte'],
  status: ['status'],
  beginn: ['beginn'],
  ablauf: ['ablauf'],
  bestaetigt_am: ['besteht'],
  verlaengert_sich: ['verlaengert_sich'],
  familie: ['familie'],
  versicherte_person: ['versicherte_person'],
  elementar: ['elementar'],
  hauptfaelligkeit: ['hauptfaelligkeit'],
  geprueft: ['geprueft'],
}
/** As long as the rules believe that a contract has renewed. */
const GLAUBE_MONATE = 13
const JA_NEIN = ['JA', 'NEIN'] as const

/** The questions of the form, in the order of the contracts; what is known meanwhile is not asked. */
export function listAngaben(unbekannt: readonly string[], kunde: AngabenKunde, vertraege: readonly AngabenVertrag[], heute: string): Angabe[] {
  const person = (['geburtsdatum', 'erwerbsstatus'] as const).filter((feld) => unbekannt.includes(feld) && kunde[feld] === null)
  const felder = unbekannt.flatMap((feld) => FRAGT[feld] ?? [])
  return [
    ...person.map((feld): Angabe => ({ feld, vertrag: null })),
    ...vertraege.flatMap((vertrag) => felder.filter((feld) => FEHLT[feld](vertrag, heute)).map((feld): Angabe => ({ feld, vertrag }))),
  ]
}

/** Name of the input: 'geburtsdatum', 'v4711-elementar'. */
export function angabeName({ feld, vertrag }: Angabe): string {
  return vertrag ? `v${vertrag.id}-${feld}` : feld
}

/** Reads only what was asked; a field left empty stays unknown. */
export function readAngaben(eingabe: Eingabe, angaben: readonly Angabe[], heute: string): Gelesen<Angaben> {
  const { lies, fehler, text } = leser(eingabe)
  const werte: Angaben = { kunde: {}, vertraege: new Map() }
  for (const angabe of angaben) {
    const name = angabeName(angabe)
    const wert = lies<string | number | null>(name, LESUNG[angabe.feld](text(name), heute))
    if (wert === null) continue
    if (angabe.vertrag === null) werte.kunde = { ...werte.kunde, [angabe.feld]: wert }
    else werte.vertraege.set(angabe.vertrag.id, { ...werte.vertraege.get(angabe.vertrag.id), [angabe.feld]: wert })
  }
  const beruf = lies('beruf', readText(text('beruf')))
  if (werte.kunde.erwerbsstatus && beruf) werte.kunde.beruf = beruf
  for (const angabe of angaben) {
    const { beginn, ablauf } = (angabe.vertrag && werte.vertraege.get(angabe.vertrag.id)) ?? {}
    const von = beginn ?? angabe.vertrag?.beginn
    if (angabe.feld === 'ablauf' && ablauf && von && ablauf < von) fehler[angabeName(angabe)] = 'Der Ablauf liegt vor dem Beginn.'
  }
  if (Object.keys(fehler).length > 0) return { ok: false, fehler }
  if (Object.keys(werte.kunde).length === 0 && werte.vertraege.size === 0)
    return { ok: false, fehler: { '': 'Es ist nichts eingetragen. Bitte füllen Sie mindestens ein Feld aus.' } }
  return { ok: true, werte }
}

const FEHLT: Record<Vertragsfeld, (v: AngabenVertrag, heute: string) => boolean> = {
  sparte: (v) => v.sparte === 'UNBEKANNT' || v.sparte === 'HAFTPFLICHT',
  status: (v) => v.status === 'UNBEKANNT',
  beginn: (v) => v.beginn === null,
  ablauf: (v) => v.ablauf === null && verlaengertSich(v).antwort !== 'JA',
  besteht: (v, heute) => v.ablauf !== null && v.ablauf <= heute && (v.bestaetigt_am === null || v.bestaetigt_am < vorMonaten(heute)),
  verlaengert_sich: (v) => verlaengertSich(v).antwort === null,
  familie: (v) => v.sparte === 'PHV' && v.merkmale.familie === undefined,
  versicherte_person: (v) => SPARTEN[v.sparte].gruppe === 'PERSON' && v.versicherte_person_id === null && v.versicherte_person_name === null,
  elementar: (v) => v.sparte === 'WOHNGEBAEUDE' && v.merkmale.elementar === undefined,
  hauptfaelligkeit: (v) =>
    v.hauptfaelligkeit === null && verlaengertSich(v).antwort !== 'NEIN' && (SPARTEN[v.sparte].gruppe === 'SCHADEN' || v.sparte === 'UNFALL'),
  geprueft: () => true,
}

const LESUNG: Record<Kundenfeld | Vertragsfeld, (text: string, heute: string) => Lesung<string | number | null>> = {
  geburtsdatum: (text, heute) => vergangen(readTag(text, heute, 'VERGANGEN'), heute),
  erwerbsstatus: (text) => readWahl(text, codes(ERWERBSSTATUS)),
  sparte: (text) => readWahl(text, Object.keys(SPARTEN)),
  status: (text) => readWahl(text, codes(VERTRAGSSTATUS)),
  besteht: (text) => readWahl(text, JA_NEIN),
  beginn: (text, heute) => readTag(text, heute),
  ablauf: (text, heute) => readTag(text, heute),
  hauptfaelligkeit: (text, heute) => readTag(text, heute),
  verlaengert_sich: (text) => readWahl(text, JA_NEIN),
  versicherte_person: (text) => (/^\d{1,9}$/.test(text) ? { ok: true, wert: Number(text) } : readText(text, 120)),
  familie: (text) => readWahl(text, JA_NEIN),
  elementar: (text) => readWahl(text, JA_NEIN),
  geprueft: (text, heute) => vergangen(readTag(text, heute), heute),
}

function vergangen(lesung: Lesung<string | null>, heute: string): Lesung<string | null> {
  if (!lesung.ok || lesung.wert === null || lesung.wert <= heute) return lesung
  return { ok: false, fehler: `Das Datum ${lesung.wert.split('-').reverse().join('.')} liegt in der Zukunft.` }
}

function vorMonaten(heute: string): string {
  return Temporal.PlainDate.from(heute).subtract({ months: GLAUBE_MONATE }).toString()
}
