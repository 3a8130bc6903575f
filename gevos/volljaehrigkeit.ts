import { sql } from 'kysely'
import { tag, wert } from './bausteine.ts'
import { gevo } from './gevo.ts'
import { datum, unbekanntSatz } from './texte.ts'

const WERTE = { tage: 90 }

/** The Frist is the birthday: from then on nobody signs or consents for the child (§ 2 BGB). Without a birthday it is unknown. */
export default gevo({
  key: 'volljaehrigkeit',
  code: 'G10',
  titel: 'Volljährigkeit des Kindes',
  kurz: '18. Geburtstag in den nächsten 90 Tagen',
  gruppe: 'FRIST',
  klasse: 'V',
  prio: 2,
  ende: 'FRIST_VORBEI',
  sperrfrist: 'EREIGNIS',
  werte: WERTE,
  einstellungen: { tage: { titel: 'Tage im Voraus', einheit: 'Tage', min: 14, max: 365 } },
  version: 2,
  hilfe:
    'Mitglieder eines Haushalts, deren 18. Geburtstag in die nächsten 90 Tage fällt (heute eingeschlossen). Wessen Geburtsdatum unbekannt ist, für den wird kein Fall eröffnet. Mit dem Geburtstag gelten Einwilligungen und Vollmachten ' +
    'der Eltern nicht mehr für sie; manche Mitversicherung ändert sich. Vergeht der Geburtstag ohne Dokumentation, bleibt der Fall überfällig stehen.',
  grund:
    'Die Volljährigkeit beginnt mit der Vollendung des 18. Lebensjahres (§ 2 BGB); der Tag der Geburt zählt mit (§ 187 Abs. 2 BGB). Bis dahin sind die Eltern ' +
    'Ihre Ansprechpartner; danach brauchen Maklerauftrag, Einwilligungen und neue Verträge die Unterschrift des jungen Erwachsenen selbst.',
  endetWenn: 'Das Geburtsdatum oder der Haushalt wird berichtigt.',
  recht: '§§ 2, 187 BGB',

  erkenne: ({ db, bestand, stichtag, regel }) => {
    // Born on 29 February: 18 on 1 March of a common year (§ 188 Abs. 2 BGB), where adding years alone gives 28 February.
    const jahrestag = sql`(k.geburtsdatum + interval '18 years')::date`
    const achtzehn = sql<string>`(${jahrestag} + CASE WHEN extract(day FROM ${jahrestag}) = extract(day FROM k.geburtsdatum) THEN 0 ELSE 1 END)`
    const bis = sql`${tag(stichtag)} + ${wert('r', 'tage')}`
    return (
      db
        .selectFrom(bestand.kunden.as('k'))
        .innerJoin(regel.as('r'), 'r.betrieb_id', 'k.betrieb_id')
        .select(['k.betrieb_id', 'k.vermittler_id', 'k.id as kunde_id'])
        .select([
          sql<null>`NULL::integer`.as('vertrag_id'),
          sql<string>`'k' || k.id || ':18:' || coalesce(${achtzehn}::text, '')`.as('schluessel'),
          sql<Record<string, unknown>>`jsonb_build_object('geburtsdatum', k.geburtsdatum, 'achtzehn', ${achtzehn})`.as('befund'),
          sql<string[]>`CASE WHEN k.geburtsdatum IS NULL THEN ARRAY['geburtsdatum'] ELSE '{}' END`.as('unbekannt'),
          sql<string | null>`${achtzehn}`.as('frist'),
          sql<null>`NULL::date`.as('bearbeiten_bis'),
          sql<'TRIFFT' | 'UNBEKANNT'>`CASE WHEN k.geburtsdatum IS NULL THEN 'UNBEKANNT' ELSE 'TRIFFT' END`.as('lage'),
          sql<number>`coalesce(${achtzehn} - ${tag(stichtag)}, 0)`.as('dringlichkeit'),
        ])
        .where('k.art', '=', 'NATUERLICH')
        .where('k.haushalt_id', 'is not', null)
        // The index on birthdays narrows it down; the exact day follows.
        .where(
          sql<boolean>`(k.geburtsdatum IS NULL OR k.geburtsdatum BETWEEN ${tag(stichtag)} - interval '18 years 2 days' AND ${bis} - interval '18 years' + interval '2 days')`,
        )
        .where(sql<boolean>`(k.geburtsdatum IS NULL OR ${achtzehn} BETWEEN ${tag(stichtag)} AND ${bis})`)
    )
  },

  erklaere: (befund, unbekannt, stichtag, werte = WERTE) => {
    const { geburtsdatum, achtzehn } = befund as Gelesen
    return (
      `Haushaltsmitglied, das in den nächsten ${werte['tage']} Tagen 18 Jahre alt wird. ` +
      `Am ${datum(stichtag)}: geboren ${datum(geburtsdatum)}, volljährig am ${datum(achtzehn)}.${unbekanntSatz(unbekannt)}`
    )
  },

  anlass: (befund) => `wird am ${datum((befund as Gelesen).achtzehn)} 18 Jahre alt`,

  hinweis: {
    an: 'ELTERN',
    // Of age, a person is written to in person.
    nurVor: (befund) => (befund as Gelesen).achtzehn ?? '',
    betreff: '{kunde} wird 18: was sich bei Ihren Verträgen ändert',
    text:
      '{anrede},\n\nam {achtzehn} wird {kunde} volljährig. Von diesem Tag an gilt:\n\n' +
      '- Über eigene Verträge entscheidet {kunde} selbst. Was Sie als Eltern unterschrieben oder erlaubt haben, gilt für Neues nicht mehr.\n' +
      '- Auskunft über diese Verträge darf ich Ihnen dann nur noch mit einer Vollmacht geben.\n' +
      '- Ob {kunde} in Ihren Verträgen mitversichert bleibt, steht in den Bedingungen; oft hängt es davon ab, ob eine Schul- oder Berufsausbildung andauert.\n\n' +
      'Bitte teilen Sie mir mit, wenn sich zum Geburtstag etwas ändert, zum Beispiel Anschrift, Ausbildung oder Bankverbindung. Für Fragen bin ich gern da.\n\n' +
      'Freundliche Grüße\n{vermittler}\n{betrieb}',
  },
  angebot: {
    betreff: 'Mit 18: welcher Schutz jetzt Ihr eigener ist',
    text:
      '{anrede},\n\nmit dem 18. Geburtstag am {achtzehn} entscheiden Sie über Ihre Versicherungen selbst, und es kann sich ändern, was über Ihre Familie ' +
      'mitversichert ist. Ich möchte mit Ihnen durchgehen, was bleibt, was endet und welchen Schutz Sie selbst brauchen. Dafür benötige ich dann auch Ihren ' +
      'eigenen Auftrag: Was Ihre Eltern unterschrieben haben, gilt für Neues nicht mehr.\n\nWann passt es Ihnen?\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
  platzhalter: (befund) => ({ achtzehn: datum(befund['achtzehn']) }),
})

type Gelesen = { geburtsdatum: string | null; achtzehn: string | null }
