import { sql } from 'kysely'
import { tag, wert } from './bausteine.ts'
import { gevo } from './gevo.ts'
import { datum } from './texte.ts'

const WERTE = { monate: 12, bearbeitenBisTage: 180 }

/**
 * Firms are left out: with them a presumed consent is enough on the telephone (§ 7 Abs. 2 Nr. 1 UWG). A consent that was revoked was asked for
 * then at the latest; a Fall that was documented asked on its day, unless nobody was reached or the finding was wrong.
 */
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
    monate: { titel: 'Nach einer Frage oder einem Widerruf erst wieder nach', einheit: 'Monate', min: 6, max: 60 },
    bearbeitenBisTage: { titel: 'Bearbeiten innerhalb von', einheit: 'Tage', min: 7, max: 365 },
  },
  version: 2,
  hilfe:
    'Privatkunden, die weder in E-Mails noch in Anrufe mit Werbung eingewilligt haben oder ihre Einwilligung widerrufen haben, auch solche ohne Vertrag. ' +
    'Nach einer Frage oder einem Widerruf wird zwölf Monate lang nicht wieder gefragt. Die Frage selbst ist Werbung: nur per Brief oder im persönlichen Gespräch.',
  grund:
    'Ohne Einwilligung ist Werbung per E-Mail und gegenüber Verbrauchern am Telefon unzulässig (§ 7 UWG); der Nachweis ist fünf Jahre aufzubewahren (§ 7a UWG). ' +
    'Auch eine E-Mail, die nur um die Einwilligung bittet, ist schon Werbung.',
  endetWenn: 'Eine Einwilligung für E-Mail oder Telefon ist erfasst.',
  recht: '§§ 7, 7a UWG',
  ohneMail: 'Um eine Werbeeinwilligung darf nicht per E-Mail gebeten werden (§ 7 UWG): nur per Brief oder im persönlichen Gespräch.',

  erkenne: ({ db, bestand, stichtag, regel }) => {
    const seit = sql`(${tag(stichtag)} - make_interval(months => ${wert('r', 'monate')}))::date`
    const gefragt = db
      .selectFrom(bestand.dokumentiert.as('d'))
      .select(['d.kunde_id', sql<string>`max(d.tag)`.as('tag')])
      .where('d.gevo', '=', 'G20')
      .where('d.ergebnis', 'not in', ['FEHLBEFUND', 'KONTAKTDATEN_FALSCH'])
      .groupBy('d.kunde_id')
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
      .leftJoin(gefragt.as('g'), 'g.kunde_id', 'k.id')
      .select(['k.betrieb_id', 'k.vermittler_id', 'k.id as kunde_id'])
      .select([
        sql<null>`NULL::integer`.as('vertrag_id'),
        sql<string>`'k' || k.id`.as('schluessel'),
        sql<Record<string, unknown>>`jsonb_build_object('widerrufen', w.widerrufen, 'gefragt', g.tag)`.as('befund'),
        sql<string[]>`'{}'::text[]`.as('unbekannt'),
        sql<null>`NULL::date`.as('frist'),
        sql<string>`${tag(stichtag)} + ${wert('r', 'bearbeitenBisTage')}`.as('bearbeiten_bis'),
        sql<'TRIFFT'>`'TRIFFT'`.as('lage'),
        sql<number>`0`.as('dringlichkeit'),
      ])
      .where('k.art', '=', 'NATUERLICH')
      .where(sql<boolean>`w.gueltig IS NOT TRUE`)
      .where(sql<boolean>`coalesce(greatest(w.widerrufen, g.tag), '-infinity') < ${seit}`)
  },

  erklaere: (befund, _, stichtag, werte = WERTE) => {
    const { widerrufen, gefragt } = befund as Gelesen
    return (
      `Privatkunde ohne gültige Werbeeinwilligung für E-Mail oder Telefon, seit ${werte['monate']} Monaten nicht gefragt. ` +
      `Am ${datum(stichtag)}: ${widerrufen ? `zuletzt widerrufen am ${datum(widerrufen)}` : 'keine erfasst'}${gefragt ? `, zuletzt gefragt am ${datum(gefragt)}` : ''}.`
    )
  },

  anlass: (befund) =>
    befund['widerrufen'] ? `Einwilligung widerrufen am ${datum(befund['widerrufen'])}` : 'keine Einwilligung für E-Mail oder Telefon',
})

type Gelesen = { widerrufen: string | null; gefragt?: string | null }
