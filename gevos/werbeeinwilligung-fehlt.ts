import { sql } from 'kysely'
import { aktiv, tag, wert } from './bausteine.ts'
import { gevo } from './gevo.ts'
import { datum } from './texte.ts'

const WERTE = { monate: 12, bearbeitenBisTage: 180 }

/** Firms are left out: with them a presumed consent is enough on the telephone (§ 7 Abs. 2 Nr. 1 UWG). */
export default gevo({
  key: 'werbeeinwilligung-fehlt',
  code: 'G20',
  titel: 'Werbeeinwilligung fehlt',
  kurz: 'weder für E-Mail noch für Telefon eine gültige Einwilligung',
  gruppe: 'PFLEGE',
  klasse: 'W',
  prio: 2,
  ende: 'BEFUND_WEG',
  sperrfrist: { monate: 12 },
  werte: WERTE,
  einstellungen: {
    monate: { titel: 'Nach einem Widerruf erst wieder nach', einheit: 'Monate', min: 6, max: 60 },
    bearbeitenBisTage: { titel: 'Bearbeiten innerhalb von', einheit: 'Tage', min: 7, max: 365 },
  },
  version: 1,
  hilfe:
    'Privatkunden mit einem aktiven eigenen Vertrag, die weder in E-Mails noch in Anrufe mit Werbung eingewilligt haben oder ihre Einwilligung widerrufen haben. ' +
    'Nach einem Widerruf wird zwölf Monate lang nicht gefragt. Die Frage selbst ist Werbung: nur per Brief oder im persönlichen Gespräch.',
  grund:
    'Ohne Einwilligung ist Werbung per E-Mail und gegenüber Verbrauchern am Telefon unzulässig (§ 7 UWG); der Nachweis ist fünf Jahre aufzubewahren (§ 7a UWG). ' +
    'Auch eine E-Mail, die nur um die Einwilligung bittet, ist schon Werbung.',
  endetWenn: 'Eine Einwilligung für E-Mail oder Telefon ist erfasst.',
  recht: '§§ 7, 7a UWG',
  ohneMail: 'Um eine Werbeeinwilligung darf nicht per E-Mail gebeten werden (§ 7 UWG): nur per Brief oder im persönlichen Gespräch.',

  erkenne: ({ db, bestand, stichtag, regel }) => {
    const seit = sql`(${tag(stichtag)} - make_interval(months => ${wert('r', 'monate')}))::date`
    const eigene = db
      .selectFrom(bestand.vertraege.as('v'))
      .select('v.kunde_id')
      .where('v.bestandsart', '=', 'EIGEN')
      .where(sql<boolean>`${aktiv('v', stichtag)} = 'JA'`)
    const einwilligungen = db
      .selectFrom(bestand.einwilligungen.as('w'))
      .select('w.kunde_id')
      .select([
        sql<boolean>`bool_or(w.erteilt_am <= ${tag(stichtag)} AND (w.widerrufen_am IS NULL OR w.widerrufen_am > ${tag(stichtag)}))`.as('gueltig'),
        sql<string | null>`max(w.widerrufen_am)`.as('widerrufen'),
      ])
      .where('w.kanal', 'in', ['EMAIL', 'TELEFON'])
      .groupBy('w.kunde_id')
    return db
      .selectFrom(bestand.kunden.as('k'))
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'k.betrieb_id')
      .leftJoin(einwilligungen.as('w'), 'w.kunde_id', 'k.id')
      .select(['k.betrieb_id', 'k.vermittler_id', 'k.id as kunde_id'])
      .select([
        sql<null>`NULL::integer`.as('vertrag_id'),
        sql<string>`'k' || k.id`.as('schluessel'),
        sql<Record<string, unknown>>`jsonb_build_object('widerrufen', w.widerrufen)`.as('befund'),
        sql<string[]>`'{}'::text[]`.as('unbekannt'),
        sql<null>`NULL::date`.as('frist'),
        sql<string>`${tag(stichtag)} + ${wert('r', 'bearbeitenBisTage')}`.as('bearbeiten_bis'),
        sql<'TRIFFT'>`'TRIFFT'`.as('lage'),
        sql<number>`0`.as('dringlichkeit'),
      ])
      .where('k.art', '=', 'NATUERLICH')
      .where('k.id', 'in', eigene)
      .where(sql<boolean>`w.gueltig IS NOT TRUE`)
      .where(sql<boolean>`coalesce(w.widerrufen, '-infinity') < ${seit}`)
  },

  erklaere: (befund, _, stichtag) => {
    const { widerrufen } = befund as { widerrufen: string | null }
    return (
      'Privatkunde mit aktivem eigenem Vertrag ohne gültige Werbeeinwilligung für E-Mail oder Telefon. ' +
      `Am ${datum(stichtag)}: ${widerrufen ? `zuletzt widerrufen am ${datum(widerrufen)}` : 'keine erfasst'}.`
    )
  },

  anlass: (befund) =>
    befund['widerrufen'] ? `Einwilligung widerrufen am ${datum(befund['widerrufen'])}` : 'keine Einwilligung für E-Mail oder Telefon',
})
