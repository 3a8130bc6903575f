import type { Listenzahlen } from '../../db/arbeitsvorrat.ts'
import { mehrzahl, zahl } from '../format.ts'

/** "96 offen · 11 neu · 2 überfällig" */
export const Listenkopfzahlen = ({ zahlen }: { zahlen: Listenzahlen }) => (
  <>
    {[
      `${zahl(zahlen.OFFEN + zahlen.WIEDERVORLAGE)} offen`,
      zahlen.neu > 0 && `${zahl(zahlen.neu)} neu`,
      zahlen.ueberfaellig > 0 && `${zahl(zahlen.ueberfaellig)} überfällig`,
      zahlen.WIEDERVORLAGE > 0 && mehrzahl(zahlen.WIEDERVORLAGE, 'wartet auf Wiedervorlage', 'warten auf Wiedervorlage'),
    ]
      .filter(Boolean)
      .join(' · ')}
  </>
)
