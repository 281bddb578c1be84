import { expect, test } from 'vitest'
import { Route, type RouteInput } from '../../proxy-core/contract/route.ts'
import { corsFields, preflightAnswer, preflightMethod } from '../../proxy-core/cors.ts'

const route = (cors: RouteInput['cors'], methods: string[] = []): Route =>
  Route.parse({ id: 'a', match: { path: '/*', methods }, upstream: 'http://127.0.0.1:1', cors })
const app = 'https://app.example.com'
const listing = { origins: [app] }
const preflight = (...more: string[]) => ['Host', '127.0.0.1:9080', 'Origin', app, 'Access-Control-Request-Method', 'POST', ...more]

test('a preflight from a listed origin is answered with the origin, the method and the fields it asked for', () => {
  const answer = preflightAnswer(route(listing), preflight('access-control-request-headers', 'content-type, X-Api-Key,sluice-token'))
  expect(answer).toEqual({
    status: 204,
    fields: [
      ['Access-Control-Allow-Origin', app],
      ['Access-Control-Allow-Methods', 'POST'],
      ['Access-Control-Allow-Headers', 'content-type, X-Api-Key, sluice-token'],
      ['Access-Control-Max-Age', '60'],
      ['Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'],
    ].flat(),
  })
})

test('a preflight learns the methods that the route takes', () => {
  const answer = preflightAnswer(route(listing, ['GET', 'POST']), preflight())
  expect(answer?.fields).toContain('GET, POST')
})

test('credentials and private networks are allowed by name, never with an asterisk', () => {
  const asked = preflight('Access-Control-Request-Private-Network', 'true')
  const open = preflightAnswer(route({ origins: [app], credentials: true }), asked)?.fields
  expect(open).toContain('Access-Control-Allow-Credentials')
  expect(open).toContain('Access-Control-Allow-Private-Network')
  expect(open).not.toContain('*')
  expect(preflightAnswer(route(listing), preflight())?.fields).not.toContain('Access-Control-Allow-Credentials')
})

test.each([
  ['an origin that is not listed', { origins: ['https://other.example'] }, preflight()],
  ['a route without a list', {}, preflight()],
  ['no origin', listing, ['Access-Control-Request-Method', 'POST']],
  ['the origin null', listing, ['Origin', 'null', 'Access-Control-Request-Method', 'POST']],
  ['no method', listing, ['Origin', app]],
  ['a method that is none', listing, ['Origin', app, 'Access-Control-Request-Method', 'PO ST\r\nX: y']],
])('a preflight is not answered here: %s', (_, cors, fields) => {
  expect(preflightAnswer(route(cors), fields)).toBeNull()
})

test('field names that are none are not repeated', () => {
  const answer = preflightAnswer(route(listing), preflight('Access-Control-Request-Headers', 'ok, b ad, <script>, "q", \r\nX-Evil: 1'))
  expect(answer?.fields[answer.fields.indexOf('Access-Control-Allow-Headers') + 1]).toBe('ok')
})

test('the method of a preflight is the one that it asks about', () => {
  expect(preflightMethod('OPTIONS', preflight())).toBe('POST')
  expect(preflightMethod('GET', preflight())).toBeNull()
  expect(preflightMethod('OPTIONS', ['Origin', app])).toBeNull()
})

test('responses name the listed origin and say that they differ by origin', () => {
  expect(corsFields(route(listing), app)).toEqual(['Access-Control-Allow-Origin', app, 'Vary', 'Origin'])
  expect(corsFields(route({ origins: [app], credentials: true }), app)).toEqual([
    'Access-Control-Allow-Origin',
    app,
    'Access-Control-Allow-Credentials',
    'true',
    'Vary',
    'Origin',
  ])
  expect(corsFields(route(listing), undefined)).toEqual(['Vary', 'Origin'])
  expect(corsFields(route(listing), 'https://other.example')).toEqual(['Vary', 'Origin'])
  expect(corsFields(route({}), app)).toEqual([])
})
