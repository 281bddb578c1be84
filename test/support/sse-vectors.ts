/** One event as a browser would dispatch it; `lastEventId` is the one in force at that moment. */
export interface ExpectedEvent {
  readonly type?: string
  readonly data: string
  readonly lastEventId?: string
}

/** One stream of the web platform tests (`eventsource/`), as it is on the wire, and what must come of it. */
export interface SseVector {
  readonly name: string
  readonly wire: string
  readonly events: readonly ExpectedEvent[]
  /** The reconnection time after the stream, where the vector sets one. */
  readonly retryMs?: number
}

const bom = '\ufeff'
const filler = 'x'.repeat(2048)

/** The format vectors of the web platform tests; characters stand for their UTF-8 bytes. */
export const sseVectors: readonly SseVector[] = [
  { name: 'format-bom', wire: `${bom}data:1\n\n${bom}data:2\n\ndata:3\n\n\n`, events: [{ data: '1' }, { data: '3' }] },
  { name: 'format-bom-2', wire: `${bom}${bom}data:1\n\ndata:2\n\ndata:3\n\n\n`, events: [{ data: '2' }, { data: '3' }] },
  {
    name: 'format-comments',
    wire: `data:1\r:\0\n:\r\ndata:2\n:${filler}\rdata:3\n:data:fail\r:${filler}\ndata:4\n\n`,
    events: [{ data: '1\n2\n3\n4' }],
  },
  {
    name: 'format-data-before-final-empty-line',
    wire: 'retry:1000\ndata:test1\n\nid:test\ndata:test2\n',
    events: [{ data: 'test1', lastEventId: '' }],
    retryMs: 1000,
  },
  { name: 'format-field-data', wire: 'data:\n\ndata\ndata\n\ndata:test\n\n\n', events: [{ data: '' }, { data: '\n' }, { data: 'test' }] },
  {
    name: 'format-field-event',
    wire: 'event:test\ndata:x\n\ndata:x\n\n\n',
    events: [
      { type: 'test', data: 'x' },
      { type: 'message', data: 'x' },
    ],
  },
  { name: 'format-field-event-empty', wire: 'event: \ndata:data\n\n\n', events: [{ type: 'message', data: 'data' }] },
  {
    name: 'format-field-id',
    wire: 'id: …\nretry: 200\ndata: hello\n\n',
    events: [{ data: 'hello', lastEventId: '…' }],
    retryMs: 200,
  },
  {
    name: 'format-field-id-2',
    wire: 'id: …\nretry: 200\ndata: hello\n\ndata: …\n\n',
    events: [
      { data: 'hello', lastEventId: '…' },
      { data: '…', lastEventId: '…' },
    ],
    retryMs: 200,
  },
  {
    name: 'format-field-id-3 (a)',
    wire: 'id: 1\ndata: 1\n\ndata: 2\n\nid: 2\ndata:3\n\ndata:4\n\n',
    events: [
      { data: '1', lastEventId: '1' },
      { data: '2', lastEventId: '1' },
      { data: '3', lastEventId: '2' },
      { data: '4', lastEventId: '2' },
    ],
  },
  ...[
    ['b', 'id:\n'],
    ['c', 'id\n'],
  ].map(([part, line]): SseVector => ({
    name: `format-field-id-3 (${part})`,
    wire: `id: 1\ndata: 1\n\n${line}data:2\n\ndata:3\n\n`,
    events: [
      { data: '1', lastEventId: '1' },
      { data: '2', lastEventId: '' },
      { data: '3', lastEventId: '' },
    ],
  })),
  ...['\0\0', 'x\0', '\0x', 'x\0x', ' \0'].map((id): SseVector => ({
    name: `format-field-id-null (${JSON.stringify(id)})`,
    wire: `id: ${id}\nretry: 200\ndata: hello\n\n`,
    events: [{ data: 'hello', lastEventId: '' }],
    retryMs: 200,
  })),
  {
    name: 'format-field-parsing',
    wire: 'data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n',
    events: [{ data: '\0\n 2\n1\n3\n\n4' }],
  },
  { name: 'format-field-retry', wire: 'retry:03000\ndata:x\n\n\n', events: [{ data: 'x' }], retryMs: 3000 },
  { name: 'format-field-retry-bogus', wire: 'retry:3000\nretry:1000x\ndata:x\n\n\n', events: [{ data: 'x' }], retryMs: 3000 },
  { name: 'format-field-retry-empty', wire: 'retry\ndata:test\n\n\n', events: [{ data: 'test' }] },
  {
    name: 'format-field-unknown',
    wire: 'data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n\n',
    events: [{ data: 'test\n\ntest' }],
  },
  { name: 'format-leading-space', wire: 'data:\ttest\rdata: \ndata:test\n\n\n', events: [{ data: '\ttest\n\ntest' }] },
  { name: 'format-newlines', wire: 'data:test\r\ndata\ndata:test\r\n\r\n', events: [{ data: 'test\n\ntest' }] },
  { name: 'format-null-character', wire: 'data:\0\n\n\n\n\n', events: [{ data: '\0' }] },
  { name: 'format-utf-8', wire: 'data:ok…\n\n\n', events: [{ data: 'ok…' }] },
  {
    name: 'event-data',
    wire: 'data:msg\ndata: msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end\n\n',
    events: [{ data: 'msg\nmsg' }, { data: '' }, { data: 'end' }],
  },
]
