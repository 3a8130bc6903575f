import { expect, test } from 'vitest'
import { pfade } from '../../web/pfade.ts'

test('the site map: every URL of the app', () => {
  const urls = Object.entries(pfade).map(([name, pfad]) => `${name}: ${(pfad as (id: string) => string)(':id')}`)
  expect(urls.join('\n')).toMatchSnapshot()
})
