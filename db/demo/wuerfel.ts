/** Seeded chance: the same seed gives the same Betrieb, whatever the machine. */
import { Faker, base, de } from '@faker-js/faker'

export interface Wuerfel {
  faker: Faker
  /** Begins again with another seed, which costs next to nothing. */
  neu(seed: number): void
  /** A whole number from `von` to `bis`, both included. */
  zahl(von: number, bis: number): number
  chance(wahrscheinlichkeit: number): boolean
  eines<T>(liste: readonly T[]): T
  /** By weight; the weights need not add up to anything. */
  gewichtet<T>(liste: readonly (readonly [T, number])[]): T
  gemischt<T>(liste: readonly T[]): T[]
}

export function createWuerfel(seed: number): Wuerfel {
  const faker = new Faker({ locale: [de, base], seed })
  // float() without arguments is the generator itself; number.int would check its arguments a million times.
  const wurf = (): number => faker.number.float()
  const zahl = (von: number, bis: number): number => von + Math.floor(wurf() * (bis - von + 1))
  return {
    faker,
    neu: (anderer) => void faker.seed(anderer),
    zahl,
    chance: (wahrscheinlichkeit) => wurf() < wahrscheinlichkeit,
    eines: (liste) => liste[zahl(0, liste.length - 1)]!,
    gewichtet: (liste) => {
      let rest = wurf() * liste.reduce((summe, [, gewicht]) => summe + gewicht, 0)
      return (liste.find(([, gewicht]) => (rest -= gewicht) < 0) ?? liste.at(-1)!)[0]
    },
    gemischt: (liste) => {
      const karten = [...liste]
      for (let i = karten.length - 1; i > 0; i--) {
        const j = zahl(0, i)
        ;[karten[i], karten[j]] = [karten[j]!, karten[i]!]
      }
      return karten
    },
  }
}
