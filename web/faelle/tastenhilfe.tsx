/** Keys that no visible element names; app.js lists them under "?". */
const ZEILEN = [
  ['j', 'nächste Zeile (auch ↓)'],
  ['k', 'vorige Zeile (auch ↑)'],
  ['Enter', 'öffnen'],
] as const
const FALL = [
  ['o', 'Kundendaten aufrufen'],
  ['s', 'Vertragsspiegel'],
  ['v', 'Übernahme Vorgänge'],
  ['m', 'E-Mail'],
  ['t', 'Anruf vermerken'],
  ['d', 'Dokumentieren (auch Doppelklick)'],
  ['w', 'Wizard'],
  ['n', 'nächster Fall'],
  ['z', 'Rückgängig'],
  ['Shift+F10', 'Aktionen der Zeile (auch Rechtsklick)'],
  ['Control+Enter', 'speichern und weiter'],
] as const

export const Tastenhilfe = ({ liste = false }: { liste?: boolean }) => (
  <ul hidden>
    {[...ZEILEN, ...(liste ? FALL : [])].map(([taste, text]) => (
      <li aria-keyshortcuts={taste}>{text}</li>
    ))}
  </ul>
)
