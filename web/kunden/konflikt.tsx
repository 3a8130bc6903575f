import type { Eingabe } from '../../domain/kunde.ts'

interface Props {
  /** The fields as they are stored now. */
  werte: Readonly<Record<string, string>>
  eingabe: Eingabe
  /** "Dieser Kunde" */
  was: string
  felder: Readonly<Record<string, string>>
  /** What the codes of a field are called in the form. */
  worte: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Saved meanwhile, by somebody else or in another window: both values, field by field; what was typed stays in the form. */
export const Konflikt = ({ werte, eingabe, was, felder, worte }: Props) => (
  <div class="fehlerliste" tabindex={-1} data-fokus>
    <strong>{was} wurde inzwischen geändert</strong>
    {Object.keys(werte).length === 0 ? (
      <p>Gespeichert ist dasselbe, was Sie eingegeben haben. Mit „Meine Angaben speichern“ bestätigen Sie es.</p>
    ) : (
      <>
        <p>Ihre Angaben stehen unverändert im Formular. Prüfen Sie die Unterschiede und speichern Sie dann noch einmal.</p>
        <section class="rollbar" tabindex={0} aria-label="Unterschiede">
          <table class="konflikt zahlen">
            <thead>
              <tr>
                <th scope="col">Feld</th>
                <th scope="col">jetzt gespeichert</th>
                <th scope="col">Ihre Angabe</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(werte).map(([feld, wert]) => (
                <tr>
                  <th scope="row">
                    <a href={`#feld-${feld}`}>{felder[feld] ?? feld}</a>
                  </th>
                  {[wert, eingabe[feld]].map((angabe = '') => (
                    <td>{worte[feld]?.[angabe] ?? (angabe || 'leer')}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </>
    )}
  </div>
)
