/** Where they live and how they are reached. Phone numbers are those kept free for films (Bundesnetzagentur, Mitteilung 148/2021), mail goes to .example. */
import { falte } from '../../domain/suchtext.ts'
import type { Wuerfel } from './wuerfel.ts'

export interface Anschrift {
  strasse: string
  plz: string
  ort: string
  telefon: string | null
}

/** Postcode, place, how often. Hamburg and what lies around it. */
const ORTE: readonly (readonly [readonly [plz: string, ort: string], number])[] = [
  [['20095', 'Hamburg'], 3],
  [['20253', 'Hamburg'], 5],
  [['20535', 'Hamburg'], 5],
  [['21029', 'Hamburg'], 5],
  [['21073', 'Hamburg'], 6],
  [['22041', 'Hamburg'], 6],
  [['22111', 'Hamburg'], 5],
  [['22303', 'Hamburg'], 6],
  [['22525', 'Hamburg'], 6],
  [['22765', 'Hamburg'], 6],
  [['22359', 'Hamburg'], 4],
  [['22846', 'Norderstedt'], 4],
  [['25421', 'Pinneberg'], 3],
  [['22880', 'Wedel'], 2],
  [['21465', 'Reinbek'], 2],
  [['22926', 'Ahrensburg'], 3],
  [['21220', 'Seevetal'], 3],
  [['21244', 'Buchholz in der Nordheide'], 2],
  [['21614', 'Buxtehude'], 2],
  [['21680', 'Stade'], 1],
  [['21335', 'Lüneburg'], 2],
  [['23552', 'Lübeck'], 2],
  [['24103', 'Kiel'], 1],
  [['27472', 'Cuxhaven'], 1],
  [['10437', 'Berlin'], 1],
  [['30159', 'Hannover'], 1],
]

const KREISE: Readonly<Record<string, string>> = {
  Hamburg: 'HH',
  Norderstedt: 'SE',
  Pinneberg: 'PI',
  Wedel: 'PI',
  Reinbek: 'OD',
  Ahrensburg: 'OD',
  Seevetal: 'WL',
  'Buchholz in der Nordheide': 'WL',
  Buxtehude: 'STD',
  Stade: 'STD',
  Lüneburg: 'LG',
  Lübeck: 'HL',
  Kiel: 'KI',
  Cuxhaven: 'CUX',
  Berlin: 'B',
  Hannover: 'H',
}

const STRASSEN =
  `Ahornweg Birkenweg Buchenstieg Lindenallee Kastanienweg Erlenkamp Eschenring Weidenstieg Rosenweg Fliederweg Ginsterweg Heckenrosenstieg Schulstraße Kirchweg
  Bahnhofstraße Mühlenweg Deichstraße Hafenstraße Gartenstraße Wiesengrund Feldrain Am Sportplatz Am Wasserturm Alte Landstraße Neue Straße Ziegeleiweg Försterstieg Lerchenweg
  Amselweg Möwenstieg Kranichweg Schwalbenring Storchenweg Sonnenhang Bergstraße Waldstraße Dorfstraße Marktstraße Brunnenweg Tannenkamp`
    .replaceAll('Am ', 'Am_')
    .replaceAll('Alte ', 'Alte_')
    .replaceAll('Neue ', 'Neue_')
    .split(/\s+/)
    .map((strasse) => strasse.replace('_', ' '))

const MAILBOXEN = ['post.example', 'mail.example', 'briefkasten.example', 'nordnetz.example'] as const

/** One address and landline for a whole household. */
export function anschrift(w: Wuerfel): Anschrift {
  const [plz, ort] = w.gewichtet(ORTE)
  const haus = `${w.zahl(1, 120)}${w.chance(0.12) ? w.eines(['a', 'b', 'c']) : ''}`
  return { strasse: `${w.eines(STRASSEN)} ${haus}`, plz, ort, telefon: w.chance(0.62) ? festnetz(w, ort) : null }
}

/** A number plate of that place. */
export function kennzeichen(w: Wuerfel, ort: string | null): string {
  const buchstabe = (): string => w.eines('ABCDEFGHKLMNPRSTUVWX'.split(''))
  return `${KREISE[ort ?? ''] ?? 'HH'}-${buchstabe()}${buchstabe()} ${w.zahl(10, 9999)}`
}

/** The only hundreds kept free in the mobile nets are few: several people share a number, which a search must stand. */
export function mobil(w: Wuerfel): string {
  return `${w.eines(['0171 39200', '0176 040690'])}${String(w.zahl(0, 99)).padStart(2, '0')}`
}

export function email(w: Wuerfel, vorname: string, name: string): string {
  const nummer = w.chance(0.4) ? String(w.zahl(1, 99)) : ''
  return `${adressteil(vorname)}.${adressteil(name)}${nummer}@${w.eines(MAILBOXEN)}`
}

/** Umlauts as people spell them in an address. */
export function adressteil(text: string): string {
  return falte(text).replaceAll(' ', '-')
}

function festnetz(w: Wuerfel, ort: string): string {
  const vorwahl = ort === 'Berlin' ? '030 23125' : '040 66969'
  return `${vorwahl}${String(w.zahl(0, 999)).padStart(3, '0')}`
}
