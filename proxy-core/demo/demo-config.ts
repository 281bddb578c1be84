/** The config without a config file: the demo upstream behind two routes. */
export const demoConfig = `# Sluice: what it listens on, and which requests go to which upstream.
# An edit takes effect when this file is saved; open streams go on.
version: 1
listen: 127.0.0.1:9080

routes:
  # Server-sent events, one a second:
  #   curl -N http://127.0.0.1:9080/.sse -H "Accept: text/event-stream"
  - id: sse-echo
    name: SSE echo
    match:
      path: /.sse
    upstream: "demo:" # the upstream that is built in; or a URL such as http://127.0.0.1:8080
    buffering: off # off passes each chunk on as it comes; on holds them back; auto decides by the response

  # An answer in the way of OpenAI's chat completions, token by token when the request says "stream": true.
  - id: chat-demo
    name: Chat demo
    match:
      path: /v1/* # a * at the end matches every path that starts so
    upstream: "demo:"
    buffering: off
`
