import { sql } from 'kysely'
import { alter } from '../domain/kalender.ts'
import { ERWERBSSTATUS } from '../domain/kunde.ts'
import { imAlter, tag, wert } from './bausteine.ts'
import { decktPerson } from './deckung.ts'
import { gevo } from './gevo.ts'
import { datum, unbekanntSatz } from './texte.ts'

const WERTE = { alterVon: 18, alterBis: 55, bearbeitenBisTage: 90 }
const GRUPPE = { sparten: ['BU'], grob: ['UNBEKANNT'] } as const
/** A BU added to a life or pension contract covers, too (GDV 0220.010, Wagnisart 4 and 8). */
const ZUSATZ = sql<boolean>`(v.sparte IN ('LV', 'RLV', 'RV') AND v.merkmale -> 'wagnisarten' ?| ARRAY['4', '8'])`

export default gevo({
  key: 'bu-fehlt',
  code: 'G07',
  titel: 'BU fehlt bei Berufstätigen',
  kurz: '18 bis 55 Jahre, berufstätig, ohne Schutz bei Berufsunfähigkeit',
  gruppe: 'LUECKE',
  klasse: 'W',
  prio: 2,
  ende: 'BEFUND_WEG',
  sperrfrist: { monate: 24 },
  werte: WERTE,
  einstellungen: {
    alterVon: { titel: 'Alter von', einheit: 'Jahre', min: 15, max: 40 },
    alterBis: { titel: 'Alter bis', einheit: 'Jahre', min: 30, max: 67 },
    bearbeitenBisTage: { titel: 'Bearbeiten innerhalb von', einheit: 'Tage', min: 7, max: 365 },
  },
  version: 2,
  hilfe:
    'Angestellte, Selbstständige, Auszubildende und Beamte zwischen 18 und 55 Jahren, die in keinem aktiven Vertrag (eigen oder fremd) gegen ' +
    'Berufsunfähigkeit versichert sind. Es zählt, wer versichert ist, nicht wer den Vertrag geschlossen hat; ein BU-Zusatz in Leben oder Rente zählt mit. ' +
    'Ist der Erwerbsstatus oder die versicherte Person unbekannt, wird kein Fall eröffnet.',
  grund:
    'Gesetzlichen Schutz bei Berufsunfähigkeit gibt es nur für vor dem 02.01.1961 Geborene (§ 240 SGB VI). Die Erwerbsminderungsrente setzt weniger als ' +
    'sechs Stunden Arbeitsfähigkeit und drei von fünf Jahren Beiträge voraus (§ 43 SGB VI). Die Ansprache ist Werbung (§ 7 UWG).',
  endetWenn: 'Ein aktiver Vertrag mit Schutz bei Berufsunfähigkeit ist erfasst, oder der Kunde arbeitet nicht mehr oder ist aus dem Alter heraus.',
  recht: '§§ 43, 240 SGB VI, § 7 UWG',

  erkenne: (frage) => {
    const { db, bestand, stichtag, regel } = frage
    const imBeruf = imAlter(sql.ref('k.geburtsdatum'), stichtag, wert('r', 'alterVon'), wert('r', 'alterBis'))
    return db
      .selectFrom(bestand.kunden.as('k'))
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'k.betrieb_id')
      .leftJoin(decktPerson(frage, GRUPPE, ZUSATZ).as('d'), 'd.kunde_id', 'k.id')
      .select(['k.betrieb_id', 'k.vermittler_id', 'k.id as kunde_id'])
      .select([
        sql<null>`NULL::integer`.as('vertrag_id'),
        sql<string>`'k' || k.id`.as('schluessel'),
        sql<Record<string, unknown>>`jsonb_build_object('geburtsdatum', k.geburtsdatum, 'erwerbsstatus', k.erwerbsstatus)`.as('befund'),
        sql<string[]>`coalesce(d.fehlt, '{}') || array_remove(ARRAY[CASE WHEN k.geburtsdatum IS NULL THEN 'geburtsdatum' END,
          CASE WHEN k.erwerbsstatus IS NULL THEN 'erwerbsstatus' END], NULL)`.as('unbekannt'),
        sql<null>`NULL::date`.as('frist'),
        sql<string>`${tag(stichtag)} + ${wert('r', 'bearbeitenBisTage')}`.as('bearbeiten_bis'),
        sql<
          'TRIFFT' | 'UNBEKANNT'
        >`CASE WHEN d.deckt IS NULL AND k.geburtsdatum IS NOT NULL AND k.erwerbsstatus IS NOT NULL THEN 'TRIFFT' ELSE 'UNBEKANNT' END`.as('lage'),
        sql<number>`0`.as('dringlichkeit'),
      ])
      .where('k.art', '=', 'NATUERLICH')
      .where(sql<boolean>`d.deckt IS DISTINCT FROM 'JA'`)
      .where(sql<boolean>`(k.erwerbsstatus IS NULL OR k.erwerbsstatus IN ('ANGESTELLT', 'SELBSTSTAENDIG', 'AZUBI', 'BEAMTER'))`)
      .where(sql<boolean>`(k.geburtsdatum IS NULL OR ${imBeruf})`)
  },

  erklaere: (befund, unbekannt, stichtag, werte = WERTE) => {
    const { geburtsdatum, erwerbsstatus } = befund as Gelesen
    const jahre = geburtsdatum ? `${alter(geburtsdatum, stichtag)} Jahre (geboren ${datum(geburtsdatum)})` : 'Alter unbekannt'
    return (
      `Berufstätiger Privatkunde zwischen ${werte['alterVon']} und ${werte['alterBis']} Jahren, den kein aktiver Vertrag gegen Berufsunfähigkeit versichert. ` +
      `Am ${datum(stichtag)}: ${jahre}, ${status(erwerbsstatus)}.${unbekanntSatz(unbekannt)}`
    )
  },

  anlass: (befund) => `${status((befund as Gelesen).erwerbsstatus)}, keine Berufsunfähigkeitsversicherung`,

  angebot: {
    betreff: 'Was wäre, wenn Sie nicht mehr arbeiten könnten?',
    text:
      '{anrede},\n\nIhr Einkommen ist die Grundlage für fast alles andere. In meinen Unterlagen finde ich bei Ihnen keinen Schutz für den Fall, dass Sie Ihren Beruf ' +
      'nicht mehr ausüben können. Ich möchte mit Ihnen durchgehen, was gesetzlich gilt und was das für Sie bedeutet.\n\n' +
      'Wann passt es Ihnen?\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
})

type Gelesen = { geburtsdatum: string | null; erwerbsstatus: keyof typeof ERWERBSSTATUS | null }

function status(code: Gelesen['erwerbsstatus']): string {
  return code ? ERWERBSSTATUS[code] : 'Erwerbsstatus unbekannt'
}
