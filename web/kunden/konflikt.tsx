import type { Eingabe } from '../../domain/kunde.ts'

interface Props {
  /** The fields as they are stored now. */
  werte: Readonly<Record<string, string>>
  eingabe: Eingabe
  /** "diesen Kunden" */
  was: string
  felder: Readonly<Record<string, string>>
}

/** Somebody else was faster: both values, field by field; what was typed stays in the form. */
export const Konflikt = ({ werte, eingabe, was, felder }: Props) => (
  <div class="fehlerliste" tabindex={-1} data-fokus>
    <strong>Jemand anderes hat {was} inzwischen geändert</strong>
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
                  <td>{wert || 'leer'}</td>
                  <td>{eingabe[feld] || 'leer'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </>
    )}
  </div>
)
