import { sql } from 'kysely'
import { LEBEN } from '../domain/sparten.ts'
import { lebend, tag, wert } from './bausteine.ts'
import { gevo } from './gevo.ts'
import { datum, spartenName, spartenTitel, unbekanntSatz } from './texte.ts'

const WERTE = { tage: 365 }

/** Asks for `lebend`, not `aktiv`, as G02 does: the day of Ablauf still belongs to the window. */
export default gevo({
  key: 'ablauf-leben-rente-bu',
  code: 'G14',
  titel: 'Ablauf Leben, Rente, BU',
  kurz: 'Ablauf oder Leistungsende in den nächsten zwölf Monaten',
  gruppe: 'FRIST',
  klasse: 'V',
  prio: 2,
  ende: 'FRIST_VORBEI',
  sperrfrist: 'EREIGNIS',
  werte: WERTE,
  einstellungen: { tage: { titel: 'Tage im Voraus', einheit: 'Tage', min: 30, max: 730 } },
  version: 2,
  hilfe:
    'Aktive Lebens-, Renten-, Risikolebens- und Berufsunfähigkeitsversicherungen, eigene und fremde, deren Ablauf in die nächsten 365 Tage fällt (heute eingeschlossen). ' +
    'Ist der Ablauf oder der Status unbekannt, wird kein Fall eröffnet. Vergeht der Ablauf ohne Dokumentation, bleibt der Fall überfällig stehen.',
  grund:
    'Mit dem Ablauf endet der Schutz oder wird Geld frei. Wer zur Wiederanlage in Versicherungsanlageprodukte rät, hat die besonderen Pflichten des § 7c VVG ' +
    '(Geeignetheit, Erklärung darüber); deshalb braucht es Vorlauf.',
  endetWenn: 'Der Vertrag bekommt einen anderen Ablauf oder besteht nicht mehr.',
  recht: '§ 7c VVG',

  erkenne: ({ db, bestand, stichtag, regel }) => {
    const bis = sql`${tag(stichtag)} + ${wert('r', 'tage')}`
    const ungewiss = sql<boolean>`(${lebend('v', stichtag)} = 'UNBEKANNT' OR v.ablauf IS NULL)`
    return db
      .selectFrom(bestand.vertraege.as('v'))
      .innerJoin(bestand.kunden.as('k'), 'k.id', 'v.kunde_id')
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'v.betrieb_id')
      .select(['v.betrieb_id', 'k.vermittler_id', 'v.kunde_id', 'v.id as vertrag_id'])
      .select([
        sql<string>`'v' || v.id || ':' || coalesce(v.ablauf::text, '')`.as('schluessel'),
        sql<Record<string, unknown>>`jsonb_build_object('sparte', v.sparte, 'ablauf', v.ablauf, 'bestandsart', v.bestandsart)`.as('befund'),
        sql<string[]>`array_remove(ARRAY[CASE WHEN v.status = 'UNBEKANNT' THEN 'status' END, CASE WHEN v.beginn IS NULL THEN 'beginn' END,
          CASE WHEN v.ablauf IS NULL THEN 'ablauf' END], NULL)`.as('unbekannt'),
        sql<string | null>`v.ablauf`.as('frist'),
        sql<null>`NULL::date`.as('bearbeiten_bis'),
        sql<'TRIFFT' | 'UNBEKANNT'>`CASE WHEN ${ungewiss} THEN 'UNBEKANNT' ELSE 'TRIFFT' END`.as('lage'),
        sql<number>`coalesce(v.ablauf - ${tag(stichtag)}, 0)`.as('dringlichkeit'),
      ])
      .where('v.sparte', 'in', LEBEN)
      .where(sql<boolean>`${lebend('v', stichtag)} <> 'NEIN'`)
      .where(sql<boolean>`(v.ablauf BETWEEN ${tag(stichtag)} AND ${bis} OR v.ablauf IS NULL)`)
  },

  erklaere: (befund, unbekannt, stichtag, werte = WERTE) => {
    const { sparte, ablauf, bestandsart } = befund as Gelesen
    return (
      `Aktive Lebens-, Renten- oder Berufsunfähigkeitsversicherung, deren Ablauf in die nächsten ${werte['tage']} Tage fällt. ` +
      `Am ${datum(stichtag)}: ${spartenTitel(sparte)}${bestandsart === 'FREMD' ? ' (fremd)' : ''}, Ablauf ${datum(ablauf)}.${unbekanntSatz(unbekannt)}`
    )
  },

  anlass: (befund) => {
    const { sparte, ablauf, bestandsart } = befund as Gelesen
    return `${spartenTitel(sparte)}${bestandsart === 'FREMD' ? ' (fremd)' : ''} endet am ${datum(ablauf)}`
  },

  hinweis: {
    betreff: '{sparte}: Ablauf am {ablauf}',
    text:
      '{anrede},\n\nIhr Vertrag {vertrag} läuft nach meinen Unterlagen am {ablauf} ab. {folge} Der Versicherer wird Ihnen dazu schreiben; ' +
      'heben Sie sein Schreiben bitte auf und geben Sie mir Bescheid, wenn Sie dazu Fragen haben.\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
  angebot: {
    betreff: '{sparte}, Ablauf am {ablauf}: wie soll es weitergehen?',
    text:
      '{anrede},\n\nIhr Vertrag {vertrag} läuft nach meinen Unterlagen am {ablauf} ab. {folge} Ich möchte rechtzeitig mit Ihnen besprechen, ' +
      'wie es danach weitergehen soll.\n\nWann passt es Ihnen?\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
  platzhalter: (befund) => ({
    sparte: spartenName(befund['sparte']),
    ablauf: datum(befund['ablauf']),
    folge: NUR_SCHUTZ.includes(befund['sparte']) ? 'Damit endet dieser Schutz.' : 'Damit wird seine Leistung fällig, oder der Schutz endet.',
  }),
})

/** Nothing is paid out when they run out. */
const NUR_SCHUTZ: readonly unknown[] = ['BU', 'RLV']

type Gelesen = { sparte: string; ablauf: string | null; bestandsart?: 'EIGEN' | 'FREMD' }
