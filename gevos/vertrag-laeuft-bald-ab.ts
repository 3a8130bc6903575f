import { sql } from 'kysely'
import { LEBEN } from '../domain/sparten.ts'
import { angenommen, lebend, tag, verlaengertSich, wert } from './bausteine.ts'
import { gevo } from './gevo.ts'
import { datum, spartenName, spartenTitel, unbekanntSatz } from './texte.ts'

const WERTE = { tage: 90 }

/**
 * Own and foreign contracts alike. The day of Ablauf still belongs to the window, although the contract is no longer in force on it:
 * so this asks for `lebend`, not `aktiv`, and on the next day the window has passed, which is never a cured finding.
 */
export default gevo({
  key: 'vertrag-laeuft-bald-ab',
  code: 'G02',
  titel: 'Vertrag läuft bald ab',
  kurz: 'Ablauf in den nächsten 90 Tagen, ohne Verlängerung',
  gruppe: 'FRIST',
  klasse: 'V',
  prio: 1,
  ende: 'FRIST_VORBEI',
  sperrfrist: 'EREIGNIS',
  werte: WERTE,
  einstellungen: { tage: { titel: 'Tage im Voraus', einheit: 'Tage', min: 14, max: 365 } },
  version: 1,
  hilfe:
    'Aktive Verträge, eigene und fremde, deren Ablauf in die nächsten 90 Tage fällt und die sich nicht verlängern. ' +
    'Ist unbekannt, ob sich ein Vertrag verlängert, wird ebenfalls ein Fall eröffnet, mit der Aufgabe „Verlängerung prüfen“. ' +
    'Leben, Rente und Berufsunfähigkeit gehören nicht hierher. Vergeht der Ablauf, ohne dass dokumentiert wurde, bleibt der Fall überfällig stehen.',
  grund: 'Der Versicherungsschutz endet mit dem Ende des letzten Tages (§ 10 VVG). Danach besteht eine Lücke, für die der Makler einstehen kann.',

  endetWenn: 'Der Vertrag wird verlängert oder durch einen anderen Ablauf ersetzt.',
  recht: '§ 10 VVG',

  erkenne: ({ db, bestand, stichtag, regel }) => {
    const bisher = sql<string>`${tag(stichtag)} + ${wert('r', 'tage')}`
    const ungewiss = sql<boolean>`(${lebend('v', stichtag)} = 'UNBEKANNT' OR v.ablauf IS NULL)`
    return db
      .selectFrom(bestand.vertraege.as('v'))
      .innerJoin(bestand.kunden.as('k'), 'k.id', 'v.kunde_id')
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'v.betrieb_id')
      .select(['v.betrieb_id', 'k.vermittler_id', 'v.kunde_id', 'v.id as vertrag_id'])
      .select([
        sql<string>`'v' || v.id || ':' || coalesce(v.ablauf::text, '')`.as('schluessel'),
        sql<Record<string, unknown>>`jsonb_build_object('sparte', v.sparte, 'ablauf', v.ablauf, 'verlaengertSich', ${verlaengertSich('v')},
          'angenommen', ${angenommen('v')}, 'vuNummer', v.vu_nummer, 'bestandsart', v.bestandsart)`.as('befund'),
        sql<string[]>`array_remove(ARRAY[CASE WHEN v.status = 'UNBEKANNT' THEN 'status' END, CASE WHEN v.beginn IS NULL THEN 'beginn' END,
          CASE WHEN v.ablauf IS NULL THEN 'ablauf' END, CASE WHEN ${verlaengertSich('v')} IS NULL THEN 'verlaengert_sich' END], NULL)`.as(
          'unbekannt',
        ),
        sql<string | null>`v.ablauf`.as('frist'),
        sql<null>`NULL::date`.as('bearbeiten_bis'),
        sql<'TRIFFT' | 'UNBEKANNT'>`CASE WHEN ${ungewiss} THEN 'UNBEKANNT' ELSE 'TRIFFT' END`.as('lage'),
        sql<number>`coalesce(v.ablauf - ${tag(stichtag)}, 0)`.as('dringlichkeit'),
      ])
      .where('v.sparte', 'not in', LEBEN)
      .where(sql<boolean>`${lebend('v', stichtag)} <> 'NEIN'`)
      .where(sql<boolean>`${verlaengertSich('v')} IS DISTINCT FROM 'JA'`)
      .where(sql<boolean>`(v.ablauf BETWEEN ${tag(stichtag)} AND ${bisher} OR v.ablauf IS NULL)`)
  },

  erklaere: (befund, unbekannt, stichtag, werte = WERTE) => {
    const { sparte, ablauf, verlaengertSich, angenommen } = befund as Gelesen
    const endet = verlaengertSich === 'NEIN'
    const dann = endet ? `Er verlängert sich nicht${angenommen ? ' (angenommen, so üblich in dieser Sparte)' : ''}.` : 'Verlängerung prüfen.'
    return (
      `Aktiver Vertrag, dessen Ablauf in die nächsten ${werte['tage']} Tage fällt und ${endet ? 'der sich nicht verlängert' : 'bei dem nicht bekannt ist, ob er sich verlängert'}. ` +
      `Am ${datum(stichtag)}: ${spartenTitel(sparte)}, Ablauf ${datum(ablauf)}. ${dann}${unbekanntSatz(unbekannt)}`
    )
  },

  anlass: (befund) => {
    const { sparte, ablauf, verlaengertSich, bestandsart } = befund as Gelesen
    const fremd = bestandsart === 'FREMD' ? ' (fremd)' : ''
    return verlaengertSich === 'NEIN'
      ? `${spartenTitel(sparte)}${fremd} endet am ${datum(ablauf)}`
      : `${spartenTitel(sparte)}${fremd} läuft am ${datum(ablauf)} ab, Verlängerung prüfen`
  },

  hinweis: {
    betreff: '{sparte}: Ablauf am {ablauf}',
    text:
      '{anrede},\n\nes geht um Ihren Vertrag {vertrag}. {folge}\n\n' +
      'Haben Sie schon etwas anderes vereinbart oder Fragen dazu, dann geben Sie mir bitte kurz Bescheid.\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
  angebot: {
    betreff: '{sparte}, Ablauf am {ablauf}: wie soll es weitergehen?',
    text:
      '{anrede},\n\nes geht um Ihren Vertrag {vertrag}. {folge}\n\nDamit keine Lücke entsteht, möchte ich rechtzeitig mit Ihnen besprechen, ' +
      'ob und wie der Schutz weitergehen soll.\n\nWann passt es Ihnen?\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
  platzhalter: (befund) => ({ sparte: spartenName(befund['sparte']), ablauf: datum(befund['ablauf']), folge: folge(befund as Gelesen) }),
})

/** Whether it ends is not said where it is not known. */
function folge({ ablauf, verlaengertSich }: Gelesen): string {
  return verlaengertSich === 'NEIN'
    ? `Er endet nach meinen Unterlagen am ${datum(ablauf)}. Mit dem Ende dieses Tages endet auch der Versicherungsschutz (§ 10 VVG).`
    : `Als Ablauf steht in meinen Unterlagen der ${datum(ablauf)}. Ob er sich danach verlängert, geht daraus nicht hervor: Bitte sehen Sie in Ihrem ` +
        `Versicherungsschein nach, oder schicken Sie ihn mir. Verlängert er sich nicht, endet mit diesem Tag der Versicherungsschutz (§ 10 VVG).`
}

type Gelesen = {
  sparte: string
  ablauf: string | null
  verlaengertSich: 'NEIN' | null
  angenommen?: boolean
  vuNummer: string | null
  bestandsart?: 'EIGEN' | 'FREMD'
}
