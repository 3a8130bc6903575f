import { sql } from 'kysely'
import { alter } from '../domain/kalender.ts'
import { imAlter, tag, wert } from './bausteine.ts'
import { decktHaushalt } from './deckung.ts'
import { gevo } from './gevo.ts'
import { datum, unbekanntSatz } from './texte.ts'

const WERTE = { alterVon: 18, bearbeitenBisTage: 90 }
const GRUPPE = { sparten: ['PHV'], grob: ['HAFTPFLICHT', 'UNBEKANNT'] } as const

/** One Fall a household, carried by its eldest adult without cover (or, where nobody is known to be without, by the eldest who may be). */
export default gevo({
  key: 'privathaftpflicht-fehlt',
  code: 'G06',
  titel: 'Privathaftpflicht fehlt',
  kurz: 'Erwachsene ohne eigene oder mitversicherte Privathaftpflicht',
  gruppe: 'LUECKE',
  klasse: 'W',
  prio: 2,
  ende: 'BEFUND_WEG',
  sperrfrist: { monate: 24 },
  werte: WERTE,
  einstellungen: {
    alterVon: { titel: 'Alter ab', einheit: 'Jahre', min: 16, max: 30 },
    bearbeitenBisTage: { titel: 'Bearbeiten innerhalb von', einheit: 'Tage', min: 7, max: 365 },
  },
  version: 2,
  hilfe:
    'Privatkunden ab 18 Jahren, die weder selbst eine aktive Privathaftpflicht haben (eigene oder fremde) noch über ihren Haushalt mitversichert sind. ' +
    'Ein Haushalt ergibt einen Fall. Ob eine Haftpflicht privat ist oder ob sie die Familie einschließt, muss bekannt sein: sonst wird kein Fall eröffnet.',
  grund:
    'Wer einem anderen einen Schaden zufügt, haftet mit allem, was er hat (§ 823 BGB). Die Privathaftpflicht steht in DIN 77230 mit der Krankenversicherung ' +
    'an erster Stelle. Die Ansprache ist Werbung (§ 7 UWG): per E-Mail oder Telefon nur mit Einwilligung.',
  endetWenn: 'Im Haushalt ist eine aktive Privathaftpflicht erfasst, die alle Erwachsenen einschließt.',
  recht: '§ 823 BGB, § 7 UWG',

  erkenne: (frage) => {
    const { db, bestand, stichtag, regel } = frage
    const erwachsen = imAlter(sql.ref('k.geburtsdatum'), stichtag, wert('r', 'alterVon'), sql<number>`150`)
    const personen = db
      .selectFrom(bestand.kunden.as('k'))
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'k.betrieb_id')
      .leftJoin(decktHaushalt(frage, GRUPPE).as('d'), 'd.kunde_id', 'k.id')
      .select(['k.id', 'k.betrieb_id', 'k.vermittler_id', 'k.geburtsdatum', 'd.fehlt', 'r.werte'])
      .select([
        sql<string>`coalesce('h' || k.haushalt_id, 'k' || k.id)`.as('schluessel'),
        sql<'TRIFFT' | 'UNBEKANNT'>`CASE WHEN d.deckt IS NULL AND k.geburtsdatum IS NOT NULL THEN 'TRIFFT' ELSE 'UNBEKANNT' END`.as('lage'),
      ])
      .where('k.art', '=', 'NATUERLICH')
      .where(sql<boolean>`d.deckt IS DISTINCT FROM 'JA'`)
      .where(sql<boolean>`(k.geburtsdatum IS NULL OR ${erwachsen})`)
    return db
      .selectFrom(personen.as('p'))
      .distinctOn('p.schluessel')
      .select(['p.betrieb_id', 'p.vermittler_id', 'p.id as kunde_id'])
      .select([
        sql<null>`NULL::integer`.as('vertrag_id'),
        'p.schluessel',
        sql<Record<string, unknown>>`jsonb_build_object('geburtsdatum', p.geburtsdatum, 'haushalt', left(p.schluessel, 1) = 'h')`.as('befund'),
        sql<string[]>`coalesce(p.fehlt, '{}') || CASE WHEN p.geburtsdatum IS NULL THEN ARRAY['geburtsdatum'] ELSE '{}' END`.as('unbekannt'),
        sql<null>`NULL::date`.as('frist'),
        sql<string>`${tag(stichtag)} + ${wert('p', 'bearbeitenBisTage')}`.as('bearbeiten_bis'),
        'p.lage',
        sql<number>`0`.as('dringlichkeit'),
      ])
      .orderBy('p.schluessel')
      .orderBy(sql`p.lage = 'TRIFFT'`, 'desc')
      .orderBy(sql`p.geburtsdatum`, (o) => o.asc().nullsLast())
      .orderBy('p.id')
  },

  erklaere: (befund, unbekannt, stichtag, werte = WERTE) => {
    const { geburtsdatum, haushalt } = befund as Gelesen
    const jahre = geburtsdatum ? `${alter(geburtsdatum, stichtag)} Jahre (geboren ${datum(geburtsdatum)})` : 'Alter unbekannt'
    return (
      `Privatkunde ab ${werte['alterVon']} Jahren ohne aktive Privathaftpflicht, weder eigen noch fremd noch über den Haushalt. ` +
      `Am ${datum(stichtag)}: ${jahre}, keine Privathaftpflicht${haushalt ? ' im Haushalt, die ihn einschließt' : ' erfasst'}.${unbekanntSatz(unbekannt)}`
    )
  },

  anlass: (befund) => ((befund as Gelesen).haushalt ? 'keine Privathaftpflicht im Haushalt' : 'keine Privathaftpflicht'),

  angebot: {
    betreff: 'Ihre private Haftpflicht',
    text:
      '{anrede},\n\nin meinen Unterlagen finde ich bei Ihnen keine private Haftpflichtversicherung. Wer anderen einen Schaden zufügt, haftet dafür in voller Höhe. ' +
      'Haben Sie den Schutz anderswo, dann teilen Sie mir bitte kurz mit, bei wem; sonst bespreche ich gern mit Ihnen, was zu Ihnen passt.\n\n' +
      'Freundliche Grüße\n{vermittler}\n{betrieb}',
  },
})

type Gelesen = { geburtsdatum: string | null; haushalt: boolean }
