/** The name of the one model that the demo upstream has. */
export const chatModel = 'sluice-demo'

/** What it answers, whatever is asked. */
export const chatText = `A sluice gate is a plate in a frame, set across a channel. Raise it and the water runs through as it comes; lower it and \
the water stands behind it and rises. Nothing is lost and nothing is added: the gate only decides when.

A miller keeps his gate low through the night. By morning the pond is full, and for an hour the wheel has more water than the brook \
could ever give it. That is what holding back is good for: many small trickles become one strong flow, and whoever is upstream has \
long been done with sending.

But a gate that is low at the wrong time is a dry bed downstream. The fields wait, though it has rained all day in the hills, and then \
everything comes at once. Standing in the field one cannot tell a dry sky from a closed gate. One has to walk up the channel and look \
at both sides of the plate: when did the water arrive here, and when did it leave?

Streams of events are like that. Each hop on the way may hold them back, with good reason or by an old habit, and from the far end a \
slow server and a closed gate look the same. So put a gauge on either side, raise the gate while the water runs, and watch.`

/** The answer in the pieces in which it is streamed: a word each, with the space before it. */
export function chatTokens(): readonly string[] {
  return chatText.match(/\s*\S+/g) ?? []
}
