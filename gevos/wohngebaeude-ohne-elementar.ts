import { sql } from 'kysely'
import { aktiv, merkmal, tag, wert, woranEsFehlt } from './bausteine.ts'
import { gevo } from './gevo.ts'
import { datum, unbekanntSatz } from './texte.ts'

const WERTE = { bearbeitenBisTage: 90 }

export default gevo({
  key: 'wohngebaeude-ohne-elementar',
  code: 'G08',
  titel: 'Wohngebäude ohne Elementar',
  kurz: 'Gebäude ohne Schutz gegen Starkregen, Überschwemmung, Erdrutsch',
  gruppe: 'LUECKE',
  klasse: 'W',
  prio: 2,
  ende: 'BEFUND_WEG',
  sperrfrist: { monate: 12 },
  werte: WERTE,
  einstellungen: { bearbeitenBisTage: { titel: 'Bearbeiten innerhalb von', einheit: 'Tage', min: 7, max: 365 } },
  version: 1,
  hilfe:
    'Aktive Wohngebäudeverträge, eigene und fremde, von denen bekannt ist, dass sie Elementarschäden nicht einschließen. ' +
    'Ist unbekannt, ob sie eingeschlossen sind, wird kein Fall eröffnet.',
  grund:
    'Etwa die Hälfte der Wohngebäude in Deutschland ist gegen Elementarschäden versichert, in manchen Ländern weit weniger. ' +
    'Ein Starkregen trifft auch, wer nicht an einem Fluss wohnt. Die Ansprache ist Werbung (§ 7 UWG).',
  endetWenn: 'Der Vertrag schließt Elementarschäden ein, oder er besteht nicht mehr.',
  recht: '§ 7 UWG',

  erkenne: ({ db, bestand, stichtag, regel }) => {
    const a = aktiv('v', stichtag)
    const elementar = merkmal('v', 'elementar')
    return db
      .selectFrom(bestand.vertraege.as('v'))
      .innerJoin(bestand.kunden.as('k'), 'k.id', 'v.kunde_id')
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'v.betrieb_id')
      .select(['v.betrieb_id', 'k.vermittler_id', 'v.kunde_id', 'v.id as vertrag_id'])
      .select([
        sql<string>`'v' || v.id`.as('schluessel'),
        sql<Record<string, unknown>>`jsonb_build_object('beginn', v.beginn, 'elementar', ${elementar}, 'bestandsart', v.bestandsart)`.as('befund'),
        sql<
          string[]
        >`array_remove(ARRAY[CASE WHEN ${elementar} IS NULL THEN 'elementar' END, CASE WHEN ${a} = 'UNBEKANNT' THEN ${woranEsFehlt('v')} END], NULL)`.as(
          'unbekannt',
        ),
        sql<null>`NULL::date`.as('frist'),
        sql<string>`${tag(stichtag)} + ${wert('r', 'bearbeitenBisTage')}`.as('bearbeiten_bis'),
        sql<'TRIFFT' | 'UNBEKANNT'>`CASE WHEN ${a} = 'JA' AND ${elementar} = 'NEIN' THEN 'TRIFFT' ELSE 'UNBEKANNT' END`.as('lage'),
        sql<number>`0`.as('dringlichkeit'),
      ])
      .where('v.sparte', '=', 'WOHNGEBAEUDE')
      .where(sql<boolean>`${a} <> 'NEIN'`)
      .where(sql<boolean>`${elementar} IS DISTINCT FROM 'JA'`)
  },

  erklaere: (befund, unbekannt, stichtag) => {
    const { beginn, bestandsart } = befund as Gelesen
    const seit = beginn ? ` seit ${datum(beginn)}` : ''
    return (
      'Aktiver Wohngebäudevertrag ohne Einschluss von Elementarschäden. ' +
      `Am ${datum(stichtag)}: Wohngebäude${bestandsart === 'FREMD' ? ' (fremd)' : ''}${seit}, Elementar nicht eingeschlossen.${unbekanntSatz(unbekannt)}`
    )
  },

  anlass: (befund) => `Wohngebäude${(befund as Gelesen).bestandsart === 'FREMD' ? ' (fremd)' : ''} ohne Elementar`,

  angebot: {
    betreff: 'Ihr Wohngebäude bei Starkregen und Überschwemmung',
    text:
      '{anrede},\n\nIhr Vertrag {vertrag} schließt nach meinen Unterlagen Elementarschäden nicht ein: Schäden durch Starkregen, Überschwemmung oder Erdrutsch ' +
      'wären also nicht gedeckt. Ich möchte mit Ihnen besprechen, ob und wie das für Ihr Haus zu ändern ist.\n\nWann passt es Ihnen?\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
})

type Gelesen = { beginn: string | null; bestandsart?: 'EIGEN' | 'FREMD' }
