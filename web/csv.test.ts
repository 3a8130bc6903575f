import { expect, test } from 'vitest'
import { csv, csvKopf } from './csv.ts'

test('Excel reads it as it stands: a mark, semicolons, quotes where they are needed', () => {
  expect(
    csv(
      ['Name', 'Fälle'],
      [
        ['Weber; "Anna"', 3],
        [null, 0],
      ],
    ),
  ).toBe('\uFEFFName;Fälle\r\n"Weber; ""Anna""";3\r\n;0\r\n')
})

test.each(['=HYPERLINK("http://x")', '+49 40', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j is a text, not a formula', (text) => {
  expect(csv([], [[text]])).toMatch(/^\uFEFF\r\n"?'/)
})

test('a number below zero stays a number', () => expect(csv([], [[-1]])).toBe('\uFEFF\r\n-1\r\n'))

test('the file has its name', () =>
  expect(csvKopf('vorschau-2026-11-23')['Content-Disposition']).toBe('attachment; filename="vorschau-2026-11-23.csv"'))
