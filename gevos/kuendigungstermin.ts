import { sql } from 'kysely'
import { KUENDIGUNGSFRIST } from '../domain/fristen.ts'
import { plusTage } from '../domain/kalender.ts'
import { SPARTEN, type Sparte } from '../domain/sparten.ts'
import { EINMAL, aktiv, angenommen, merkmal, tag, verlaengertSich, wert, woranEsFehlt } from './bausteine.ts'
import { absendetage, naechsteHauptfaelligkeit, zugangSpaetestens } from './fristen.ts'
import { gevo } from './gevo.ts'
import { bisZum, datum, spartenName, spartenTitel, unbekanntSatz } from './texte.ts'

const WERTE = { tage: 60, geprueftMonate: 24, anstiegProzent: 10 }
/** The widest window a Betrieb may set. */
const LAENGSTENS = 90

/** Never Leben (§ 168 VVG) and never Kranken (§ 205 VVG): they have their own ways to end. */
const KUENDBAR = (Object.keys(SPARTEN) as Sparte[]).filter((code) => SPARTEN[code].gruppe === 'SCHADEN' || code === 'UNFALL')

/**
 * Worth a look is what nobody has looked through for two years, or what became dearer. A contract counts as looked through when it began.
 * Where the Hauptfälligkeit is unknown, so is the day of notice: that opens nothing, and ends nothing.
 */
export default gevo({
  key: 'kuendigungstermin',
  code: 'G03',
  titel: 'Kündigungstermin rückt näher',
  kurz: 'Kündigung noch möglich, lange nicht durchgesehen oder teurer geworden',
  gruppe: 'FRIST',
  klasse: 'W',
  prio: 3,
  ende: 'FRIST_VORBEI',
  sperrfrist: 'EREIGNIS',
  werte: WERTE,
  einstellungen: {
    tage: { titel: 'Tage im Voraus', einheit: 'Tage', min: 14, max: LAENGSTENS },
    geprueftMonate: { titel: 'Zuletzt durchgesehen vor', einheit: 'Monate', min: 6, max: 60 },
    anstiegProzent: { titel: 'Oder Beitrag gestiegen um', einheit: 'Prozent', min: 1, max: 100 },
  },
  version: 2,
  hilfe:
    'Aktive Schaden-, Unfall- und Rechtsschutzverträge, die sich verlängern (oder bei denen das angenommen wird) und deren Kündigung in den nächsten 60 Tagen beim ' +
    'Versicherer sein muss, wenn sie seit 24 Monaten niemand mit dem Kunden durchgesehen hat oder ihr Beitrag im letzten Jahr um mindestens 10 % gestiegen ist. ' +
    'Ist die Kündigungsfrist nicht bekannt, gelten drei Monate, bei Kfz einer. Kfz mit Hauptfälligkeit 1. Januar gehört zur Wechselsaison.',
  grund:
    'Ein Vertrag, der sich verlängert, ist mit einer Frist von einem bis drei Monaten zum Ende des Jahres kündbar (§ 11 VVG). Ob sich ein letzter Tag, der auf ein ' +
    'Wochenende fällt, verschiebt (§ 193 BGB), ist umstritten; deshalb zählt der Tag davor. Die Ansprache ist Werbung (§ 7 UWG).',
  endetWenn: 'Der Vertrag wurde durchgesehen, gekündigt oder ersetzt.',
  recht: '§ 11 VVG',

  erkenne: ({ db, bestand, stichtag, regel }) => {
    const a = aktiv('v', stichtag)
    const frist = sql<number>`coalesce(v.kuendigungsfrist_monate, CASE WHEN v.sparte = 'KFZ' THEN ${sql.lit(KUENDIGUNGSFRIST.kfz)} ELSE ${sql.lit(KUENDIGUNGSFRIST.sonst)} END)`
    const tage = Array.from({ length: LAENGSTENS + 1 }, (_, i) => plusTage(stichtag, i))
    const seit = sql`(${tag(stichtag)} - make_interval(months => ${wert('r', 'geprueftMonate')}))::date`
    const durchgesehen = db
      .selectFrom(bestand.kontakte.as('c'))
      .select(['c.vertrag_id', sql<string>`max(c.tag)`.as('tag')])
      .where('c.vertrag_id', 'is not', null)
      .groupBy('c.vertrag_id')
    const mitHf = db
      .selectFrom(bestand.vertraege.as('v'))
      .selectAll('v')
      .select(naechsteHauptfaelligkeit(sql.ref('v.hauptfaelligkeit'), stichtag).as('hf'))
      .where('v.sparte', 'in', KUENDBAR)
      .offset(EINMAL)
    const zugang = zugangSpaetestens(sql.ref('v.hf'), frist)
    const termine = db
      .selectFrom(mitHf.as('v'))
      .selectAll('v')
      .select([a.as('ist_aktiv'), woranEsFehlt('v').as('fehlt'), angenommen('v').as('angenommen'), verlaengertSich('v').as('verlaengert')])
      .select(zugang.as('zugang'))
      .where(sql<boolean>`(v.hf IS NULL OR ${zugang} BETWEEN ${tag(stichtag)} AND ${tage.at(-1)}::date)`)
      .where(sql<boolean>`coalesce(v.sparte <> 'KFZ' OR to_char(v.hf, 'MM-DD') <> '01-01', true)`)
      .where(sql<boolean>`${verlaengertSich('v')} IS DISTINCT FROM 'NEIN'`)
      .where(sql<boolean>`${a} <> 'NEIN'`)
      .offset(EINMAL)
    const zuletzt = sql<string | null>`greatest(t.beginn, d.tag, ${merkmal('t', 'geprueftAm')}::date)`
    const vorher = sql<number | null>`${merkmal('t', 'beitragVorherCent')}::bigint`
    const gestiegen = sql<boolean>`coalesce(${vorher} > 0 AND t.beitrag_cent * 100 >= ${vorher} * (100 + ${wert('r', 'anstiegProzent')})
      AND ${merkmal('t', 'beitragGeaendertAm')}::date > ${tag(stichtag)} - interval '1 year', false)`
    const lange = sql<boolean>`coalesce(${zuletzt} < ${seit}, false)`
    // What was done before the Betrieb began with this system is not recorded.
    const gewiss = sql<boolean>`(b.beginn <= ${seit} OR ${merkmal('t', 'geprueftAm')} IS NOT NULL OR d.tag IS NOT NULL)`
    return db
      .selectFrom(termine.as('t'))
      .innerJoin(bestand.kunden.as('k'), 'k.id', 't.kunde_id')
      .innerJoin(regel.as('r'), 'r.betrieb_id', 't.betrieb_id')
      .innerJoin(bestand.betriebe.as('b'), 'b.id', 't.betrieb_id')
      .leftJoin(absendetage(db, tage).as('a'), (join) => join.onRef('a.land', '=', 'b.bundesland').onRef('a.zugang', '=', 't.zugang'))
      .leftJoin(durchgesehen.as('d'), 'd.vertrag_id', 't.id')
      .select(['t.betrieb_id', 'k.vermittler_id', 't.kunde_id', 't.id as vertrag_id'])
      .select([
        sql<string>`'v' || t.id || ':' || coalesce(t.zugang::text, '')`.as('schluessel'),
        sql<Record<string, unknown>>`jsonb_build_object('sparte', t.sparte, 'hauptfaelligkeit', t.hf, 'zugang', t.zugang, 'absenden', a.absenden,
          'fristAngenommen', t.kuendigungsfrist_monate IS NULL, 'angenommen', t.angenommen, 'zuletzt', ${zuletzt}, 'gestiegen', ${gestiegen},
          'beitragVorher', ${vorher}, 'bestandsart', t.bestandsart)`.as('befund'),
        sql<string[]>`array_remove(ARRAY[CASE WHEN t.ist_aktiv = 'UNBEKANNT' THEN t.fehlt END, CASE WHEN t.zugang IS NULL THEN 'hauptfaelligkeit' END,
          CASE WHEN t.verlaengert IS NULL THEN 'verlaengert_sich' END, CASE WHEN NOT ${gestiegen} AND NOT ${gewiss} THEN 'geprueft' END,
          CASE WHEN NOT ${gestiegen} AND ${zuletzt} IS NULL THEN 'beginn' END], NULL)`.as('unbekannt'),
        sql<string | null>`t.zugang`.as('frist'),
        sql<null>`NULL::date`.as('bearbeiten_bis'),
        sql<
          'TRIFFT' | 'UNBEKANNT'
        >`CASE WHEN t.ist_aktiv = 'JA' AND t.zugang IS NOT NULL AND t.verlaengert = 'JA' AND (${gestiegen} OR (${lange} AND ${gewiss})) THEN 'TRIFFT' ELSE 'UNBEKANNT' END`.as(
          'lage',
        ),
        sql<number>`coalesce(t.zugang - ${tag(stichtag)}, 0)`.as('dringlichkeit'),
      ])
      .where(sql<boolean>`(t.zugang IS NULL OR (a.zugang IS NOT NULL AND t.zugang <= ${tag(stichtag)} + ${wert('r', 'tage')}))`)
      .where(sql<boolean>`(${gestiegen} OR ${lange} OR ${zuletzt} IS NULL)`)
  },

  erklaere: (befund, unbekannt, stichtag, werte = WERTE) => {
    const { sparte, hauptfaelligkeit, zugang, absenden, fristAngenommen, zuletzt, gestiegen } = befund as Gelesen
    const grund = gestiegen
      ? `der Beitrag ist im letzten Jahr um mindestens ${werte['anstiegProzent']} % gestiegen`
      : `zuletzt durchgesehen ${zuletzt ? `am ${datum(zuletzt)}` : 'unbekannt wann'}`
    return (
      `Aktiver Vertrag, der sich verlängert und in den nächsten ${werte['tage']} Tagen zu kündigen wäre, seit ${werte['geprueftMonate']} Monaten nicht durchgesehen oder teurer geworden. ` +
      `Am ${datum(stichtag)}: ${spartenTitel(sparte)}, Hauptfälligkeit ${datum(hauptfaelligkeit)}, Zugang spätestens ${datum(zugang)}` +
      `${fristAngenommen ? ' (übliche Frist angenommen)' : ''}, absenden bis ${datum(absenden)}; ${grund}.${unbekanntSatz(unbekannt)}`
    )
  },

  anlass: (befund) => {
    const { sparte, absenden, bestandsart } = befund as Gelesen
    return `${spartenTitel(sparte)}${bestandsart === 'FREMD' ? ' (fremd)' : ''}, absenden bis ${datum(absenden)}`
  },

  angebot: {
    betreff: '{sparte}: bis zum {zugang} noch zu ändern',
    text:
      '{anrede},\n\nIhr Vertrag {vertrag} verlängert sich zum {hauptfaelligkeit}, wenn die Kündigung nicht bis zum {zugang} beim Versicherer ist{frist}. ' +
      '{anlass} Bevor er weiterläuft, möchte ich mit Ihnen durchgehen, ob Leistung und Beitrag noch passen.\n\n' +
      'Damit eine Kündigung rechtzeitig dort ist, sollte sie {absenden} abgeschickt werden. Wann passt es Ihnen?\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
  platzhalter: (befund, heute) => ({
    sparte: spartenName(befund['sparte']),
    hauptfaelligkeit: datum(befund['hauptfaelligkeit']),
    zugang: datum(befund['zugang']),
    absenden: bisZum(befund['absenden'], heute),
    frist: befund['fristAngenommen'] ? ' (mit der üblichen Frist; die Ihres Vertrags prüfe ich)' : '',
    anlass: befund['gestiegen'] ? 'Sein Beitrag ist im letzten Jahr gestiegen.' : 'Wir haben ihn länger nicht zusammen angesehen.',
  }),
})

type Gelesen = {
  sparte: string
  hauptfaelligkeit: string
  zugang: string
  absenden: string
  fristAngenommen: boolean
  zuletzt: string | null
  gestiegen: boolean
  bestandsart?: 'EIGEN' | 'FREMD'
}
