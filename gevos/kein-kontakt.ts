import { sql } from 'kysely'
import { EINMAL, aktiv, tag, wert } from './bausteine.ts'
import { gevo } from './gevo.ts'
import { datum, unbekanntSatz } from './texte.ts'

const WERTE = { monate: 12, bearbeitenBisTage: 60 }

/**
 * What was done before the Betrieb began with this system is not recorded: until the span lies wholly after it, silence proves nothing. Where
 * nobody has said since when somebody is a customer, it is since he was recorded here at the latest.
 */
export default gevo({
  key: 'kein-kontakt',
  code: 'G18',
  titel: 'Kein Kontakt seit 12 Monaten',
  kurz: 'eigener Vertrag, aber seit einem Jahr nicht erreicht',
  gruppe: 'PFLEGE',
  klasse: 'W',
  prio: 3,
  ende: 'BEFUND_WEG',
  sperrfrist: { monate: 12 },
  werte: WERTE,
  einstellungen: {
    monate: { titel: 'Ohne Kontakt seit', einheit: 'Monate', min: 3, max: 36 },
    bearbeitenBisTage: { titel: 'Bearbeiten innerhalb von', einheit: 'Tage', min: 7, max: 365 },
  },
  version: 2,
  hilfe:
    'Kunden mit mindestens einem aktiven eigenen Vertrag, die seit zwölf Monaten nicht erreicht wurden. Erreicht heißt: gesprochen, Termin oder Rückruf vereinbart, ' +
    'Beratung dokumentiert, oder der Kunde hat sich gemeldet; ein Brief oder eine E-Mail allein zählt nicht. Kontakte aus der Zeit vor diesem System sind unbekannt: ' +
    'solange sie den Ausgang ändern könnten, wird kein Fall eröffnet.',
  grund:
    'Der Makler ist Sachwalter seines Kunden und betreut ihn auch nach dem Abschluss (BGH, IVa ZR 190/83). Ein Anruf, der auch neue Verträge im Blick hat, ist Werbung ' +
    '(OLG Düsseldorf, 15 U 37/19; § 7 UWG); eine reine Frage nach geänderten Daten ist es nicht.',
  endetWenn: 'Ein Gespräch mit dem Kunden ist vermerkt, oder er hat keinen aktiven eigenen Vertrag mehr.',
  recht: 'BGH IVa ZR 190/83, § 7 UWG',

  erkenne: ({ db, bestand, stichtag, regel }) => {
    const erfasst = sql`(k.erstellt_am AT TIME ZONE 'Europe/Berlin')::date`
    const seit = sql`(${tag(stichtag)} - make_interval(months => ${wert('r', 'monate')}))::date`
    const vertraege = db
      .selectFrom(bestand.vertraege.as('v'))
      .select(['v.kunde_id', aktiv('v', stichtag).as('aktiv')])
      .where('v.bestandsart', '=', 'EIGEN')
      .offset(EINMAL)
    const eigene = db
      .selectFrom(vertraege.as('v'))
      .select(['v.kunde_id', sql<boolean>`bool_or(v.aktiv = 'JA')`.as('sicher')])
      .where('v.aktiv', '<>', 'NEIN')
      .groupBy('v.kunde_id')
    const zuletzt = db
      .selectFrom(bestand.kontakte.as('c'))
      .select(['c.kunde_id', sql<string>`max(c.tag)`.as('tag')])
      .groupBy('c.kunde_id')
    // Since when there is silence, at the latest; null where that is unknown.
    const still = sql<string | null>`coalesce(z.tag, k.kunde_seit, CASE WHEN ${erfasst} < ${seit} THEN ${erfasst} END)`
    const bekannt = sql<boolean>`(b.beginn <= ${seit})`
    return db
      .selectFrom(bestand.kunden.as('k'))
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'k.betrieb_id')
      .innerJoin(bestand.betriebe.as('b'), 'b.id', 'k.betrieb_id')
      .innerJoin(eigene.as('e'), 'e.kunde_id', 'k.id')
      .leftJoin(zuletzt.as('z'), 'z.kunde_id', 'k.id')
      .select(['k.betrieb_id', 'k.vermittler_id', 'k.id as kunde_id'])
      .select([
        sql<null>`NULL::integer`.as('vertrag_id'),
        sql<string>`'k' || k.id`.as('schluessel'),
        sql<
          Record<string, unknown>
        >`jsonb_build_object('letzterKontakt', z.tag, 'kundeSeit', k.kunde_seit, 'erfasst', CASE WHEN k.kunde_seit IS NULL THEN ${erfasst} END)`.as(
          'befund',
        ),
        sql<string[]>`array_remove(ARRAY[CASE WHEN NOT ${bekannt} THEN 'kontakt' END, CASE WHEN ${still} IS NULL THEN 'kunde_seit' END,
          CASE WHEN NOT e.sicher THEN 'status' END], NULL)`.as('unbekannt'),
        sql<null>`NULL::date`.as('frist'),
        sql<string>`${tag(stichtag)} + ${wert('r', 'bearbeitenBisTage')}`.as('bearbeiten_bis'),
        sql<'TRIFFT' | 'UNBEKANNT'>`CASE WHEN e.sicher AND ${bekannt} AND ${still} IS NOT NULL THEN 'TRIFFT' ELSE 'UNBEKANNT' END`.as('lage'),
        sql<number>`coalesce(${still}, ${seit}) - ${tag(stichtag)}`.as('dringlichkeit'),
      ])
      .where(sql<boolean>`coalesce(${still}, '-infinity') < ${seit}`)
  },

  erklaere: (befund, unbekannt, stichtag, werte = WERTE) => {
    const { letzterKontakt, kundeSeit, erfasst } = befund as Gelesen
    const seit = kundeSeit || !erfasst ? `Kunde seit ${datum(kundeSeit)}` : `hier erfasst am ${datum(erfasst)}`
    const stand = letzterKontakt ? `zuletzt erreicht am ${datum(letzterKontakt)}` : `bisher kein Gespräch vermerkt, ${seit}`
    return (
      `Kunde mit aktivem eigenem Vertrag, der seit ${werte['monate']} Monaten nicht erreicht wurde. ` +
      `Am ${datum(stichtag)}: ${stand}.${unbekanntSatz(unbekannt)}`
    )
  },

  anlass: (befund) => {
    const { letzterKontakt } = befund as Gelesen
    return letzterKontakt ? `zuletzt erreicht am ${datum(letzterKontakt)}` : 'noch kein Gespräch vermerkt'
  },

  hinweis: {
    betreff: 'Stimmen Ihre Angaben noch?',
    text:
      '{anrede},\n\ndamit ich Ihre bestehenden Verträge richtig betreuen kann, möchte ich Ihre Angaben auf dem Stand halten. Hat sich bei Anschrift, Telefon, Bankverbindung ' +
      'oder Familie etwas geändert? Eine kurze Antwort genügt.\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
  angebot: {
    betreff: 'Wir haben lange nicht gesprochen',
    text:
      '{anrede},\n\n{zuletzt} Ich möchte mit Ihnen durchgehen, ob Ihre Verträge noch zu Ihrem Leben passen und was sich geändert hat.\n\n' +
      'Wann passt es Ihnen?\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
  platzhalter: (befund) => ({
    zuletzt: befund['letzterKontakt']
      ? `wir haben zuletzt am ${datum(befund['letzterKontakt'])} miteinander gesprochen.`
      : 'wir haben lange nicht miteinander gesprochen.',
  }),
})

type Gelesen = { letzterKontakt: string | null; kundeSeit: string | null; erfasst?: string | null }
