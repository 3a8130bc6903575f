/** How a letter begins (without the comma): only Dr. and Professor belong into it, and of these the highest. */
interface Wer {
  art: 'NATUERLICH' | 'FIRMA'
  anrede: 'HERR' | 'FRAU' | 'FIRMA' | null
  titel: string | null
  vorname: string | null
  name: string
}

/** 'Sehr geehrte Frau Weiß, sehr geehrter Herr Weiß'; without anybody 'Guten Tag'. */
export function briefanreden(leute: readonly Wer[]): string {
  const [erste = 'Guten Tag', ...weitere] = leute.map(briefanrede)
  return [erste, ...weitere.map((anrede) => anrede.charAt(0).toLowerCase() + anrede.slice(1))].join(', ')
}

/** 'Sehr geehrte Frau Dr. Weber', 'Guten Tag Kim Müller', 'Sehr geehrte Damen und Herren'. */
export function briefanrede({ art, anrede, titel, vorname, name }: Wer): string {
  if (art === 'FIRMA') return 'Sehr geehrte Damen und Herren'
  const grad = /prof/i.test(titel ?? '') ? 'Professor ' : /\bdr\b/i.test(titel ?? '') ? 'Dr. ' : ''
  if (anrede === 'FRAU') return `Sehr geehrte Frau ${grad}${name}`
  if (anrede === 'HERR') return `Sehr geehrter Herr ${grad}${name}`
  return `Guten Tag ${[grad.trim(), vorname, name].filter(Boolean).join(' ')}`
}
