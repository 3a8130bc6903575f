import { sql } from 'kysely'
import { aktiv, tag, wert, woranEsFehlt } from './bausteine.ts'
import { absendetage, naechsteHauptfaelligkeit } from './fristen.ts'
import { gevo } from './gevo.ts'
import { bisZum, datum, unbekanntSatz } from './texte.ts'

const WERTE = { tage: 60 }

/** Every contract of 1 January has the same Frist, so outside of the season the rule is empty whatever the portfolio holds. */
export default gevo({
  key: 'kfz-wechselsaison',
  code: 'G04',
  titel: 'Kfz-Wechselsaison',
  kurz: 'Kfz-Verträge mit Hauptfälligkeit 1. Januar, kündbar bis 30. November',
  gruppe: 'FRIST',
  klasse: 'W',
  prio: 3,
  ende: 'FRIST_VORBEI',
  sperrfrist: 'EREIGNIS',
  werte: WERTE,
  einstellungen: { tage: { titel: 'Tage vor dem 30. November', einheit: 'Tage', min: 14, max: 60 } },
  version: 2,
  hilfe:
    'Aktive Kfz-Verträge, eigene und fremde, deren nächste Hauptfälligkeit der 1. Januar ist. Die Kündigung muss am 30. November beim Versicherer sein; ' +
    'abzusenden ist sie fünf Werktage vorher. Die Fälle öffnen sich ab dem 1. Oktober. Andere Hauptfälligkeiten gehören zu „Kündigungstermin rückt näher“.',
  grund:
    'Der Vertrag verlängert sich, wenn er nicht spätestens einen Monat vor Ablauf gekündigt wird (§ 5a Abs. 1 PflVG); für die Kasko gilt dasselbe nach den AKB. ' +
    'Die Ansprache ist Werbung (§ 7 UWG).',
  endetWenn: 'Der Vertrag besteht nicht mehr oder hat eine andere Hauptfälligkeit.',
  recht: '§ 5a PflVG',

  erkenne: ({ db, bestand, stichtag, regel }) => {
    const a = aktiv('v', stichtag)
    const hf = naechsteHauptfaelligkeit(sql.ref('v.hauptfaelligkeit'), stichtag)
    const neujahr = sql<string>`make_date(extract(year FROM ${tag(stichtag)})::integer + 1, 1, 1)`
    const zugang = `${stichtag.slice(0, 4)}-11-30`
    return db
      .selectFrom(bestand.vertraege.as('v'))
      .innerJoin(bestand.kunden.as('k'), 'k.id', 'v.kunde_id')
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'v.betrieb_id')
      .innerJoin(bestand.betriebe.as('b'), 'b.id', 'v.betrieb_id')
      .innerJoin(absendetage(db, [zugang]).as('a'), 'a.land', 'b.bundesland')
      .select(['v.betrieb_id', 'k.vermittler_id', 'v.kunde_id', 'v.id as vertrag_id'])
      .select([
        sql<string>`'v' || v.id || ':' || extract(year FROM ${tag(stichtag)})`.as('schluessel'),
        sql<Record<string, unknown>>`jsonb_build_object('hauptfaelligkeit', ${hf}, 'kennzeichen', v.merkmale ->> 'kennzeichen', 'zugang', a.zugang,
          'absenden', a.absenden, 'bestandsart', v.bestandsart)`.as('befund'),
        sql<
          string[]
        >`array_remove(ARRAY[CASE WHEN v.hauptfaelligkeit IS NULL THEN 'hauptfaelligkeit' END, CASE WHEN ${a} = 'UNBEKANNT' THEN ${woranEsFehlt('v')} END], NULL)`.as(
          'unbekannt',
        ),
        sql<string>`a.zugang`.as('frist'),
        sql<null>`NULL::date`.as('bearbeiten_bis'),
        sql<'TRIFFT' | 'UNBEKANNT'>`CASE WHEN ${a} = 'JA' AND v.hauptfaelligkeit IS NOT NULL THEN 'TRIFFT' ELSE 'UNBEKANNT' END`.as('lage'),
        sql<number>`a.zugang - ${tag(stichtag)}`.as('dringlichkeit'),
      ])
      .where('v.sparte', '=', 'KFZ')
      .where(sql<boolean>`${tag(stichtag)} BETWEEN a.zugang - ${wert('r', 'tage')} AND a.zugang`)
      .where(sql<boolean>`${a} <> 'NEIN'`)
      .where(sql<boolean>`(v.hauptfaelligkeit IS NULL OR ${hf} = ${neujahr})`)
  },

  erklaere: (befund, unbekannt, stichtag) => {
    const { hauptfaelligkeit, kennzeichen, zugang, absenden } = befund as Gelesen
    return (
      'Aktiver Kfz-Vertrag, dessen nächste Hauptfälligkeit der 1. Januar ist. ' +
      `Am ${datum(stichtag)}: ${kennzeichen ? `${kennzeichen}, ` : ''}Hauptfälligkeit ${datum(hauptfaelligkeit)}; Kündigung: Zugang spätestens ${datum(zugang)}, ` +
      `absenden bis ${datum(absenden)}.${unbekanntSatz(unbekannt)}`
    )
  },

  anlass: (befund) => {
    const { kennzeichen, absenden, bestandsart } = befund as Gelesen
    return `Kfz${kennzeichen ? ` ${kennzeichen}` : ''}${bestandsart === 'FREMD' ? ' (fremd)' : ''}, absenden bis ${datum(absenden)}`
  },

  angebot: {
    betreff: 'Kfz-Versicherung: bis zum 30. November wechseln?',
    text:
      '{anrede},\n\nIhren Vertrag {vertrag}{kennzeichen} können Sie zum Jahreswechsel kündigen, wenn die Kündigung bis zum {zugang} beim Versicherer ist. ' +
      'Ich vergleiche gern für Sie, ob Beitrag und Leistung noch passen.\n\nBitte sehen Sie vorher nach, ob Fahrleistung, Fahrerkreis und Stellplatz noch stimmen, ' +
      'und geben Sie mir Bescheid. Damit die Kündigung rechtzeitig dort ist, sollte sie {absenden} abgeschickt werden.\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
  platzhalter: (befund, heute) => ({
    zugang: datum(befund['zugang']),
    absenden: bisZum(befund['absenden'], heute),
    kennzeichen: typeof befund['kennzeichen'] === 'string' ? ` (${befund['kennzeichen']})` : '',
  }),
})

type Gelesen = {
  hauptfaelligkeit: string | null
  kennzeichen: string | null
  zugang: string
  absenden: string
  bestandsart?: 'EIGEN' | 'FREMD'
}
