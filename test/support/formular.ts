/** Forms of an answer as a browser without JavaScript would send them. */

/** The fields of the form that posts to `action`, with the values it would send untouched; undefined where there is no such form. */
export function readForm(html: string, action: string): Record<string, string> | undefined {
  const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)]
  const [, , inhalt] =
    forms.find(([, kopf]) => withoutFragment(attribut(kopf!, 'action')) === withoutFragment(action) && attribut(kopf!, 'method') === 'post') ?? []
  if (inhalt === undefined) return undefined
  const felder: Record<string, string> = {}
  for (const [, kopf] of inhalt.matchAll(/<input\b([^>]*)>/g)) {
    const [name, typ] = [attribut(kopf!, 'name'), attribut(kopf!, 'type')]
    if (!name || typ === 'file') continue
    if ((typ === 'radio' || typ === 'checkbox') && !/\schecked\b/.test(kopf!)) continue
    felder[name] = attribut(kopf!, 'value') ?? ''
  }
  for (const [, kopf, text] of inhalt.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g)) felder[attribut(kopf!, 'name')!] = entities(text!)
  for (const [, kopf, optionen] of inhalt.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
    const alle = [...optionen!.matchAll(/<option\b([^>]*)>/g)].map(([, option]) => option!)
    const gewaehlt = alle.find((option) => /\sselected\b/.test(option)) ?? alle[0]
    if (gewaehlt) felder[attribut(kopf!, 'name')!] = attribut(gewaehlt, 'value') ?? ''
  }
  return felder
}

/** Where on the page the answer is looked at is no part of whom it is sent to. */
function withoutFragment(action: string | undefined): string | undefined {
  return action?.replace(/#.*/, '')
}

/** Throws where the page has no such form. */
export function getForm(html: string, action: string): Record<string, string> {
  const felder = readForm(html, action)
  if (!felder) throw new Error(`Kein Formular für ${action} in: ${text(html).slice(0, 400)}`)
  return felder
}

/** What a person reads, without tags. */
export function text(html: string): string {
  return entities(html.replace(/<(style|script)\b[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' '))
    .replace(/[\s\u00a0]+/g, ' ')
    .trim()
}

function attribut(kopf: string, name: string): string | undefined {
  const wert = new RegExp(`\\s${name}="([^"]*)"`).exec(kopf)?.[1]
  return wert === undefined ? undefined : entities(wert)
}

function entities(roh: string): string {
  return roh
    .replace(/&#(\d+);/g, (_, nummer) => String.fromCodePoint(Number(nummer)))
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
}
