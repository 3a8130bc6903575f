/** Households as they live around Hamburg: singles, couples, families, one parent with children, firms with their owners. */
import { nachname } from './namen.ts'
import { anschrift } from './orte.ts'
import { type Haushalt, type Mitglied, firma, person } from './personen.ts'
import type { Wuerfel } from './wuerfel.ts'

type Form = 'SINGLE' | 'PAAR' | 'FAMILIE' | 'ALLEIN_MIT_KIND' | 'FIRMA'

/** By the age of the first adult: how often which form, and how often the home is their own. */
const FORMEN: readonly { bis: number; anteil: number; eigentum: number; formen: readonly (readonly [Form, number])[] }[] = [
  {
    bis: 24,
    anteil: 11,
    eigentum: 0,
    formen: [
      ['SINGLE', 88],
      ['PAAR', 12],
    ],
  },
  {
    bis: 34,
    anteil: 21,
    eigentum: 0.12,
    formen: [
      ['SINGLE', 52],
      ['PAAR', 26],
      ['FAMILIE', 18],
      ['ALLEIN_MIT_KIND', 4],
    ],
  },
  {
    bis: 49,
    anteil: 26,
    eigentum: 0.45,
    formen: [
      ['SINGLE', 22],
      ['PAAR', 20],
      ['FAMILIE', 44],
      ['ALLEIN_MIT_KIND', 9],
      ['FIRMA', 5],
    ],
  },
  {
    bis: 66,
    anteil: 28,
    eigentum: 0.52,
    formen: [
      ['SINGLE', 30],
      ['PAAR', 46],
      ['FAMILIE', 16],
      ['FIRMA', 8],
    ],
  },
  {
    bis: 88,
    anteil: 14,
    eigentum: 0.48,
    formen: [
      ['SINGLE', 45],
      ['PAAR', 55],
    ],
  },
]

export function haushalt(w: Wuerfel, heute: string): Haushalt {
  const gruppe = w.gewichtet(FORMEN.map((zeile, i) => [i, zeile.anteil] as const))
  const { bis, eigentum, formen } = FORMEN[gruppe]!
  const alter = w.zahl(gruppe === 0 ? 18 : FORMEN[gruppe - 1]!.bis + 1, bis)
  const form = w.gewichtet(formen)
  const hat = w.chance(form === 'FAMILIE' ? eigentum + 0.12 : form === 'SINGLE' ? eigentum / 2 : eigentum)
  if (form === 'SINGLE') return single(w, heute, alter, hat)
  if (form === 'PAAR') return paar(w, heute, alter, hat)
  if (form === 'FAMILIE') return familie(w, heute, alter, hat)
  return form === 'FIRMA' ? mitFirma(w, heute, alter, hat) : alleinMitKind(w, heute, alter, hat)
}

export function single(w: Wuerfel, heute: string, alter: number, eigentum = false): Haushalt {
  const familienstand =
    alter > 66
      ? w.eines(['VERWITWET', 'VERWITWET', 'GESCHIEDEN', 'LEDIG'] as const)
      : alter > 38
        ? w.eines(['LEDIG', 'GESCHIEDEN'] as const)
        : 'LEDIG'
  return { mitglieder: [person(w, heute, anschrift(w), { alter, familienstand })], beziehungen: [], eigentum }
}

/** Married ones share the name, most of them. */
export function paar(w: Wuerfel, heute: string, alter: number, eigentum = false): Haushalt {
  const ort = anschrift(w)
  const verheiratet = w.chance(alter < 30 ? 0.3 : 0.85)
  const familienstand = verheiratet ? 'VERHEIRATET' : 'LEDIG'
  const name = nachname(w)
  const eine = person(w, heute, ort, { alter, name, familienstand, geschlecht: 'FRAU' })
  const andererName = verheiratet && w.chance(0.85) ? name : nachname(w)
  const anderer = person(w, heute, ort, {
    alter: Math.max(18, alter + w.zahl(-4, 6)),
    name: andererName,
    familienstand,
    geschlecht: w.chance(0.96) ? 'HERR' : 'FRAU',
  })
  return { mitglieder: [eine, anderer], beziehungen: verheiratet ? [{ von: anderer, zu: eine, art: 'EHEPARTNER' }] : [], eigentum }
}

export function familie(w: Wuerfel, heute: string, alter: number, eigentum = false): Haushalt {
  const eltern = paar(w, heute, alter, eigentum)
  return mitKindern(
    w,
    heute,
    eltern,
    w.gewichtet([
      [1, 45],
      [2, 42],
      [3, 13],
    ]),
  )
}

function alleinMitKind(w: Wuerfel, heute: string, alter: number, eigentum: boolean): Haushalt {
  return mitKindern(
    w,
    heute,
    single(w, heute, alter, eigentum),
    w.gewichtet([
      [1, 70],
      [2, 30],
    ]),
  )
}

/** Children have the mother's name and live with her; grown ones up to 24 in school, training or studies do, too. */
export function mitKindern(w: Wuerfel, heute: string, haushalt: Haushalt, anzahl: number): Haushalt {
  const [mutter] = haushalt.mitglieder
  const juengstes = Math.max(0, mutter!.alter - 40)
  const kinder = Array.from({ length: anzahl }, () =>
    kindVon(w, heute, mutter!, Math.min(24, w.zahl(juengstes, Math.max(juengstes, mutter!.alter - 22)))),
  )
  return {
    ...haushalt,
    mitglieder: [...haushalt.mitglieder, ...kinder],
    beziehungen: [...haushalt.beziehungen, ...kinder.flatMap((kind) => alsKind(kind, haushalt))],
  }
}

export function kindVon(w: Wuerfel, heute: string, mutter: Mitglied, alter: number): Mitglied {
  const { strasse, plz, ort } = mutter.zeile
  const zuhause = { strasse: strasse!, plz: plz!, ort: ort!, telefon: mutter.zeile.telefon }
  const erwerb = alter < 18 ? 'SCHUELER' : w.eines(['AZUBI', 'STUDENT'] as const)
  return person(w, heute, zuhause, { alter, name: mutter.zeile.name, erwerb, kind: alter < 18 })
}

export function alsKind(kind: Mitglied, { mitglieder }: Haushalt): Haushalt['beziehungen'] {
  return mitglieder.filter(({ alter }) => alter >= kind.alter + 16).map((zu) => ({ von: kind, zu, art: 'KIND' }))
}

function mitFirma(w: Wuerfel, heute: string, alter: number, eigentum: boolean): Haushalt {
  const privat = w.chance(0.6) ? paar(w, heute, alter, eigentum) : single(w, heute, alter, eigentum)
  const inhaber = privat.mitglieder.at(-1)!
  inhaber.zeile.erwerbsstatus = 'SELBSTSTAENDIG'
  inhaber.zeile.beruf = inhaber.zeile.anrede === 'FRAU' ? 'Inhaberin' : 'Inhaber'
  const betrieb = firma(w, heute, anschrift(w), inhaber.zeile.name)
  return {
    ...privat,
    mitglieder: [...privat.mitglieder, betrieb],
    beziehungen: [...privat.beziehungen, { von: inhaber, zu: betrieb, art: 'INHABER' }],
  }
}
