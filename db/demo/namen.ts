/** Names as people of that age bear them, and what they do for a living. Everybody is made up. */
import type { Wuerfel } from './wuerfel.ts'

export type Geschlecht = 'FRAU' | 'HERR'

/** First names by the youngest age that still bears them, oldest last. */
const VORNAMEN: readonly { bis: number; FRAU: string[]; HERR: string[] }[] = [
  {
    bis: 17,
    FRAU: liste('Mia Emilia Hannah Emma Sophia Lina Mila Ella Leni Ida Frieda Clara Marlene Lotta Greta Amira Elif Zoe Alma Romy'),
    HERR: liste('Noah Matteo Finn Leon Paul Elias Henry Emil Theo Anton Oskar Jonas Levi Fiete Bosse Malik Emir Jakob Carl Milan'),
  },
  {
    bis: 34,
    FRAU: liste('Lena Laura Lea Sarah Julia Lisa Anna Vanessa Jana Michelle Marie Alina Merve Elif Aylin Franziska Johanna Pauline Svenja Katharina'),
    HERR: liste('Lukas Jan Tim Felix Jonas Maximilian Niklas Philipp Tobias Marvin Kevin Dennis Emre Can Malte Hauke Moritz Julian Simon Torben'),
  },
  {
    bis: 54,
    FRAU: liste(
      'Nicole Stefanie Melanie Sandra Katja Anja Claudia Nadine Daniela Yvonne Sonja Britta Silke Tanja Maren Ayşe Songül Imke Wiebke Agnieszka',
    ),
    HERR: liste(
      'Christian Stefan Sven Thorsten Andreas Markus Matthias Oliver Marco Dirk Lars Björn Jens Mehmet Murat Piotr Carsten Holger Nils Arne',
    ),
  },
  {
    bis: 69,
    FRAU: liste(
      'Petra Sabine Susanne Gabriele Birgit Martina Angelika Monika Heike Cornelia Ute Kerstin Marion Karin Fatma Bärbel Regina Elke Antje Dagmar',
    ),
    HERR: liste(
      'Thomas Michael Peter Frank Jürgen Uwe Bernd Klaus Wolfgang Ralf Rainer Detlef Norbert Volker Hasan Reinhard Harald Joachim Axel Heiner',
    ),
  },
  {
    bis: 150,
    FRAU: liste(
      'Ursula Helga Renate Ingrid Gisela Christa Erika Hannelore Brigitte Waltraud Ilse Edith Elfriede Gerda Irmgard Hildegard Lieselotte Rosemarie',
    ),
    HERR: liste('Hans Günter Horst Werner Karl Heinz Gerhard Manfred Dieter Helmut Walter Rolf Siegfried Kurt Herbert Ernst Friedrich Otto'),
  },
]

const NACHNAMEN = liste(
  `Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger
  Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Möller Scholz
  Lang Weiß Jung Hahn Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus
  Petersen Hansen Jensen Clausen Thomsen Christiansen Paulsen Matthiesen Carstensen Lorenzen Harms Behrens Lüders Stüven Tietjen Wulff Kröger Dierks Heitmann
  Yılmaz Kaya Demir Çelik Şahin Öztürk Aydın Arslan Nowak Kowalski Wiśniewska Popović Horvat Nguyen Rossi Costa Ivanova Haddad`,
)

/** What people do, by where their money comes from; a profession reads the same for both in the short form used here. */
const BERUFE = {
  ANGESTELLT: {
    FRAU: berufe(
      'Industriekauffrau, Erzieherin, Krankenpflegerin, Bürokauffrau, Softwareentwicklerin, Physiotherapeutin, Logistikerin, Verkäuferin, Ingenieurin',
    ),
    HERR: berufe(
      'Industriekaufmann, Mechatroniker, Lokführer, Softwareentwickler, Elektroniker, Krankenpfleger, Lagerlogistiker, Koch, Ingenieur, Tischler',
    ),
  },
  SELBSTSTAENDIG: {
    FRAU: berufe('Grafikerin, Steuerberaterin, Friseurmeisterin, Architektin, Fotografin, Heilpraktikerin'),
    HERR: berufe('Malermeister, Architekt, Gastwirt, Webdesigner, Zahnarzt, Garten- und Landschaftsbauer'),
  },
  AZUBI: {
    FRAU: berufe('Auszubildende Bankkauffrau, Auszubildende Pflegefachfrau'),
    HERR: berufe('Auszubildender Anlagenmechaniker, Auszubildender Kaufmann'),
  },
  BEAMTER: { FRAU: berufe('Lehrerin, Polizeibeamtin, Finanzbeamtin'), HERR: berufe('Lehrer, Polizeibeamter, Feuerwehrbeamter') },
  STUDENT: { FRAU: berufe('Studentin'), HERR: berufe('Student') },
  SCHUELER: { FRAU: berufe('Schülerin'), HERR: berufe('Schüler') },
  RENTNER: { FRAU: berufe('Rentnerin'), HERR: berufe('Rentner') },
  OHNE: { FRAU: berufe('Hausfrau'), HERR: berufe('Hausmann') },
} as const

export type Erwerbsstatus = keyof typeof BERUFE

export function vorname(w: Wuerfel, geschlecht: Geschlecht, alter: number): string {
  return w.eines(VORNAMEN.find(({ bis }) => alter <= bis)![geschlecht])
}

/** Mostly names everybody knows, now and then one from faker's long list. */
export function nachname(w: Wuerfel): string {
  return w.chance(0.72) ? w.eines(NACHNAMEN) : w.faker.person.lastName()
}

export function beruf(w: Wuerfel, erwerb: Erwerbsstatus, geschlecht: Geschlecht): string {
  return w.eines(BERUFE[erwerb][geschlecht])
}

export function firmenname(w: Wuerfel, inhaber: string): string {
  const branche = w.eines(
    berufe(
      'Bäckerei, Tischlerei, Malerbetrieb, Elektrotechnik, Autohaus, Gartenbau, Praxis, Gasthof, Dachdeckerei, Spedition, Buchhandlung, Weinhandel',
    ),
  )
  return `${branche} ${inhaber} ${w.gewichtet([
    ['GmbH', 5],
    ['e. K.', 3],
    ['GmbH & Co. KG', 1],
    ['GbR', 2],
  ])}`
}

function liste(text: string): string[] {
  return text.split(/\s+/)
}

function berufe(text: string): string[] {
  return text.split(', ')
}
